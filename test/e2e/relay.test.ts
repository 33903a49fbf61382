import type { components } from '../../openapi/generated/sentinel'
import { SignInStage } from '../support/sign-in-stage'

type Relayed = components['schemas']['RelayReply']['data'] & { code?: string }
const PHONE = '+12025550143'

describe('the relay', () => {
  let stage: SignInStage
  let father: number
  let group: number
  let other: number

  beforeAll(async () => {
    stage = await SignInStage.open({ TG_SEND_ALLOW: '@BotFather, -1001000000001' })
    const { control } = stage
    await control.createAccount({ firstName: 'Alex', phone: PHONE })
    father = (await control.createUser({ firstName: 'BotFather', username: 'BotFather', isBot: true })).id
    other = (await control.createUser({ firstName: 'Other', username: 'other_bot', isBot: true })).id
    group = (await control.createSupergroup({ title: 'Allowed' })).chat
    await control.setBotReplies({
      bot: father,
      replies: [
        { match: '/three', texts: ['one', 'two', 'three'], delayMs: 20 },
        { match: '/never', texts: [] },
        { texts: ['Alright.'] },
      ],
    })
    await stage.signIn(PHONE)
  })

  afterAll(() => stage.close())

  async function relay(json: Record<string, unknown>) {
    const { status, body } = await stage.sentinel.api.request<{ data: Relayed; code: string }>(
      'POST',
      '/api/telegram/relay',
      { json },
    )
    return { status, code: body.code, ...body.data }
  }

  async function sentCalls(): Promise<number> {
    return (await stage.control.calls()).calls.filter(({ method }) => method === 'messages.sendMessage').length
  }

  it('sends to an allowed chat and reads the replies that follow', async () => {
    const one = await relay({ chat: '@BotFather', text: '/start' })
    expect(one).toMatchObject({ status: 200, is_complete: true, sent: { chat_id: String(father) } })
    expect(one.replies.map(({ text }) => text)).toEqual(['Alright.'])
    const three = await relay({ chat: '@botfather', text: '/three', limit: 3 })
    expect(three.replies.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  })

  it('gives what came when the time is up', async () => {
    const none = await relay({ chat: '@BotFather', text: '/never', timeout_s: 0.3 })
    expect(none).toMatchObject({ status: 200, is_complete: false, replies: [] })
    const some = await relay({ chat: '@BotFather', text: '/three', limit: 10, timeout_s: 1 })
    expect(some).toMatchObject({ is_complete: false })
    expect(some.replies).toHaveLength(3)
    expect(await relay({ chat: '@BotFather', text: 'only sent', limit: 0 })).toMatchObject({
      is_complete: true,
      replies: [],
    })
  })

  it('finds replies whose push was lost in the history', async () => {
    await stage.control.losePushes({ count: 10 })
    const found = await relay({ chat: '@BotFather', text: '/three', limit: 3, timeout_s: 1 })
    await stage.control.clearTrouble()
    expect(found.replies.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
  })

  it('refuses any other chat before it reaches Telegram', async () => {
    await stage.control.clearCalls()
    for (const chat of ['@other_bot', '@stranger', String(other), String(group), '-1001000009999'])
      expect(await relay({ chat, text: 'hello' })).toMatchObject({ status: 403, code: 'SEND_NOT_ALLOWED' })
    expect((await stage.control.calls()).calls.map(({ method }) => method)).toEqual([])
  })

  it('writes to Saved Messages, and sends a test message there', async () => {
    const account = await stage.control.account({})
    expect(await relay({ chat: 'me', text: 'a note', limit: 0 })).toMatchObject({
      status: 200,
      sent: { chat_id: String(account.id) },
    })
    const test = await stage.sentinel.api.request<{ data: { chat_id: string } }>('POST', '/api/telegram/test-message', {
      json: {},
    })
    expect(test.body.data.chat_id).toBe(String(account.id))
  })

  it('serializes: each exchange hears its own replies, one call at a time', async () => {
    await stage.control.setBotReplies({
      bot: father,
      replies: [1, 2, 3, 4].map((number) => ({ match: `ask ${number}`, texts: [`answer ${number}`], delayMs: 30 })),
    })
    const all = await Promise.all([1, 2, 3, 4].map((number) => relay({ chat: '@BotFather', text: `ask ${number}` })))
    expect(all.map(({ replies }) => replies.map(({ text }) => text))).toEqual([
      ['answer 1'],
      ['answer 2'],
      ['answer 3'],
      ['answer 4'],
    ])
    expect((await stage.control.callOrder()).overlappingPairs).toBe(0)
  })

  it('tells of a slow mode, and of a flood, with the wait', async () => {
    const before = await sentCalls()
    await stage.control.floodWait({ method: 'messages.sendMessage', seconds: 90, times: 1 })
    const flooded = await relay({ chat: '@BotFather', text: 'too much' })
    expect(flooded).toMatchObject({ status: 429, code: 'FLOOD_WAIT' })
    expect(await relay({ chat: '@BotFather', text: 'again' })).toMatchObject({ status: 429, code: 'FLOOD_WAIT' })
    expect(await sentCalls()).toBe(before + 1)
  })
})
