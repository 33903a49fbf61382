import { ADMIN, BotStage } from '../bot-api/bot-stage'
import { BotApiServer } from '../bot-api/bot-api-server'
import { readRows } from '../support/conversation'
import type { Control } from '../telegram-server/control/control'
import { SignInStage } from '../support/sign-in-stage'
import { until } from '../support/until'

const HOUR_S = 3600

/** A public channel that the account is not in, with so many messages, an hour apart, the newest an hour ago. */
async function createForeignChannel(control: Control, username: string, messages: number): Promise<number> {
  const { chat } = await control.createChannel({ title: `The ${username}`, username, members: [] })
  const now = Math.floor(Date.now() / 1000)
  for (let n = messages; n > 0; n--)
    await control.postMessage({ chat, text: `alpha ${username} ${n}h ago`, date: now - n * HOUR_S, push: 'none' })
  return chat
}

describe('/add_channel', () => {
  let stage: BotStage

  beforeAll(async () => {
    stage = await BotStage.open()
    await stage.running()
  })

  afterAll(() => stage.close())

  const control = () => stage.telegram.control
  const stored = (chat: number) =>
    readRows<{ text: string; flags: number }>(
      stage.sentinel.databasePath,
      'SELECT text, flags FROM messages WHERE chat_id = ? ORDER BY id',
      chat,
    )

  it('joins and watches a public channel, reads its history, and rings for the last day alone', async () => {
    const chat = await createForeignChannel(control(), 'harbour', 40)
    await stage.ask('/start')
    expect(await stage.ask('/add_channel @harbour')).toBe(
      'The harbour (@harbour) is joined and watched from now on. Up to 500 recent messages are being read; I will tell you when that is done.',
    )
    const done = await stage.told('recent messages read')
    expect(done).toMatch(/^The harbour \(@harbour\): 40 recent messages read, 40 new, 2[34] alerts\.$/)
    const rows = stored(chat)
    expect(rows.map(({ text }) => text)).toEqual(Array.from({ length: 40 }, (_, n) => `alpha harbour ${40 - n}h ago`))
    expect(rows.every(({ flags }) => (flags & 1024) !== 0)).toBe(true)
    const alerts = await stage.sentinel.api.alerts({ chat: String(chat) })
    expect(alerts.some(({ text }) => text.endsWith(' 2h ago'))).toBe(true)
    expect(alerts.some(({ text }) => text.endsWith(' 25h ago'))).toBe(false)
    await until('the backlog', async () => (await stage.sentinel.api.status()).backlog === 0)
    await control().postMessage({ chat, text: 'alpha live from the harbour' })
    await stage.told('alpha live from the harbour')
    expect(await stage.ask('/my_channels')).toContain('The harbour (@harbour)')
  })

  it('reads 500 messages at most, in pages, in the background, and those that are stored are not new', async () => {
    const chat = await createForeignChannel(control(), 'longwave', 620)
    await control().clearCalls()
    await stage.ask('/add_channel https://t.me/longwave/12')
    expect(await stage.told('The longwave (@longwave): ')).toMatch(/500 recent messages read, 500 new/)
    // Alerts are told little by little: whoever asks next must not take them for the answer.
    await stage.told('alpha longwave 1h ago')
    expect(stored(chat)).toHaveLength(500)
    expect(await stage.telegram.callsOf('messages.getHistory')).toBe(5)
    expect(await stage.telegram.callsOf('channels.joinChannel')).toBe(1)
    const before = stage.bot.textsTo(ADMIN).length
    expect(await stage.ask(`/add_channel ${chat}`)).toMatch(/^The longwave \(@longwave\) is watched from now on/)
    const again = await until('the second reading', () => stage.bot.textsTo(ADMIN)[before + 1])
    expect(again).toMatch(/500 recent messages read, 0 new, 0 alerts/)
  })

  it('waits a flood wait of the history out', async () => {
    await createForeignChannel(control(), 'slowdown', 150)
    await control().floodWait({ method: 'messages.getHistory', seconds: 4 })
    await stage.ask('/add_channel @slowdown')
    await until('the wait', async () => (await stage.sentinel.api.status()).flood_wait)
    expect(await stage.ask('/status')).toMatch(/Telegram asks to wait with messages\.getHistory/)
    expect(await stage.ask('/status')).toMatch(/Reading the history of The slowdown: 0 messages so far/)
    expect(await stage.told('The slowdown (@slowdown): ')).toMatch(/150 recent messages read, 150 new/)
    await stage.told('alpha slowdown 1h ago')
  })

  it('says in a sentence what is wrong', async () => {
    const refuse = (code: number, type: string) => control().failMethod({ method: 'channels.joinChannel', code, type })
    await createForeignChannel(control(), 'closedclub', 1)
    expect(await stage.ask('/add_channel')).toBe('Name the channel: /add_channel @name')
    expect(await stage.ask('/add_channel @nobody_has_this')).toBe('Nobody has this username.')
    expect(await stage.ask('/add_channel what is this?')).toMatch(/^Name the chat as @name/)
    expect(await stage.ask('/add_channel https://t.me/+AbCdEf')).toMatch(/^This is an invitation/)
    expect(await stage.ask('/add_channel @mara')).toBe('@mara is a person or a bot, not a channel or a group.')
    expect(await stage.ask('/add_channel -1009999999999')).toMatch(/not known here/)
    await refuse(400, 'CHANNEL_PRIVATE')
    expect(await stage.ask('/add_channel @closedclub')).toMatch(/closed to you/)
    await refuse(400, 'CHANNELS_TOO_MUCH')
    expect(await stage.ask('/add_channel @closedclub')).toMatch(/as many channels as Telegram allows/)
    await refuse(400, 'INVITE_REQUEST_SENT')
    expect(await stage.ask('/add_channel @closedclub')).toMatch(/asked the admins/)
    await control().floodWait({ method: 'channels.joinChannel', seconds: 120 })
    expect(await stage.ask('/add_channel @closedclub')).toMatch(/^Telegram asks to wait 2 minutes/)
    expect(await stage.ask('/my_channels')).not.toContain('closedclub')
  })

  it('picks the chat where chats are picked', async () => {
    await control().clearTrouble()
    await stage.sentinel.api.request('PUT', '/api/telegram/watch', { json: { mode: 'picked', chats: [] } })
    expect(await stage.ask('/add_channel @newswire')).toMatch(/^News \(@newswire\) is watched from now on/)
    await stage.told('News (@newswire): ')
    expect(await stage.ask('/my_channels')).toMatch(/1 channel or group watched\.\n\n1\. News \(@newswire\)$/)
  })

  it('says that nobody is signed in', async () => {
    await stage.sentinel.api.request('POST', '/api/session/forget', { json: { confirm: 'forget' } })
    expect(await stage.ask('/add_channel @newswire')).toMatch(/^Nobody is signed in/)
    expect(await stage.ask('/status')).toMatch(/^Not signed in/)
  })
})

describe('/add_channel beside other work', () => {
  const PHONE = '+12025550143'
  let bot: BotApiServer
  let stage: SignInStage

  beforeEach(async () => {
    bot = await BotApiServer.start()
    stage = await SignInStage.open(bot.env(ADMIN))
  })

  afterEach(async () => {
    await stage.close()
    await bot.stop()
  })

  const told = (text: string) => until(text, () => bot.textsTo(ADMIN).find((one) => one.includes(text)), 50_000)
  const readsHistory = async () => (await stage.sentinel.api.status()).queue.running === 'messages.getHistory'

  it('is answered before the reading is done, while a QR sign-in waits; all of it comes to its end', async () => {
    const { control } = stage
    await control.createAccount({ firstName: 'Alex', phone: PHONE })
    await stage.signIn(PHONE)
    await createForeignChannel(control, 'bigchannel', 450)
    await createForeignChannel(control, 'smallnews', 3)
    expect((await stage.step('qr')).body.data.step).toBe('qr_waiting')
    await control.delayMethod({ method: 'messages.getHistory', delayMs: 500, times: 5 })
    bot.say({ from: ADMIN, text: '/add_channel @bigchannel' })
    await told('The bigchannel (@bigchannel) is joined')
    await until('a page of history under way', readsHistory)
    bot.say({ from: ADMIN, text: '/add_channel @smallnews' })
    await told('The smallnews (@smallnews) is joined and watched')
    const { calls } = await control.calls()
    // Of the five pages of the big channel, the one that was under way had to be waited for, and no other.
    expect(calls.filter(({ method }) => method === 'messages.getHistory').length).toBeLessThan(4)
    expect(bot.textsTo(ADMIN).some((text) => text.includes('recent messages read'))).toBe(false)
    const waiting = await stage.view()
    expect(waiting.step).toBe('qr_waiting')
    await control.acceptLoginToken({ token: waiting.qr?.url ?? '' })
    await stage.reaches('signed_in')
    expect(await told('The bigchannel (@bigchannel): ')).toMatch(/450 recent messages read, 450 new/)
    expect(await told('The smallnews (@smallnews): ')).toMatch(/3 recent messages read, 3 new/)
  })

  it('tells within the second that it is under way where Telegram is slow itself', async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE })
    await stage.signIn(PHONE)
    await createForeignChannel(stage.control, 'slowjoin', 1)
    await stage.control.delayMethod({ method: 'channels.joinChannel', delayMs: 2500 })
    bot.say({ from: ADMIN, text: '/add_channel @slowjoin' })
    await told('is joined')
    expect(bot.textsTo(ADMIN)[0]).toBe('Adding @slowjoin… Telegram takes its time.')
  })
})
