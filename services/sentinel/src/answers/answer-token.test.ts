import { randomBytes } from 'node:crypto'
import { DAY } from '@tgsentinel/kernel/time'
import { expiryOf, linkFrom, tokenOf, type AnswerLink } from './answer-token'

const KEY = randomBytes(32)
const LINK: AnswerLink = { alertId: 7, destinationId: 3, answer: 'not_wanted', expiresAtMs: 20_800 * DAY }

describe('the token of an answer', () => {
  it.each([
    ['the least', { ...LINK, alertId: 1, destinationId: 1, answer: 'wanted' as const }],
    ['the largest ids', { ...LINK, alertId: 2 ** 48 - 1, destinationId: 2 ** 48 - 1, answer: 'snooze' as const }],
  ])('says what it was made of: %s', (_what, link) => {
    const token = tokenOf(KEY, link)
    expect(token).toMatch(/^[\w-]{44}$/)
    expect(linkFrom(KEY, token)).toMatchObject(link)
  })

  it('is nothing once any bit of it is another, by another key, or written in another way', () => {
    const token = tokenOf(KEY, LINK)
    const bytes = Buffer.from(token, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(linkFrom(KEY, changed.toString('base64url'))).toBeUndefined()
    }
    expect(linkFrom(randomBytes(32), token)).toBeUndefined()
    for (const text of ['', token.slice(1), `${token}=`, ` ${token}`, `${token}A`, bytes.toString('base64'), '\u0000'])
      if (text !== token) expect(linkFrom(KEY, text)).toBeUndefined()
  })

  it('ends with the seventh day after the one on which it is sent, so that it is the same all day', () => {
    const day = Date.parse('2026-11-21T00:00:00Z')
    expect(expiryOf(day)).toBe(Date.parse('2026-11-29T00:00:00Z'))
    expect(expiryOf(day + DAY - 1)).toBe(expiryOf(day))
  })
})
