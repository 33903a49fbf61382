import { DAY, MINUTE } from '@tgsentinel/kernel/time'
import { findingsOf } from '../alert-profiles'
import type { Alert, AlertProfile } from '../model'
import { alertsText, alertText } from './alert-text'
import { BotApiError, toBotApiError } from './bot-api-error'
import { cutTo } from '../cutting'
import { MAX_MESSAGE, pagesOf } from './pages'
import { setbackOf } from './setback'
import { Strangers } from './strangers'

const TOKEN = '123456:very-secret-token-of-a-bot'

const FINDING: AlertProfile = {
  id: 1,
  name: 'Security',
  score: 7.25,
  reasons: [
    { kind: 'keyword', label: 'cve', category: 'risk', weight: 4 },
    { kind: 'vip', label: 'Mara', weight: 2 },
    { kind: 'detector', label: 'one_time_code', weight: 1.25 },
  ],
  relevance: null,
  is_exploration: false,
  label: null,
  raised_by: 'post',
}

function alert(change: Partial<Alert> = {}, ...profiles: Partial<AlertProfile>[]): Alert {
  return {
    id: 1,
    ...findingsOf(
      [FINDING, ...profiles.map((profile) => ({ ...FINDING, ...profile }))].slice(-Math.max(1, profiles.length)),
    ),
    link: null,
    chat: { id: '-1001234567890', title: 'Team', kind: 'supergroup', username: null },
    sender: { id: '5', name: 'Mara', username: null },
    message_id: 77,
    topic_id: null,
    text: 'a text',
    medium: null,
    posted_at: '2026-01-01T00:00:00.000Z',
    created_at: '2026-01-01T00:00:00.000Z',
    read: false,
    starred: false,
    dismissed: false,
    copies: 0,
    copy_chats: 0,
    changes: [],
    snoozed_until: null,
    ...change,
  }
}

describe('an alert as the bot tells it', () => {
  it('names all profiles that it is for, and why each is', () => {
    const [first, second] = [{ id: 1 }, { id: 2, name: 'Outages', score: 2, reasons: FINDING.reasons.slice(1, 2) }]
    expect(alertText(alert({}, second, first), 'whole')).toBe(
      '[7.3] Security, Outages · Mara in Team\na text\n' +
        'Why: Security: “cve” (risk) +4, VIP Mara +2, one time code +1.3; Outages: VIP Mara +2\nhttps://t.me/c/1234567890/77',
    )
  })

  it('says score, profile, who, where, what, why, and links to the message', () => {
    expect(alertText(alert(), 'whole')).toBe(
      '[7.3] Security · Mara in Team\na text\nWhy: “cve” (risk) +4, VIP Mara +2, one time code +1.3\nhttps://t.me/c/1234567890/77',
    )
    expect(alertText(alert({}, { is_exploration: true }), 'whole')).toContain(
      '\nNot quite relevant enough: shown to learn from.',
    )
    const channel = { id: '-1005', title: 'News', kind: 'channel' as const, username: 'newswire' }
    expect(alertText(alert({ chat: channel, sender: { id: '-1005', name: 'News', username: null } }), 'whole')).toMatch(
      /^\[7\.3\] Security · News\n[^]*https:\/\/t\.me\/newswire\/77$/,
    )
    expect(
      alertText(alert({ chat: { id: '5', title: 'Mara', kind: 'private', username: 'mara' } }), 'whole'),
    ).not.toMatch(/t\.me/)
  })

  it('fits into one message at its longest, and so do ten brief ones', () => {
    const long = 'long '.repeat(2000)
    const chat = { id: '-1009999999999999', title: long, kind: 'supergroup' as const, username: 'x'.repeat(32) }
    const reasons = Array.from({ length: 90 }, () => ({
      kind: 'keyword' as const,
      label: long,
      category: long,
      weight: 9.99,
    }))
    const profiles = [1, 2, 3].map((id) => ({ id, name: long, reasons }))
    const longest = alert({ chat, text: long, sender: { id: '5', name: long, username: null } }, ...profiles)
    expect(alertText({ ...longest, message_id: 2 ** 31 - 1 }, 'whole').length).toBeLessThan(MAX_MESSAGE)
    expect(alertsText(Array(10).fill({ ...longest, message_id: 2 ** 31 - 1 }), 'brief').length).toBeLessThan(
      MAX_MESSAGE - 150,
    )
  })
})

describe('pages', () => {
  it('are cut at the ends of lines, lose no line, and tear no character', () => {
    const lines = Array.from({ length: 900 }, (_, n) => `line ${n}`)
    const pages = pagesOf(lines.join('\n'))
    expect(pages.every((page) => page.length <= MAX_MESSAGE && page.startsWith('line'))).toBe(true)
    expect(pages.join('\n')).toBe(lines.join('\n'))
    const faces = `a${'😀'.repeat(5000)}`
    expect(pagesOf(faces).join('')).toBe(faces)
    for (const page of pagesOf(faces)) expect(() => encodeURIComponent(page)).not.toThrow()
    expect(pagesOf(' \n ')).toEqual([])
  })

  it('and short forms say that something is left out', () => {
    expect(cutTo('abcdef', 6)).toBe('abcdef')
    expect(cutTo('abcdefg', 6)).toBe('abcde…')
    expect(cutTo('😀😀', 3)).toBe('😀…')
    expect(cutTo('abcd😀😀', 6)).toBe('abcd…')
  })
})

describe('an error of the Bot API', () => {
  it.each([
    [401, 'refused'],
    [404, 'refused'],
    [409, 'conflict'],
    [429, 'flood'],
    [403, 'forbidden'],
    [400, 'rejected'],
    [500, 'unreachable'],
    [502, 'unreachable'],
  ])('%i is %s', (code, type) => {
    const error = toBotApiError(
      { error_code: code, description: `about ${TOKEN}`, parameters: { retry_after: 7 } },
      TOKEN,
    )
    expect(error).toMatchObject({ type, retryAfterS: type === 'flood' ? 7 : 0, message: `${type}: about ***` })
  })

  it('never holds the token, whatever the network says', () => {
    const cause = Object.assign(new Error(`connect ECONNREFUSED https://x/bot${TOKEN}/getMe`), { code: 'ECONNREFUSED' })
    const inner = new TypeError(`fetch of https://x/bot${TOKEN}/getMe failed`, { cause })
    const error = toBotApiError(Object.assign(new Error('Network request failed'), { error: inner }), TOKEN)
    expect(error).toMatchObject({ type: 'unreachable', message: 'unreachable: ECONNREFUSED' })
    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack, cause: error.cause })).not.toContain(
      'secret',
    )
  })
})

describe('a setback', () => {
  const after = (type: BotApiError['type'], attempt = 0, retryAfterS = 0) =>
    setbackOf(new BotApiError(type, 'x', retryAfterS), attempt, 0.5)

  it('is a state with a sentence and a pause: as long as Telegram asks, ten minutes without a token, else doubling', () => {
    expect(after('flood', 9, 33)).toMatchObject({ state: 'waiting', pauseMs: 33_000 })
    expect(after('refused')).toMatchObject({ state: 'refused', pauseMs: 10 * MINUTE })
    expect(after('conflict')).toMatchObject({ state: 'waiting', message: expect.stringMatching(/Another program/) })
    expect([0, 1, 2, 20].map((attempt) => after('unreachable', attempt).pauseMs)).toEqual([750, 1500, 3000, 22_500])
    expect(setbackOf(new Error('a bug'), 0, 0.5).state).toBe('waiting')
  })
})

describe('strangers', () => {
  it('are told once a day a chat, and a thousand chats at most', () => {
    let nowMs = 0
    const strangers = new Strangers(() => nowMs)
    expect([strangers.mayTell(1), strangers.mayTell(1), strangers.mayTell(2)]).toEqual([true, false, true])
    nowMs = DAY - 1
    expect(strangers.mayTell(1)).toBe(false)
    nowMs = DAY
    expect(strangers.mayTell(1)).toBe(true)
    const told = Array.from({ length: 2000 }, (_, n) => strangers.mayTell(100 + n)).filter(Boolean)
    expect(told.length).toBe(999)
  })
})
