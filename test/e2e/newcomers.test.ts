import type { components } from '../../openapi/generated/sentinel'
import { Conversation, usualCast } from '../support/conversation'
import { EventsClient } from '../support/events-client'
import { SentinelProcess } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { until } from '../support/until'

type Chats = components['schemas']['ChatsReply']['data']

describe('a chat that writes for the first time', () => {
  let talk: Conversation

  beforeAll(async () => {
    ;({ talk } = await Conversation.open(usualCast))
  })

  afterAll(() => talk.close())

  const request = <T>(method: 'GET' | 'PUT', path: string, json?: unknown) =>
    talk.sentinel.api.request<{ data: T }>(method, path, json === undefined ? {} : { json })

  async function list(): Promise<Chats> {
    return (await request<Chats>('GET', '/api/telegram/chats')).body.data
  }

  async function watch(rules: unknown): Promise<void> {
    expect((await request('PUT', '/api/telegram/watch', rules)).status).toBe(200)
  }

  it('is the first of the list at once, told on the stream of events, and can be switched off', async () => {
    const before = await until('the list', async () => ((await list()).read_at ? list() : null))
    const events = await EventsClient.open(talk.sentinel)
    const { id } = await talk.stage.control.createUser({ firstName: 'Zoe', username: 'zoe' })
    const message = await talk.post({ chat: id, text: 'the first that I write' })
    const { chats, total } = await list()
    expect(total).toBe(before.total + 1)
    expect(chats[0]).toMatchObject({
      ...{ id: String(id), title: 'Zoe', kind: 'private', username: 'zoe' },
      ...{ unread: 1, last_message_id: message, is_watched: true },
    })
    await until('the page to be told', () => events.ofType('chats').length > 0)
    events.close()
    await watch({ mode: 'all', excluded: [String(id)] })
    expect((await list()).chats[0]).toMatchObject({ id: String(id), is_watched: false })
    await talk.stage.control.postMessage({ chat: id, text: 'and another' })
    const mara = (await list()).chats.find(({ username }) => username === 'mara')
    await talk.post({ chat: Number(mara?.id), text: 'a mark' })
    expect(talk.rows('SELECT 1 FROM messages WHERE chat_id = ?', id)).toHaveLength(1)
  })

  it('is listed where only some are watched, so that it can be picked', async () => {
    await watch({ mode: 'picked', chats: [] })
    const { chat } = await talk.stage.control.createSupergroup({ title: 'Unheard of' })
    await talk.stage.control.postMessage({ chat, text: 'hello' })
    const listed = await until('the chat', async () => (await list()).chats.find(({ id }) => id === String(chat)))
    expect(listed).toMatchObject({ title: 'Unheard of', is_watched: false })
    await watch({ mode: 'all' })
  })

  it('stays in a list that was asked for before it wrote', async () => {
    await talk.stage.control.delayMethod({ method: 'messages.getDialogFilters', delayMs: 1500 })
    const refreshed = talk.sentinel.api.request('POST', '/api/telegram/chats/refresh')
    await until(
      'the reading',
      async () => (await talk.sentinel.api.status()).queue.running === 'messages.getDialogFilters',
    )
    const { id } = await talk.stage.control.createUser({ firstName: 'Yan' })
    await talk.post({ chat: id, text: 'in the middle' })
    expect((await refreshed).status).toBe(200)
    expect((await list()).chats[0]?.title).toBe('Yan')
  })

  it('has its list read again by itself where Telegram could not give it', async () => {
    const { chat } = await talk.stage.control.createSupergroup({ title: 'Silent' })
    await talk.stage.control.postMessage({ chat, text: 'nobody is told', push: 'none' })
    await talk.stage.control.failMethod({ method: 'messages.getDialogs', code: 500, type: 'RPC_CALL_FAIL', times: 1 })
    await talk.stage.control.dropConnections()
    await until('the failure', async () => (await list()).refresh_error !== null)
    await until('the list', async () => (await list()).chats.some(({ title }) => title === 'Silent'))
  })
})

describe('the first list', () => {
  it('has who wrote while it was being read', async () => {
    const stage = await TelegramStage.open()
    const { id: mara } = await stage.control.createUser({ firstName: 'Mara' })
    await stage.control.postMessage({ chat: mara, text: 'welcome', push: 'none' })
    await stage.control.delayMethod({ method: 'messages.getDialogFilters', delayMs: 1500 })
    const sentinel = await SentinelProcess.start({ env: stage.env })
    try {
      await sentinel.api.importSession(await stage.sessionBytes())
      await until(
        'the reading',
        async () => (await sentinel.api.status()).queue.running === 'messages.getDialogFilters',
      )
      const { id } = await stage.control.createUser({ firstName: 'Zoe' })
      await stage.control.postMessage({ chat: id, text: 'in the middle' })
      const list = await until('the list', async () => {
        const { body } = await sentinel.api.request<{ data: Chats }>('GET', '/api/telegram/chats')
        return body.data.read_at !== null && body.data
      })
      expect(list.chats.map(({ title }) => title)).toEqual(['Zoe', 'Mara'])
    } finally {
      await sentinel.stop()
      await stage.close()
    }
  })
})
