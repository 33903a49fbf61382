import { Conversation, usualCast } from '../support/conversation'
import type { ProfileDraft } from '../support/sentinel-api'
import { until } from '../support/until'

let talk: Conversation
let cast: Awaited<ReturnType<typeof usualCast>>

beforeAll(async () => {
  ;({ talk, cast } = await Conversation.open(usualCast))
})

beforeEach(async () => {
  const { api } = talk.sentinel
  for (const { id } of await api.profiles()) await api.deleteProfile(id)
})

afterAll(() => talk.close())

const profile = (draft: Partial<ProfileDraft>) => talk.sentinel.api.createProfile({ name: 'Talked about', ...draft })
const alertsOf = (chat: number, messageId: number) => talk.alertsOf(chat, messageId)

function react(chat: number, messageId: number, count: number, how: 'edit' | 'update' = 'update') {
  const reactions = [
    { emoticon: '👍', count: count - 1 },
    { emoticon: '🔥', count: 1 },
  ]
  return talk.stage.control.setReactions({ chat, messageId, reactions, how })
}

async function counted(chat: number, messageId: number, total: number): Promise<void> {
  await until(`${total} reactions`, async () => {
    const reactions = (await talk.sentinel.api.message(chat, messageId)).counts[0]?.reactions ?? {}
    return Object.values(reactions).reduce((sum, count) => sum + count, 0) === total
  })
  await talk.settled()
}

describe('reactions and answers that reach a number', () => {
  it.each(['edit', 'update'] as const)('raise one alert, late, however many follow: told by an %s', async (how) => {
    await profile({ thresholds: { reactions: 5 } })
    const chat = cast.supergroup
    const messageId = await talk.post({ chat, from: cast.mara, text: 'a photo of a cat' })
    await react(chat, messageId, 4, how)
    await counted(chat, messageId, 4)
    expect(await alertsOf(chat, messageId)).toEqual([])
    await react(chat, messageId, 6, how)
    const [alert] = await until('the alert', async () => {
      const alerts = await alertsOf(chat, messageId)
      return alerts.length > 0 && alerts
    })
    const reasons = [{ kind: 'threshold', label: 'reactions', count: 6, weight: 1 }]
    expect(alert).toMatchObject({ raised_by: 'counts', score: 1, reasons })
    await react(chat, messageId, 9, how)
    await counted(chat, messageId, 9)
    expect(await alertsOf(chat, messageId)).toHaveLength(1)
  })

  it('count with other rules towards the least score, and raise none where the words did', async () => {
    const keywords = { general: { words: ['launch'] } }
    await profile({ keywords, thresholds: { reactions: 3, weight: 2 }, min_score: 3 })
    await profile({ name: 'Words', keywords, thresholds: { reactions: 3 } })
    const chat = cast.group
    const messageId = await talk.post({ chat, from: cast.noor, text: 'launch' })
    expect((await alertsOf(chat, messageId)).map((alert) => alert.profile_name)).toEqual(['Words'])
    await react(chat, messageId, 3)
    await until('the other profile', async () => (await alertsOf(chat, messageId))[0]?.profiles.length === 2)
    expect(await alertsOf(chat, messageId)).toHaveLength(1)
    const plain = await talk.post({ chat, from: cast.noor, text: 'lunch' })
    await react(chat, plain, 3)
    await counted(chat, plain, 3)
    expect((await alertsOf(chat, plain)).map((alert) => alert.profile_name)).toEqual(['Words'])
  })

  it('are answers that are stored, or those that Telegram counts', async () => {
    await profile({ thresholds: { replies: 2 } })
    const question = await talk.post({ chat: cast.group, from: cast.mara, text: 'dinner where' })
    await talk.post({ chat: cast.group, from: cast.noor, text: 'home', replyTo: question })
    expect(await alertsOf(cast.group, question)).toEqual([])
    await talk.post({ chat: cast.group, from: cast.mara, text: 'fine', replyTo: question })
    const [alert] = await until('the alert', async () => {
      const alerts = await alertsOf(cast.group, question)
      return alerts.length > 0 && alerts
    })
    expect(alert?.reasons).toEqual([{ kind: 'threshold', label: 'replies', count: 2, weight: 1 }])
    const post = await talk.post({ chat: cast.channel, text: 'a post' })
    await talk.stage.control.setCounts({ chat: cast.channel, messageId: post, replies: 7 })
    await until('the other alert', async () => (await alertsOf(cast.channel, post))[0]?.reasons[0]?.count === 7)
  })

  it('are found by a backtest and a preview, as they are by now', async () => {
    const messageId = await talk.post({ chat: cast.supergroup, from: cast.mara, text: 'tried later' })
    await react(cast.supergroup, messageId, 50)
    await counted(cast.supergroup, messageId, 50)
    const draft = { name: 'Tried', thresholds: { reactions: 50 } }
    const { api } = talk.sentinel
    const preview = await api.request<{ data: { matched: number } }>('POST', '/api/profile-preview', { json: draft })
    expect(preview.body.data.matched).toBe(1)
    const started = await api.request<{ data: { id: number } }>('POST', '/api/backtests', { json: { profile: draft } })
    await until('the backtest', async () => {
      const reply = await api.request<{ data: { state: string; alerts: number } }>('GET', `/api/backtests/${started.body.data.id}`) // prettier-ignore
      return reply.body.data.state === 'done' && reply.body.data.alerts === 1
    })
  })
})
