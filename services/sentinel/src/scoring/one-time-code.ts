import { foldedUnits, unitKind } from './fold'

const LONGEST_TEXT = 1000
/** So much of what stands beside a number is looked at. */
const BESIDE = 80
const LATIN =
  '\\p{L}*code|codes|otp|\\p{L}*passcode|pin|2fa|tan|verification|password|codigo|código|kod|kodu|kodunuz|codice|κωδικ\\p{L}{1,3}|mã|doğrulama'
const CYRILLIC = 'код\\p{L}{0,3}|пин|парол\\p{L}{1,3}|підтвердження'
const OTHERS =
  '验证码|驗證碼|校验码|校驗碼|动态码|動態碼|动态密码|確認碼|确认码|短信码|認証コード|確認コード|認証番号|暗証番号|パスコード|コード|인증|확인번호|비밀번호|رمز|كود|کد|קוד|कोड|ओटीपी|รหัส|კოდი|կոդ'
const CODE_WORD = new RegExp(`(?<!\\p{L})(?:${LATIN}|${CYRILLIC})(?!\\p{L})|${OTHERS}`, 'iu')
const ENDS_WITH_CODE_WORD = new RegExp(`(?:(?<!\\p{L})(?:${LATIN}|${CYRILLIC})|${OTHERS})[-_ ]?$`, 'iu')
/** Codes that nobody signs in with. */
const OTHER_CODES =
  /(?<!\p{L})(?:error|exit|status|http|promo|zip|postal|area|country|coupon|discount|voucher|qr|bar|source|dress|country|morse)[ -]?codes?(?!\p{L})|(?<!\p{L})код\p{L}{0,3} (?:ошибк\p{L}*|товара|города|страны|региона|предмета)|почтовый код|(?:错误|優惠|优惠|邮政|郵政|区|條|条)(?:代)?[码碼]/giu

const NUMBER = /\d{3}[ -]\d{3}(?!\d)|\d{4,8}/gu
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\u30fc'
const SPACED_LETTER_BEFORE = new RegExp(`(?:(?![${UNSPACED}])[\\p{L}\\p{M}])$`, 'u')
const SPACED_LETTER_AFTER = new RegExp(`^(?![${UNSPACED}])[\\p{L}\\p{M}]`, 'u')
const PRICE_BEFORE = /[\p{Sc}#№@] ?$|\p{Sc}$/u
const PRICE_AFTER =
  /^ ?(?:[\p{Sc}%°]|(?:руб|р\.|грн|тг|usd|eur|gbp|usdt|btc|kr|zł|tl|km|kg|mb|gb|km\/h)(?!\p{L}))|^ ?[年月日元円圆圓块塊원号號人个個件台点點倍]/iu
/** A group of a phone number, a date, a time, a version, an address. */
const GROUP_BEFORE = /\d[\s().:/,_-]{1,2}$|[+/.&?]$/u
const GROUP_AFTER = /^[.,:/_-]\p{N}|^[-/_]\p{L}|^:\/\/|^[ -]?\(?\d{2,}[ -]\d|^\)[ -]?\d/u
const ADDRESS_BEFORE = /(?:\/|www\.|@|[?&]\S*=)\S*$/u
const NEVER_BEFORE = [/\d$/, PRICE_BEFORE, GROUP_BEFORE, ADDRESS_BEFORE]
const NEVER_AFTER = [/^\d/, SPACED_LETTER_AFTER, PRICE_AFTER, GROUP_AFTER]
const YEAR = /^(?:19|20)\d\d$/
const SAID_BEFORE = /(?:[:=]|是|为|為|は|is|—|–|->|→) ?$/iu

/** The code that a message carries for signing in or confirming, in digits of ASCII; null where there is none. Pure. */
export function oneTimeCode(whole: string): string | null {
  if (whole.length > LONGEST_TEXT || !/\p{Nd}/u.test(whole) || !CODE_WORD.test(whole)) return null
  const text = withPlainDigits(whole)
  if (!CODE_WORD.test(text.replace(OTHER_CODES, ' '))) return null
  for (const match of text.matchAll(NUMBER)) {
    const end = match.index + match[0].length
    const before = text.slice(Math.max(0, match.index - BESIDE), match.index)
    if (mayBeCode(match[0], before, text.slice(end, end + BESIDE))) return match[0]
  }
  return null
}

function mayBeCode(number: string, before: string, after: string): boolean {
  if (NEVER_BEFORE.some((sign) => sign.test(before)) || NEVER_AFTER.some((sign) => sign.test(after))) return false
  if (SPACED_LETTER_BEFORE.test(before) && !ENDS_WITH_CODE_WORD.test(before)) return false
  if (number.includes(' ') && /^[ -]\d{2,}/.test(after)) return false
  if (before.endsWith('-') && !mayStandBeforeHyphen(before)) return false
  return !YEAR.test(number) || SAID_BEFORE.test(before)
}

/** OTP-482133, G-482133. */
function mayStandBeforeHyphen(before: string): boolean {
  return ENDS_WITH_CODE_WORD.test(before) || /(?:^|[^\p{L}\p{N}])\p{Lu}{1,2}-$/u.test(before)
}

/** Digits of all scripts and full-width signs as those of ASCII; as long as before. */
function withPlainDigits(text: string): string {
  return text.replace(/[^\x00-\x7f]/gu, (char) => {
    if (char.length > 1) return char
    const unit = char.charCodeAt(0)
    unitKind(unit)
    if (/\p{Nd}/u.test(char)) return String.fromCharCode(foldedUnits[unit] as number)
    return unit >= 0xff01 && unit <= 0xff0f && char !== '，' ? String.fromCharCode(unit - 0xfee0) : wide(char)
  })
}

function wide(char: string): string {
  if (char === '：') return ':'
  return /\p{Zs}/u.test(char) ? ' ' : char
}
