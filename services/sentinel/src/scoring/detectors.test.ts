import { oneTimeCode } from './one-time-code'
import { asks } from './question'

describe('a one-time code', () => {
  it.each([
    ['【某站】验证码482133', '482133'],
    ['482133是您的验证码', '482133'],
    ['您的验证码是482133，5分钟内有效', '482133'],
    ['您的验证码为：482133。请勿泄露', '482133'],
    ['OTP-482133', '482133'],
    ['OTP:482133', '482133'],
    ['otp482133', '482133'],
    ['Код: ４８２１３', '48213'],
    ['код=4821', '4821'],
    ['G-482133 is your Google verification code', '482133'],
    ['Your login code: 48213. Do not share it.', '48213'],
    ['**48213** is your code', '48213'],
    ['Код подтверждения 123-456', '123-456'],
    ['Ваш код 482 133, никому', '482 133'],
    ['認証コード 992811', '992811'],
    ['認証コードは992811です', '992811'],
    ['[인증번호123456]입니다', '123456'],
    ['인증번호는 123456입니다', '123456'],
    ['رمز التحقق: ٤٨٢١٣٣', '482133'],
    ['کد تایید شما ۴۸۲۱۳۳', '482133'],
    ['קוד האימות שלך הוא 482133', '482133'],
    ['आपका ओटीपी ४८२१३३ है', '482133'],
    ['รหัส OTP ของคุณคือ482133', '482133'],
    ['Ο κωδικός σας: 482133', '482133'],
    ['Ihr Bestätigungscode: 482133', '482133'],
    ['Doğrulama kodunuz 482133', '482133'],
    ['Código: 2024', '2024'],
  ])('of %j is %s', (text, code) => {
    expect(oneTimeCode(text)).toBe(code)
  })

  it.each([
    'the code review of PR #48213',
    'error code in 2024-11-02',
    'error code 48213',
    'price 48213',
    'promo code 50% off, only 4999 руб',
    'the code of conduct of 2024',
    'code freeze on 12.11.2026',
    'for a code call +7 912 345-67-89',
    'code support: 8 800 555 3535',
    'the code is at https://example.org/482133',
    'code at example.org/a?id=482133',
    'the code costs $4821',
    'the code costs 4821 €',
    '优惠码：满4821元',
    '验证码服务2024年上线',
    'код 4821px',
    'code in CVE-2024',
    'code v1.4821',
    'code at 10:4821',
    'the code has 482133499911 lines',
  ])('is not in %j', (text) => {
    expect(oneTimeCode(text)).toBeNull()
  })
})

describe('a question', () => {
  it.each([
    'Is it up?',
    'Is it “up”?',
    'Is it (up?)',
    'Really?!',
    'Really?Yes',
    '你好吗？你在吗',
    '你好吗?你在吗',
    '今日は？',
    'τι κάνεις;',
    'τι κάνεις; Καλά',
    'τι κάνεις;',
    'هل أنت هنا؟نعم',
    'Ինչպե՞ս ես',
    'እንዴት ነህ፧',
    '¿Vienes',
    'Что?🔥',
    '**Где?**',
    'seen https://example.org/a ?',
    '?',
  ])('is %j', (text) => {
    expect(asks(text)).toBe(true)
  })

  it.each([
    'see https://example.org/?q=1',
    'see https://example.org/?Q=1',
    'see https://example.org/?имя=1',
    'example.org/a?Query',
    'page.php?Id=1',
    'colou?r',
    'first; second',
    'Ελλάδα και C; code in English',
    'no',
  ])('is not %j', (text) => {
    expect(asks(text)).toBe(false)
  })
})
