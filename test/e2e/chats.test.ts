import type { components } from '../../openapi/generated/sentinel'
import { SignInStage } from '../support/sign-in-stage'
import { fetchAgain } from '../support/fetch-again'
import { until } from '../support/until'

type Schemas = components['schemas']
type Chats = Schemas['ChatsReply']['data']
type Failed = { code: string; message: string }
const PHONE = '+12025550143'

describe('chats of the account', () => {
  let stage: SignInStage
  let news: number
  let team: number
  let friend: number
  const channels: number[] = []

  beforeAll(async () => {
    stage = await SignInStage.open()
    const { control } = stage
    const account = await control.createAccount({ firstName: 'Alex', phone: PHONE })
    news = (await control.createChannel({ title: 'Новости дня', username: 'newsroom' })).chat
    team = (await control.createGroup({ title: 'Team' })).chat
    friend = (await control.createUser({ firstName: 'Mara', username: 'mara' })).id
    for (let number = 1; number <= 120; number++)
      channels.push((await control.createSupergroup({ title: `Group ${number}` })).chat)
    await control.postMessage({ chat: friend, account: account.id, text: 'hello' })
    for (const chat of [news, team, ...channels.slice(0, -3)]) await control.postMessage({ chat, text: 'first' })
    await control.addParticipants({ chat: channels[0] as number, count: 230 })
    await control.addParticipants({ chat: team, count: 3 })
    await control.setPhoto({ peer: news, dc: 2 })
    await control.setPhoto({ peer: friend, dc: 4 })
    await control.setDialog({ chat: channels[1] as number, folderId: 1 })
    await control.createFolder({ title: 'Work', include: [team], flags: ['broadcasts'] })
    await stage.signIn(PHONE)
    await until('the list of chats', async () => (await list()).read_at !== null)
  })

  afterAll(() => stage.close())

  const get = <T>(path: string, query: Record<string, string | number> = {}, headers: Record<string, string> = {}) =>
    stage.sentinel.api.request<{ data: T } & Failed>('GET', path, { query, headers })

  async function list(query: Record<string, string | number> = {}): Promise<Chats> {
    return (await get<Chats>('/api/telegram/chats', query)).body.data
  }

  async function callsOf(method: string): Promise<number> {
    return (await stage.control.calls()).calls.filter((call) => call.method === method).length
  }

  it('lists all of them by pages, in the order of Telegram, with age and folders', async () => {
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Chats = await list({ limit: 50, ...(cursor ? { cursor } : {}) })
      seen.push(...page.chats.map(({ id }) => id))
      cursor = page.next_cursor
    }
    const { total, age_s: age, folders, refresh_error: error } = await list({ limit: 1 })
    expect(seen).toHaveLength(total)
    expect(new Set(seen).size).toBe(total)
    expect(total).toBe(123)
    expect(age).toBeGreaterThanOrEqual(0)
    expect(error).toBeNull()
    expect(folders).toEqual([{ id: 2, title: 'Work', chats: 2 }])
    expect((await list({ folder: 2 })).chats.map(({ id }) => id).sort()).toEqual([String(news), String(team)].sort())
    const archived = (await list({ q: 'group 2', limit: 200 })).chats.find(({ id }) => id === String(channels[1]))
    expect(archived?.is_archived).toBe(true)
  })

  it('finds by name in any case and script, and by kind', async () => {
    expect((await list({ q: 'НОВОСТИ' })).chats.map(({ id }) => id)).toEqual([String(news)])
    expect((await list({ q: '@MARA' })).chats.map(({ id }) => id)).toEqual([String(friend)])
    expect((await list({ q: '%' })).chats).toEqual([])
    expect((await list({ kind: 'group' })).chats.map(({ title }) => title)).toEqual(['Team'])
    expect((await get('/api/telegram/chats', { cursor: 'nonsense' })).status).toBe(400)
  })

  it('is read anew on demand; a refresh that fails leaves the old list in force and says why', async () => {
    const added = (await stage.control.createChannel({ title: 'Brand new' })).chat
    await stage.control.failMethod({ method: 'messages.getDialogs', code: 500, type: 'INTERNAL', times: 1 })
    const failed = await stage.sentinel.api.request<Failed>('POST', '/api/telegram/chats/refresh')
    expect([failed.status, failed.body.code]).toEqual([502, 'TELEGRAM_REFUSED'])
    const old = await list({ limit: 200 })
    expect(old.total).toBe(123)
    expect(old.refresh_error).toContain('INTERNAL')
    const before = await callsOf('messages.getDialogFilters')
    const refresh = () => stage.sentinel.api.request<{ data: { chats: number } }>('POST', '/api/telegram/chats/refresh')
    const [one, two] = await Promise.all([refresh(), refresh()])
    expect([one?.body.data.chats, two?.body.data.chats]).toEqual([124, 124])
    expect(await callsOf('messages.getDialogFilters')).toBe(before + 1)
    expect((await list({ q: 'brand' })).chats.map(({ id }) => id)).toEqual([String(added)])
    expect((await list()).refresh_error).toBeNull()
  })

  it('tells the details of a channel, a group and a person', async () => {
    const details = async (id: number) => (await get<Schemas['ChatDetails']>(`/api/telegram/chats/${id}`)).body.data
    expect(await details(news)).toMatchObject({
      title: 'Новости дня',
      kind: 'channel',
      username: 'newsroom',
      has_photo: true,
      is_watched: true,
    })
    expect(await details(team)).toMatchObject({ title: 'Team', kind: 'group', members: expect.any(Number) as number })
    expect(await details(friend)).toMatchObject({ title: 'Mara', kind: 'private', username: 'mara' })
    const unknown = await get(`/api/telegram/chats/-1009999999999`)
    expect([unknown.status, unknown.body.code]).toEqual([404, 'NOT_FOUND'])
    await stage.control.setMember({ chat: channels[2] as number, member: false })
    const closed = await get(`/api/telegram/chats/${channels[2]}`)
    expect([closed.status, closed.body.code]).toEqual([403, 'CHAT_CLOSED'])
  })

  it('gives participants by pages until the end, and by name', async () => {
    type Page = Schemas['ParticipantsReply']['data']
    const path = `/api/telegram/chats/${channels[0]}/participants`
    const names = new Set<string>()
    let total = 0
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = (await get<Page>(path, { limit: 100, ...(cursor ? { cursor } : {}) })).body.data
      for (const { id } of page.participants) names.add(id)
      cursor = page.next_cursor
      total = page.total
    }
    expect(names.size).toBe(total)
    expect(total).toBeGreaterThanOrEqual(230)
    const found = (await get<Page>(path, { q: 'Person 77' })).body.data
    expect(found.participants.map(({ name }) => name)).toContain('Person 77')
    const small = (await get<Page>(`/api/telegram/chats/${team}/participants`, { limit: 2 })).body.data
    expect(small.participants).toHaveLength(2)
    expect(small.next_cursor).toBe('2')
    const people = (await get<Schemas['UsersReply']['data']>('/api/telegram/users', { q: 'person 77' })).body.data
    expect(people.users.map(({ name }) => name)).toContain('Person 77')
    await stage.control.failMethod({
      method: 'channels.getParticipants',
      code: 400,
      type: 'CHAT_ADMIN_REQUIRED',
      times: 1,
    })
    const refused = await get(path)
    expect([refused.status, refused.body.code]).toEqual([403, 'ADMIN_NEEDED'])
  })

  it('reads a photo once, at whatever data centre it lies, and answers 304 to who has it', async () => {
    for (const [id, calls] of [
      [news, 1],
      [friend, 1],
    ] as const) {
      await stage.control.clearCalls()
      const url = `${stage.sentinel.baseUrl}/api/telegram/chats/${id}/photo`
      const headers = { Authorization: `Bearer ${stage.sentinel.token}` }
      const first = await fetchAgain(url, { headers })
      expect([first.status, first.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
      expect(
        Buffer.from(await first.arrayBuffer())
          .subarray(0, 2)
          .toString('hex'),
      ).toBe('ffd8')
      expect((await fetchAgain(url, { headers })).status).toBe(200)
      const etag = `W/${first.headers.get('etag')}, "another"`
      const known = await fetchAgain(url, { headers: { ...headers, 'If-None-Match': etag } })
      expect([known.status, (await known.arrayBuffer()).byteLength]).toEqual([304, 0])
      expect(await callsOf('upload.getFile')).toBe(calls)
    }
    expect((await get(`/api/telegram/chats/${team}/photo`)).status).toBe(404)
  })

  it('gives the history by pages', async () => {
    for (let number = 1; number <= 7; number++) await stage.control.postMessage({ chat: news, text: `post ${number}` })
    type Page = Schemas['ChatMessagesReply']['data']
    const path = `/api/telegram/chats/${news}/messages`
    const first = (await get<Page>(path, { limit: 5 })).body.data
    expect(first.messages.map(({ text }) => text)).toEqual(['post 7', 'post 6', 'post 5', 'post 4', 'post 3'])
    const second = (await get<Page>(path, { limit: 5, before: first.next_before ?? 0 })).body.data
    expect(second.messages.map(({ text }) => text)).toEqual(['post 2', 'post 1', 'first'])
    expect(second.next_before).toBeNull()
  })

  it('watches all, those picked, or a folder, and takes nothing from the others', async () => {
    const put = (json: unknown) =>
      stage.sentinel.api.request<{ data: Schemas['WatchReply']['data'] } & Failed>('PUT', '/api/telegram/watch', {
        json,
      })
    const stored = async () => (await stage.sentinel.api.stats()).total_messages
    await put({ mode: 'picked', folders: [2], chats: [String(channels[5])], excluded: [String(team)] })
    expect((await list({ kind: 'channel', q: 'новости' })).chats[0]?.is_watched).toBe(true)
    const before = await stored()
    await stage.control.postMessage({ chat: channels[6] as number, text: 'not watched' })
    await stage.control.postMessage({ chat: team, text: 'excluded' })
    await stage.control.postMessage({ chat: news, text: 'by folder' })
    await stage.control.postMessage({ chat: channels[5] as number, text: 'picked' })
    await until('both messages', async () => (await stored()) === before + 2)
    await stage.sentinel.crash()
    await stage.start()
    const kept = (await get<Schemas['WatchReply']['data']>('/api/telegram/watch')).body.data
    expect(kept).toEqual({ mode: 'picked', folders: [2], chats: [String(channels[5])], excluded: [String(team)] })
    expect((await put({ mode: 'picked', chats: ['1'], excluded: ['1'] })).status).toBe(400)
    const strange = await put({ mode: 'picked', chats: ['-1009999999999'], folders: [77] })
    expect([strange.status, strange.body.message]).toEqual([
      400,
      'This account has no chat -1009999999999, folder 77. Refresh the list of chats, or leave it out.',
    ])
    expect((await put({ mode: 'picked', chats: [] })).status).toBe(200)
    expect((await stage.sentinel.api.status()).watch.problem).toMatch(/^Nothing is watched/)
    expect((await put({ mode: 'all' })).body.data.chats).toEqual([])
    expect((await stage.sentinel.api.status()).watch).toMatchObject({ mode: 'all', problem: null })
  })

  it('ends with the session: a call that meets a revoked one stops everything, and says what to do', async () => {
    const account = await stage.control.account({})
    await stage.control.failMethod({
      method: 'channels.getFullChannel',
      code: 401,
      type: 'SESSION_REVOKED',
      times: 1,
      account: account.id,
    })
    const ended = await get(`/api/telegram/chats/${news}`)
    expect([ended.status, ended.body.code]).toEqual([409, 'SESSION_ENDED'])
    await until('the state', async () => (await stage.sentinel.api.status()).state === 'session_revoked')
    await stage.control.clearCalls()
    const again = await get(`/api/telegram/chats/${news}`)
    expect([again.status, again.body.code]).toEqual([409, 'SESSION_ENDED'])
    expect((await stage.control.calls()).calls).toEqual([])
    await stage.sentinel.crash()
    await stage.start()
    await until('the connection', async () => (await stage.sentinel.api.status()).connected)
  })

  it('shows the list while Telegram is away, and says that what needs Telegram has to wait', async () => {
    const { total } = await until('the list to be read', async () => {
      const present = await list()
      return !present.is_refreshing && (present.age_s ?? 99) < 30 && present
    })
    await stage.control.stopListening()
    await stage.control.dropConnections()
    await until('the loss to be noticed', async () => !(await stage.sentinel.api.status()).connected)
    expect((await list()).total).toBe(total)
    const reply = await get(`/api/telegram/chats/${news}`)
    expect([reply.status, reply.body.code]).toEqual([503, 'TELEGRAM_UNREACHABLE'])
    await stage.control.startListening()
    await until('the connection', async () => (await stage.sentinel.api.status()).connected)
  })
})

describe('photos that lie at another data centre', () => {
  const PEOPLE = 16
  const people: number[] = []
  let stage: SignInStage
  let next = 0

  beforeAll(async () => {
    stage = await SignInStage.open()
    const { control } = stage
    const account = await control.createAccount({ firstName: 'Alex', phone: PHONE })
    for (let number = 1; number <= PEOPLE; number++) {
      const { id } = await control.createUser({ firstName: `Friend ${number}` })
      people.push(id)
      await control.postMessage({ chat: id, account: account.id, text: 'hello' })
      await control.setPhoto({ peer: id, dc: 4 })
    }
    await stage.signIn(PHONE)
    await listed()
  })

  afterAll(() => stage.close())

  afterEach(() => stage.control.clearTrouble())

  const listed = () =>
    until('the list of chats', async () => {
      const { body } = await stage.sentinel.api.request<{ data: Chats }>('GET', '/api/telegram/chats')
      return body.data.total >= PEOPLE && !body.data.is_refreshing && (await stage.sentinel.api.status()).connected
    })

  /** Of somebody whose photo was not asked for yet. */
  const stranger = () => people[next++] as number

  async function photoOf(id: number, signal?: AbortSignal): Promise<{ status: number; code?: string }> {
    const headers = { Authorization: `Bearer ${stage.sentinel.token}` }
    const url = `${stage.sentinel.baseUrl}/api/telegram/chats/${id}/photo`
    const reply = await fetchAgain(url, { headers, ...(signal ? { signal } : {}) })
    if (reply.status === 200) return { status: (await reply.arrayBuffer()).byteLength > 0 ? 200 : 0 }
    return { status: reply.status, code: ((await reply.json()) as Failed).code }
  }

  async function callsOf(method: string): Promise<number> {
    return (await stage.control.calls()).calls.filter((call) => call.method === method).length
  }

  it('come to those who still wait when the one who asked first has gone', async () => {
    await stage.control.delayMethod({ method: 'auth.exportAuthorization', delayMs: 1000 })
    const gone = new AbortController()
    const first = photoOf(stranger(), gone.signal).catch(() => 'gone')
    await until('the export', async () => (await callsOf('auth.exportAuthorization')) === 1)
    const second = photoOf(stranger())
    await until('the second call', async () => (await stage.sentinel.api.status()).queue.running !== null)
    gone.abort()
    expect(await Promise.all([first, second])).toEqual(['gone', { status: 200 }])
    expect(await callsOf('auth.exportAuthorization')).toBe(1)
  })

  it('are a failure with a code where Telegram gives no bytes', async () => {
    const id = stranger()
    const { photo } = stage.server.world.users.get(id) ?? {}
    if (photo) photo.jpeg = Buffer.alloc(0)
    expect(await photoOf(id)).toEqual({ status: 502, code: 'TELEGRAM_REFUSED' })
  })

  it('leave one connection each after a loss, and nothing that keeps the process from ending', async () => {
    expect(await photoOf(stranger())).toEqual({ status: 200 })
    const since = (await stage.sentinel.api.request<{ data: { connected_since: string } }>('GET', '/api/session')).body
      .data
    await stage.control.dropConnections()
    const strangers = Array.from({ length: 7 }, stranger)
    await until('another connection', async () => {
      const { body } = await stage.sentinel.api.request<{ data: typeof since }>('GET', '/api/session')
      return body.data.connected_since !== null && body.data.connected_since !== since.connected_since
    })
    const replies = await Promise.all(strangers.map((id) => photoOf(id)))
    expect(replies).toEqual(Array(7).fill({ status: 200 }))
    expect((await stage.control.state()).connections).toBe(2)
    expect((await stage.sentinel.stop()).code).toBe(0)
    await stage.start()
    await listed()
  })

  it.each(['auth.exportAuthorization', 'auth.importAuthorization'])('do not hold up the end: %s', async (method) => {
    await stage.control.clearCalls()
    await stage.control.delayMethod({ method, delayMs: 120_000 })
    const waiting = photoOf(stranger()).catch(() => 'gone')
    await until('the call', async () => (await callsOf(method)) === 1)
    expect((await stage.sentinel.stop()).code).toBe(0)
    await waiting
    await stage.control.clearTrouble()
    await stage.start()
    await listed()
  })
})
