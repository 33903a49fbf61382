import { readSentCode, sentCodeMessage } from './sent-code'

describe('a code that Telegram announces', () => {
  it('is none before the account has an e-mail address', () => {
    const type = { className: 'auth.SentCodeTypeSetUpEmailRequired' }
    const sent = readSentCode({ phoneCodeHash: 'x', type, nextType: null, timeout: null }, 0)
    expect(sent.type).toBe('email_setup')
    expect(sentCodeMessage(sent)).not.toMatch(/has sent|Enter it/)
    expect(sentCodeMessage(sent)).toContain('an e-mail address for signing in')
  })

  it('came to an e-mail address', () => {
    const type = { className: 'auth.SentCodeTypeEmailCode', emailPattern: 'a***@e***.org', length: 6 }
    const sent = readSentCode({ phoneCodeHash: 'x', type, nextType: null, timeout: null }, 0)
    expect(sentCodeMessage(sent)).toBe('Telegram has sent a code to your e-mail address (a***@e***.org). Enter it.')
  })
})
