import { Conversation, usualCast } from '../support/conversation'
import type { Alert } from '../support/sentinel-api'

let talk: Conversation
let cast: Awaited<ReturnType<typeof usualCast>>
let first: number
let second: number

beforeAll(async () => {
  ;({ talk, cast } = await Conversation.open(usualCast))
  const { api } = talk.sentinel
  for (const { id } of await api.profiles()) await api.deleteProfile(id)
  first = (await api.createProfile({ name: 'First', keywords: { general: { words: ['alpha'] } } })).id
  second = (await api.createProfile({ name: 'Second', keywords: { risk: { words: ['beta'], weight: 4 } } })).id
})

afterAll(() => talk.close())

async function pages(limit: number, between: () => Promise<unknown> = async () => undefined): Promise<Alert[][]> {
  const all: Alert[][] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await talk.sentinel.api.alertPage({ limit, ...(cursor ? { cursor } : {}) })
    all.push(page.alerts)
    cursor = page.next_cursor
    await between()
  }
  return all
}

describe('the list of alerts', () => {
  it('is paged without loss or repeat, newest first, while new ones arrive', async () => {
    for (let n = 0; n < 23; n++)
      await talk.send({ chat: n % 2 ? cast.channel : cast.group, text: `alpha ${n}`, from: cast.mara })
    await talk.settled()
    const before = (await talk.sentinel.api.alerts()).map(({ id }) => id)
    const paged = await pages(5, () => talk.post({ chat: cast.channel, text: 'alpha meanwhile' }))
    expect(paged.map((page) => page.length)).toEqual([5, 5, 5, 5, 3])
    expect(paged.flat().map(({ id }) => id)).toEqual(before)
    expect(before).toEqual([...before].sort((a, b) => b - a))
    expect((await pages(28)).map((page) => page.length)).toEqual([28])
    expect((await pages(27)).map((page) => page.length)).toEqual([27, 1])
  })

  it('is filtered by profile, chat and least score, each alone and together', async () => {
    await talk.post({ chat: cast.supergroup, from: cast.noor, text: 'alpha and beta' })
    await talk.post({ chat: cast.mara, text: 'beta' })
    const { api } = talk.sentinel
    const names = async (query: Parameters<typeof api.alerts>[0]) =>
      (await api.alerts(query)).map(({ profiles }) => profiles.map(({ name }) => name).join())
    expect(await names({ profile: second })).toEqual(['Second', 'Second,First'])
    expect(new Set(await names({ profile: first }))).toEqual(new Set(['First', 'Second,First']))
    expect(await names({ chat: String(cast.supergroup) })).toEqual(['Second,First'])
    expect(await names({ chat: String(cast.supergroup), profile: second })).toEqual(['Second,First'])
    expect(await names({ min_score: 4 })).toEqual(['Second', 'Second,First'])
    expect(await names({ min_score: 4, profile: first })).toEqual([])
    expect(await names({ min_score: 4.1 })).toEqual([])
    expect(await names({ chat: '1', profile: first })).toEqual([])
  })

  it('is filtered by when alerts were created', async () => {
    const [newest, ...older] = await talk.sentinel.api.alerts({ limit: 3 })
    const since = newest?.created_at ?? ''
    const found = await talk.sentinel.api.alerts({ since })
    expect(found[0]?.id).toBe(newest?.id)
    expect(found.every(({ created_at: at }) => at >= since)).toBe(true)
    const all = await talk.sentinel.api.alerts({ since: '2020-01-01T00:00:00Z' })
    expect(all.map(({ id }) => id)).toEqual((await talk.sentinel.api.alerts()).map(({ id }) => id))
    expect(await talk.sentinel.api.alerts({ since: '2100-01-01T00:00:00+03:00' })).toEqual([])
    expect(older).toHaveLength(2)
  })

  const TEXTS = [
    'alpha Уязвимость в ядре',
    'alpha 100% sure',
    'alpha 100 sure',
    'alpha snake_case',
    'alpha snakeXcase',
    'alpha "quoted" text',
    "alpha it's O'Neil",
    'alpha back\\slash',
    'alpha AND beta* OR NEAR(x)',
    'alpha 日本語テスト',
    'alpha Ёлка',
  ]

  it.each([
    ['язвимо', ['alpha Уязвимость в ядре']],
    ['УЯЗВИМОСТЬ', ['alpha Уязвимость в ядре']],
    ['яд', ['alpha Уязвимость в ядре']],
    ['100%', ['alpha 100% sure']],
    ['0%', ['alpha 100% sure']],
    ['e_c', ['alpha snake_case']],
    ['_c', ['alpha snake_case']],
    ['"quoted"', ['alpha "quoted" text']],
    ['"q', ['alpha "quoted" text']],
    ["o'neil", ["alpha it's O'Neil"]],
    ['back\\slash', ['alpha back\\slash']],
    ['k\\', ['alpha back\\slash']],
    ['beta* OR NEAR(', ['alpha AND beta* OR NEAR(x)']],
    ['本語', ['alpha 日本語テスト']],
    ['日', ['alpha 日本語テスト']],
    ['語テスト', ['alpha 日本語テスト']],
    ['ёл', ['alpha Ёлка']],
    ['alpha Уязвимость в ядре', ['alpha Уязвимость в ядре']],
    ['nowhere at all', []],
  ])('is searched for "%s"', async (q, wanted) => {
    if (!(await talk.sentinel.api.alerts({ q: TEXTS.at(-1) ?? '' })).length) {
      for (const text of TEXTS) await talk.send({ chat: cast.channel, text })
      await talk.settled()
    }
    const found = await talk.sentinel.api.alerts({ q, profile: first })
    expect(found.map(({ text }) => text)).toEqual(wanted)
  })

  it('pages through what is searched for', async () => {
    const whole = await talk.sentinel.api.alerts({ q: 'alpha' })
    const page = await talk.sentinel.api.alertPage({ q: 'alpha', limit: 10 })
    const rest = await talk.sentinel.api.alertPage({ q: 'alpha', limit: 500, cursor: page.next_cursor ?? '' })
    expect([...page.alerts, ...rest.alerts].map(({ id }) => id)).toEqual(whole.map(({ id }) => id))
    expect(rest.next_cursor).toBeNull()
  })
})

describe('an alert', () => {
  it('is read, starred and dismissed, and each list and the count of unread ones follow', async () => {
    const { api } = talk.sentinel
    const id = (await talk.alertsFor({ chat: cast.channel, text: 'alpha to be read' }))[0]?.id ?? 0
    const unread = (await api.stats()).unread
    const isIn = async (state: 'unread' | 'read' | 'starred' | 'dismissed') =>
      (await api.alerts({ state })).some((alert) => alert.id === id)
    const states = async () => [
      await isIn('unread'),
      await isIn('read'),
      await isIn('starred'),
      await isIn('dismissed'),
    ]
    expect(await states()).toEqual([true, false, false, false])
    expect(await api.changeAlert(id, { read: true })).toMatchObject({ read: true, starred: false, dismissed: false })
    expect([await states(), (await api.stats()).unread]).toEqual([[false, true, false, false], unread - 1])
    await api.changeAlert(id, { read: true })
    expect((await api.stats()).unread).toBe(unread - 1)
    await api.changeAlert(id, { starred: true, dismissed: true })
    expect([await states(), (await api.stats()).unread]).toEqual([[false, true, true, true], unread - 1])
    await api.changeAlert(id, { read: false })
    expect((await api.stats()).unread).toBe(unread - 1)
    await api.changeAlert(id, { starred: false, dismissed: false })
    expect([await states(), (await api.stats()).unread]).toEqual([[true, false, false, false], unread])
    expect(await api.alert(id)).toMatchObject({ id, read: false, starred: false, dismissed: false })
  })

  it("outlives its profile, and keeps the profile's name", async () => {
    const { api } = talk.sentinel
    const { id } = await api.createProfile({ name: 'Short-lived', keywords: { general: { words: ['gamma'] } } })
    const alert = (await talk.alertsFor({ chat: cast.channel, text: 'gamma' }))[0]
    await api.deleteProfile(id)
    expect(await api.alert(alert?.id ?? 0)).toMatchObject({ profile_id: id, profile_name: 'Short-lived' })
    expect((await api.stats()).by_profile).toContainEqual({ profile_id: id, name: 'Short-lived', alerts: 1 })
  })
})

describe('the statistics', () => {
  it('count what was posted and raised, in total, by chat, by profile and by hour', async () => {
    const { api } = talk.sentinel
    const [stats, alerts] = [await api.stats(), await api.alerts()]
    const stored = talk.rows<{ chat_id: number; n: number }>(
      'SELECT chat_id, count(*) AS n FROM messages GROUP BY chat_id',
    )
    const raisedIn = (chat: number) => alerts.filter((alert) => alert.chat.id === String(chat)).length
    expect([stats.total_messages, stats.messages]).toEqual([talk.posted, talk.posted])
    expect([stats.total_alerts, stats.alerts, stats.unread]).toEqual([alerts.length, alerts.length, alerts.length])
    const byChat = stats.by_chat.map(({ chat_id: chat, messages, alerts: n }) => [chat, messages, n])
    const wanted = stored.map(({ chat_id: chat, n }) => [String(chat), n, raisedIn(chat)])
    expect(byChat.sort()).toEqual(wanted.sort())
    for (const { profile_id: id, alerts: n } of stats.by_profile) {
      expect(n).toBe(alerts.filter(({ profiles }) => profiles.some((profile) => profile.id === id)).length)
    }
    const sum = (field: 'messages' | 'alerts') => stats.series.reduce((all, step) => all + step[field], 0)
    expect([sum('messages'), sum('alerts')]).toEqual([stats.messages, stats.alerts])
    for (const { at } of stats.series) expect(at).toMatch(/T\d\d:00:00\.000Z$/)
  })

  it('are narrowed by chat, profile and time, and stepped by day', async () => {
    const { api } = talk.sentinel
    const inMara = await api.stats({ chat: String(cast.mara) })
    expect([inMara.messages, inMara.alerts, inMara.by_chat.map(({ title }) => title)]).toEqual([1, 1, ['Mara Lind']])
    const bySecond = await api.stats({ profile: second })
    expect([bySecond.messages, bySecond.by_profile.map(({ name }) => name)]).toEqual([talk.posted, ['Second']])
    const future = await api.stats({ since: '2100-01-01T00:00:00Z' })
    expect([future.messages, future.alerts, future.series, future.total_messages]).toEqual([0, 0, [], talk.posted])
    const date = Date.UTC(2026, 0, 15) / 1000
    for (const hour of [5, 20, 29]) await talk.post({ chat: cast.bot, text: 'long ago', date: date + hour * 3600 })
    const since = '2026-01-01T00:00:00Z'
    const byDay = await api.stats({ bucket: 'day', chat: String(cast.bot), since })
    expect(byDay.series).toEqual([
      { at: '2026-01-15T00:00:00.000Z', messages: 2, alerts: 0 },
      { at: '2026-01-16T00:00:00.000Z', messages: 1, alerts: 0 },
    ])
    expect((await api.stats({ chat: String(cast.bot), since })).series).toHaveLength(3)
  })
})
