import { asProfile } from '../../profiles/as-profile'
import { Background } from '../interest/background'
import { MessageFlag, type Profile } from '../../model'
import type { StoredMessage } from '../../store/messages'
import { Scorer } from '../scoring'

const PROFILE = asProfile({ name: 'Test' })

const MESSAGE: StoredMessage = {
  row: 1,
  chatId: -1_000_000_000_042,
  messageId: 7,
  topicId: null,
  senderId: 5,
  date: 0,
  text: '',
  flags: 0,
  replyToId: null,
  media: null,
  groupedId: null,
  chatKind: 'supergroup',
  chatUsername: 'devchat',
  senderUsername: 'Ada',
}

function withQuery(query: string, changes: Partial<Profile> = {}): Profile {
  return { ...PROFILE, queries: [{ query }], ...changes }
}

/** What of the text was found; null: the query does not match. */
function found(query: string, text: string, changes: Partial<StoredMessage> = {}): string[] | null {
  const scorer = new Scorer([withQuery(query)], [], {
    background: new Background(),
    languageOf: (whole) => (/[а-я]/.test(whole) ? 'ru' : 'en'),
  })
  const [match] = scorer.score({ ...MESSAGE, text, ...changes })
  return match?.reasons[0]?.matches?.map(({ offset, length }) => text.slice(offset, offset + length)) ?? null
}

describe('a query', () => {
  it.each([
    ['leak', 'two leaks', ['leaks']],
    ['=leak', 'two leaks', null],
    ['=leak', 'a Leak', ['Leak']],
    ['leak data', 'data leaks', ['data', 'leaks']],
    ['leak data', 'a leak', null],
    ['leak OR data', 'a leak', ['leak']],
    ['leak -test', 'a leak', ['leak']],
    ['leak -test', 'a leak in tests', null],
    ['leak -(test OR drill)', 'a leak, drill', null],
    ['"data breach"', 'two data breaches', ['data breaches']],
    ['="data breach"', 'two data breaches', null],
    ['"data breach"', 'data. breach', null],
    ['vulnerab*', 'so vulnerable', ['vulnerable']],
    ['vulnerab*', 'invulnerable', null],
    ['zero-da*', 'a zero-day', ['zero-day']],
    ['leak NEAR/3 data', 'leak of the data', ['leak', 'data']],
    ['leak NEAR/3 data', 'data that will leak', ['data', 'leak']],
    ['leak NEAR/3 data', 'leak of all the data', null],
    ['"data base" NEAR/1 leak', 'data base leaks', ['data base', 'leaks']],
    ['re:/CVE-\\d{4}-\\d+/', '🔥 CVE-2024-3094 and cve-2024-1', ['CVE-2024-3094']],
    ['re:/cve-\\d{4}-\\d+/i leak', 'leak: CVE-2024-3094', ['leak', 'CVE-2024-3094']],
    ['re:/cve/', `${' '.repeat(4096)}cve`, null],
    ['leak lang:ru', 'leak', null],
    ['утечка lang:ru', 'об утечках', ['утечках']],
    ['NOT NOT leak', 'leaks', []],
    ['a OR b', 'b a a', ['b', 'a', 'a']],
    ['aa', 'aa '.repeat(50), Array(20).fill('aa')],
    ['aa NEAR/100 bb', 'aa bb '.repeat(50), expect.any(Array)],
  ])('%s in %j', (query, text, spans) => {
    expect(found(query, text)).toEqual(spans)
  })

  it.each([
    ['from:@ada x1', {}, true],
    ['from:5', {}, true],
    ['from:@bob', {}, false],
    ['in:@DevChat', {}, true],
    ['in:-1000000000042', {}, true],
    ['in:@other', {}, false],
    ['has:link', { flags: MessageFlag.link }, true],
    ['has:link', {}, false],
    ['has:code', { flags: MessageFlag.code }, true],
    ['has:media', { flags: MessageFlag.media }, true],
    ['has:document', { media: 'document' }, true],
    ['has:poll', { media: 'poll' }, true],
    ['has:mention', { flags: MessageFlag.namesMe }, true],
    ['has:forward', { flags: MessageFlag.forwarded }, true],
    ['has:question', { text: 'x1?' }, true],
    ['has:one_time_code', { text: 'code: 48213' }, true],
    ['-x1 in:@devchat', {}, false],
  ])('%s of %j', (query, changes, matches) => {
    expect(found(query, 'x1', changes) !== null).toBe(matches)
  })

  it('adds its weight once, under its own name', () => {
    const queries = [{ query: 'leak OR breach', weight: 3 }, { query: 'nothing' }]
    const [match] = new Scorer([{ ...PROFILE, queries }]).score({ ...MESSAGE, text: 'leak leak breach' })
    expect(match?.score).toBe(3)
    expect(match?.reasons.map(({ kind, label }) => [kind, label])).toEqual([['query', 'leak OR breach']])
  })

  it('obeys the scope and the least score of its profile', () => {
    const text = 'leak'
    expect(new Scorer([withQuery('leak', { scope: { chats: ['@other'] } })]).score({ ...MESSAGE, text })).toEqual([])
    expect(new Scorer([withQuery('leak', { min_score: 2 })]).score({ ...MESSAGE, text })).toEqual([])
  })

  it('that no longer can be read keeps no other from matching', () => {
    const queries = [{ query: '(((' }, { query: 'leak' }]
    expect(new Scorer([{ ...PROFILE, queries }]).score({ ...MESSAGE, text: 'leak' })).toHaveLength(1)
  })

  it('comes back from a hostile pattern, which an engine that goes back over the text does not', () => {
    expect(found('re:/(a+)+$/', `${'a'.repeat(4000)}!`)).toBeNull()
  })
})
