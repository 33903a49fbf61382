import { Webhook } from 'standardwebhooks'
import { Conversation, usualCast } from '../support/conversation'
import { DestinationsClient } from '../support/destinations'
import { EventsClient } from '../support/events-client'
import { HttpReceiver, type Received } from '../support/http-receiver'
import { until } from '../support/until'
import { BotApiServer, BOT_TOKEN } from '../bot-api/bot-api-server'

const ADMIN = 5001
const TEXT = 'alpha <b>loud</b> & *more* 🙂'

describe('deliveries', () => {
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>
  let receiver: HttpReceiver
  let bot: BotApiServer
  let destinations: DestinationsClient
  let allowedGroup = 0

  beforeAll(async () => {
    receiver = await HttpReceiver.start()
    bot = await BotApiServer.start()
    const env = {
      ...bot.env(ADMIN),
      DELIVERY_ALLOW: receiver.place,
      TG_SEND_ALLOW: '-1001500000002, -1001500000003',
      LOG_LEVEL: 'debug',
    }
    ;({ talk, cast } = await Conversation.open(usualCast, { env }))
    allowedGroup = cast.supergroup
    destinations = new DestinationsClient(() => talk.sentinel.api)
    for (const { id } of await talk.sentinel.api.profiles()) await talk.sentinel.api.deleteProfile(id)
    await talk.sentinel.api.createProfile({
      name: 'Alpha',
      keywords: { general: { words: ['alpha'] } },
      include_own: true,
    })
  })

  beforeEach(() => {
    receiver.received.length = 0
    receiver.answer = { status: 200 }
  })

  afterEach(async () => {
    const { destinations: all } = await destinations.take<{ destinations: { id: number }[] }>(
      'GET',
      '/api/destinations',
    )
    for (const { id } of all) await destinations.take('DELETE', `/api/destinations/${id}`)
  })

  afterAll(async () => {
    await talk.close()
    await bot.stop()
    await receiver.stop()
  })

  const savedTexts = async () => {
    const { id } = await talk.stage.control.account({})
    return talk.rows<{ text: string }>('SELECT text FROM messages WHERE chat_id = ?', id).map(({ text }) => text)
  }

  it('hear no profile that is not there, and go on where one is deleted', async () => {
    const target = { kind: 'webhook' as const, url: receiver.url }
    const { id } = await talk.sentinel.api.createProfile({ name: 'Passing', keywords: {} })
    const draft = { name: 'Choosy', target, hears: { profiles: [id] } }
    const wrong = { ...draft, hears: { profiles: [999_999] } }
    const refused = await talk.sentinel.api.request<{ message: string }>('POST', '/api/destinations', { json: wrong })
    expect([refused.status, refused.body.message]).toEqual([
      404,
      'There is no profile 999999, whose alerts it could hear.',
    ])
    const made = await destinations.create(draft)
    await talk.sentinel.api.deleteProfile(id)
    expect(await destinations.replace(made.id, { ...draft, name: 'Choosier' })).toMatchObject({ name: 'Choosier' })
  })

  it('tell of an alert by a signed webhook, and on the stream', async () => {
    const hook = await destinations.create({ name: 'Hook', target: { kind: 'webhook', url: `${receiver.url}/hook` } })
    const events = await EventsClient.open(talk.sentinel)
    const [alert] = await talk.alertsFor({ chat: cast.channel, text: TEXT })
    const one = await receiver.nth(1)
    const payload = new Webhook(hook.signing_secret ?? '').verify(one.text, one.headers as Record<string, string>)
    expect(payload).toMatchObject({ type: 'alert', data: { id: alert?.id, text: TEXT, link: expect.any(String) } })
    const [delivery] = await destinations.settled(hook.id, 1)
    expect(delivery).toMatchObject({ kind: 'alert', alert_id: alert?.id, message_id: one.headers['webhook-id'] })
    await until('the event', () => events.ofType('delivery').length > 0)
    events.close()
  })

  it('write to Saved Messages as text with entities, once, and what they write raises no alert', async () => {
    const me = await destinations.create({ name: 'Me', target: { kind: 'saved_messages' } })
    await talk.post({ chat: cast.channel, text: TEXT })
    await destinations.settled(me.id, 1)
    const written = await until('the message', async () => (await savedTexts()).find((text) => text.includes(TEXT)))
    expect(written.split('\n')[0]).toBe('[1] Alpha · News')
    talk.posted += 1
    await talk.settled()
    // The profile hears own messages, too: a note of mine raises an alert, what is told does not.
    await talk.sentinel.api.request('POST', '/api/telegram/relay', {
      json: { chat: 'me', text: 'alpha by hand', limit: 0 },
    })
    await until('an alert of my own', async () => (await talk.sentinel.api.alerts({ q: 'by hand' })).length === 1)
    await destinations.settled(me.id, 2)
    const before = (await talk.sentinel.api.alerts()).length
    await talk.post({ chat: cast.channel, text: 'nothing' })
    expect((await talk.sentinel.api.alerts()).length).toBe(before)
    expect((await savedTexts()).filter((text) => text.includes(TEXT))).toHaveLength(1)
  })

  it('write to a chat only where TG_SEND_ALLOW names it', async () => {
    const target = (chat: number) => ({ kind: 'chat' as const, chat: String(chat) })
    const allowed = await destinations.create({ name: 'Team', target: target(allowedGroup) })
    const refused = await destinations.create({ name: 'Family', target: target(cast.group) })
    expect(await destinations.test(allowed.id)).toMatchObject({ delivered: true, message: '“Team” took the message.' })
    expect(await destinations.test(refused.id)).toMatchObject({
      delivered: false,
      message: expect.stringContaining('TG_SEND_ALLOW'),
    })
  })

  it('write into a topic of a forum', async () => {
    const [topic] = talk.rows<{ topic_id: number }>('SELECT topic_id FROM topics WHERE chat_id = ?', cast.forum)
    const target = { kind: 'chat' as const, chat: String(cast.forum), topic_id: topic?.topic_id ?? 2 }
    const { id } = await destinations.create({ name: 'Topic', target })
    expect(await destinations.test(id)).toMatchObject({ delivered: true, message: '“Topic” took the message.' })
    const written = () =>
      talk.rows<{ topic_id: number }>(
        "SELECT topic_id FROM messages WHERE chat_id = ? AND text LIKE '%“Topic”%'",
        cast.forum,
      )
    expect(await until('the message', () => written()[0])).toEqual({ topic_id: target.topic_id })
    talk.posted += 1
  })

  it('go by the bot, with entities and nothing as markup', async () => {
    const { id } = await destinations.create({ name: 'Bot', target: { kind: 'bot' } })
    await talk.post({ chat: cast.channel, text: TEXT })
    await destinations.settled(id, 1)
    const sent = bot.sent.find(({ text }) => text.includes(TEXT))
    expect(sent).toMatchObject({ chatId: ADMIN, parameters: { entities: expect.arrayContaining([expect.anything()]) } })
    expect(sent?.parameters).not.toHaveProperty('parse_mode')
    const next = await destinations.take<{ message: string }>('GET', `/api/destinations/${id}`)
    expect(next.message).toBe('The last message arrived.')
  })

  it('are tested with a word on how it went, and with the newest alert in a form of one’s own', async () => {
    const target = { kind: 'ntfy' as const, server: receiver.url, topic: 'alerts' }
    const { id } = await destinations.create({ name: 'Push', target, secrets: { token: 'tk_of_mine' } })
    expect(await destinations.test(id)).toEqual({
      delivered: true,
      message: '“Push” took the message.',
      delivery_id: expect.any(Number),
    })
    await talk.post({ chat: cast.channel, text: 'alpha once more' })
    const template = { title: 'T {{ profile.name }}', body: '<b>{{ text | upcase }}</b>' }
    await destinations.test(id, { template })
    const last = receiver.received.at(-1) as Received
    expect(last.json).toMatchObject({ topic: 'alerts', title: 'T Alpha', message: 'ALPHA ONCE MORE' })
    receiver.answer = { status: 403, body: 'a word of the remote' }
    expect(await destinations.test(id)).toMatchObject({ delivered: false, message: expect.stringContaining('(403)') })
    expect(JSON.stringify(await destinations.get(id))).not.toContain('tk_of_mine')
  })

  it('use the template that a destination chose', async () => {
    const { id: template } = await destinations.take<{ id: number }>('POST', '/api/templates', {
      name: 'Terse',
      title: '',
      body: '{% if score >= 1 %}! {% endif %}{{ text }}',
    })
    const target = { kind: 'gotify' as const, server: receiver.url }
    await destinations.create({ name: 'Terse', target, secrets: { token: 'A' }, template_id: template })
    await talk.post({ chat: cast.channel, text: TEXT })
    expect((await receiver.nth(1)).json).toMatchObject({ message: `! ${TEXT}` })
  })

  it('of one destination do not wait for another', async () => {
    receiver.answer = ({ path }) => ({ status: path === '/down' ? 500 : 200 })
    await destinations.create({ name: 'Down', target: { kind: 'webhook', url: `${receiver.url}/down` } })
    const up = await destinations.create({ name: 'Up', target: { kind: 'webhook', url: `${receiver.url}/up` } })
    for (const text of ['alpha a', 'alpha b', 'alpha c']) await talk.post({ chat: cast.channel, text })
    await destinations.settled(up.id, 3)
  })

  it('are refused to this machine and its network where nothing allows that', async () => {
    for (const url of [
      'http://127.0.0.1:1/',
      'http://2130706433:1/',
      'http://[::ffff:7f00:1]:1/',
      'http://localhost:1/',
    ]) {
      const { id } = await destinations.create({ name: url, target: { kind: 'webhook', url } })
      const outcome = await destinations.test(id)
      expect([url, outcome]).toEqual([
        url,
        expect.objectContaining({ delivered: false, message: expect.stringContaining('DELIVERY_ALLOW') }),
      ])
    }
  })

  it('leave no secret and no text in the log', async () => {
    const { output } = talk.sentinel
    for (const secret of ['tk_of_mine', 'whsec_', BOT_TOKEN, 'loud', 'a word of the remote'])
      expect([secret, output.includes(secret)]).toEqual([secret, false])
  })
})
