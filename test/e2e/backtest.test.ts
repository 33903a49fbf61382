import type { components } from '../../openapi/generated/sentinel'
import { Conversation, usualCast } from '../support/conversation'
import { EventsClient } from '../support/events-client'
import { until } from '../support/until'

type Backtest = components['schemas']['Backtest']
type BacktestDraft = components['schemas']['BacktestDraft']

const DAY_S = 86_400
const wordsOf = (...words: string[]) => ({ name: 'Tried', keywords: { general: { words } } })

describe('the time machine', () => {
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>

  beforeAll(async () => {
    ;({ talk, cast } = await Conversation.open(usualCast))
    for (const text of ['a kestrel', 'an osprey', 'an osprey and a kestrel', 'nothing of note'])
      await talk.post({ chat: cast.channel, text })
  })

  afterAll(() => talk.close())

  async function ask(method: string, path: string, json?: BacktestDraft) {
    return talk.sentinel.api.request<{ data: Backtest; code?: string }>(method, path, json ? { json } : {})
  }

  async function finished(draft: BacktestDraft): Promise<Backtest> {
    const { id } = (await ask('POST', '/api/backtests', draft)).body.data
    let last: Backtest | undefined
    await until('the backtest', async () => {
      last = (await ask('GET', `/api/backtests/${id}`)).body.data
      return last.state !== 'running'
    })
    return last as Backtest
  }

  it('says what a changed profile would raise and no longer raise, and writes nothing', async () => {
    const saved = await talk.sentinel.api.createProfile(wordsOf('kestrel'))
    const before = await talk.sentinel.api.stats()
    const run = await finished({ profile: wordsOf('osprey'), compare_to: saved.id, days: 1 })
    expect(run).toMatchObject({ state: 'done', days: 1, alerts: 2, alerts_now: 2, added: 1, removed: 1 })
    expect(run.scanned).toBe(run.to_scan)
    expect(run.added_examples.map(({ text }) => text)).toEqual(['an osprey'])
    expect(run.removed_examples.map(({ text }) => text)).toEqual(['a kestrel'])
    expect(run.added_examples[0]).toMatchObject({ chat: { username: 'newswire' }, reasons: [{ label: 'osprey' }] })
    expect(run.by_day.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(2)
    expect((await talk.sentinel.api.stats()).total_alerts).toBe(before.total_alerts)
  })

  it('raises what was raised: stories, albums and all', async () => {
    const { api } = talk.sentinel
    const rules = { name: 'Gateway', keywords: { general: { words: ['gateway'] } } }
    const { id } = await api.createProfile(rules)
    const story = 'The payment gateway is out since nine in the morning, cards are declined in all shops of the city'
    await talk.post({ chat: cast.channel, text: story })
    await talk.post({ chat: cast.supergroup, text: `Heard this? ${story}` })
    const part = { chat: cast.channel, media: { kind: 'photo' as const }, groupedId: 815 }
    await talk.post({ ...part, text: 'the gateway, a picture' })
    await talk.post({ ...part, text: 'the gateway, another' })
    await talk.post({ chat: cast.mara, text: story })
    const raised = await api.alerts({ profile: id })
    expect(raised).toHaveLength(3)
    const run = await finished({ profile: rules, compare_to: id, days: 1 })
    expect(run).toMatchObject({ alerts: 3, alerts_now: 3, added: 0, removed: 0 })
    expect(run.stored_days).toBeLessThan(1)
    const preview = await api.request<{ data: { matched: number; repeated: number } }>(
      'POST',
      `/api/profile-preview?profile=${id}`,
      { json: rules },
    )
    expect(preview.body.data).toMatchObject({ matched: 3, repeated: 2 })
    await api.deleteProfile(id)
  })

  it('looks no further back than it is asked to', async () => {
    await talk.post({ chat: cast.channel, text: 'an old osprey', date: Math.floor(Date.now() / 1000) - 5 * DAY_S })
    expect((await finished({ profile: wordsOf('osprey'), days: 30 })).alerts).toBe(3)
    expect((await finished({ profile: wordsOf('osprey'), days: 1 })).alerts).toBe(2)
  })

  it('tells on the stream how far it is, and its end', async () => {
    const events = await EventsClient.open(talk.sentinel)
    const { id } = (await ask('POST', '/api/backtests', { profile: wordsOf('osprey') })).body.data
    const isEnd = (told: Pick<Backtest, 'id' | 'state'>) => told.id === id && told.state === 'done'
    await until('the end', () => events.ofType<Backtest>('backtest').some(isEnd))
    events.close()
  })

  it('keeps the last one only, and refuses a query that cannot be read', async () => {
    const first = await finished({ profile: wordsOf('osprey') })
    await finished({ profile: wordsOf('osprey') })
    expect((await ask('GET', `/api/backtests/${first.id}`)).status).toBe(404)
    const wrong = await ask('POST', '/api/backtests', { profile: { ...wordsOf('x'), queries: [{ query: '(open' }] } })
    expect([wrong.status, wrong.body.code]).toEqual([400, 'INVALID_QUERY'])
  })
})
