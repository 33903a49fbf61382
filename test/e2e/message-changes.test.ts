import { Conversation, usualCast } from '../support/conversation'
import { DestinationsClient } from '../support/destinations'
import { EventsClient } from '../support/events-client'
import { HttpReceiver } from '../support/http-receiver'
import type { Alert, ProfileDraft } from '../support/sentinel-api'
import { until } from '../support/until'

type Change = Alert['changes'][number]

let talk: Conversation
let cast: Awaited<ReturnType<typeof usualCast>>
let receiver: HttpReceiver
let destinations: DestinationsClient

beforeAll(async () => {
  receiver = await HttpReceiver.start()
  ;({ talk, cast } = await Conversation.open(usualCast, { env: { DELIVERY_ALLOW: receiver.place } }))
  destinations = new DestinationsClient(() => talk.sentinel.api)
})

beforeEach(async () => {
  receiver.received.length = 0
  const { api } = talk.sentinel
  for (const { id } of await api.profiles()) await api.deleteProfile(id)
})

afterAll(async () => {
  await talk.close()
  await receiver.stop()
})

const alpha = (rest: Partial<ProfileDraft> = {}) =>
  talk.sentinel.api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } }, ...rest })
const edit = (chat: number, messageId: number, text: string) =>
  talk.stage.control.editMessage({ chat, messageId, text })
const alertOf = async (chat: number, messageId: number) => (await talk.alertsOf(chat, messageId))[0]

/** Waits until an alert has so many changes. */
async function changed(id: number, count: number): Promise<Alert> {
  return until(`${count} changes`, async () => {
    const alert = await talk.sentinel.api.alert(id)
    return alert.changes.length === count && alert
  })
}

const marked = (text: string | null, spans: Change['added']) =>
  spans.map(({ offset, length }) => text?.slice(offset, offset + length))

describe('what becomes of the message of an alert', () => {
  it.each(['channel', 'supergroup', 'group', 'mara'] as const)(
    'is kept with it, old and new, and said on the stream: %s',
    async (name) => {
      await alpha()
      const chat = cast[name]
      const events = await EventsClient.open(talk.sentinel)
      const [raised] = await talk.alertsFor({ chat, from: cast.mara, text: 'alpha costs 100 EUR' })
      if (!raised) throw new Error('No alert')
      expect(raised).toMatchObject({ raised_by: 'post', changes: [] })
      await edit(chat, raised.message_id, 'alpha costs 90 EUR')
      const { text, changes } = await changed(raised.id, 1)
      expect(text).toBe('alpha costs 100 EUR')
      expect(changes).toMatchObject([{ kind: 'edited', before: 'alpha costs 100 EUR', after: 'alpha costs 90 EUR' }])
      expect(changes.map(({ before, removed }) => marked(before, removed))).toEqual([['100']])
      expect(changes.map(({ after, added }) => marked(after, added))).toEqual([['90']])
      await talk.stage.control.deleteMessages({ chat, messageIds: [raised.message_id] })
      const gone = await changed(raised.id, 2)
      expect(gone.changes[1]).toMatchObject({ kind: 'deleted', before: 'alpha costs 90 EUR', after: null })
      await until('the events', () => events.ofType('message_changed').length === 2)
      expect(events.ofType<{ alert_id: number; change: Change }>('message_changed').map((each) => each.change)).toEqual(
        gone.changes,
      )
      events.close()
    },
  )

  it('is nothing where the text stays: reactions, counters, pins', async () => {
    await alpha()
    const chat = cast.channel
    const [raised] = await talk.alertsFor({ chat, text: 'alpha stays' })
    const messageId = raised?.message_id ?? 0
    await talk.stage.control.setReactions({ chat, messageId, reactions: [{ emoticon: '👍', count: 3 }] })
    await talk.stage.control.setCounts({ chat, messageId, views: 5, replies: 2 })
    await talk.stage.control.pinMessages({ chat, messageIds: [messageId], pinned: true })
    await edit(chat, messageId, 'alpha stays')
    await edit(chat, messageId, 'alpha went')
    const { changes } = await changed(raised?.id ?? 0, 1)
    expect(changes[0]).toMatchObject({ before: 'alpha stays', after: 'alpha went' })
  })

  it('is of many edits the newest ten, and the first text stays', async () => {
    await alpha()
    const [raised] = await talk.alertsFor({ chat: cast.channel, text: 'alpha 0' })
    for (let n = 1; n <= 12; n++) {
      await edit(cast.channel, raised?.message_id ?? 0, `alpha ${n}`)
      await until('the edit', async () =>
        (await talk.sentinel.api.alert(raised?.id ?? 0)).changes.some(({ after }) => after === `alpha ${n}`),
      )
    }
    const { text, changes } = await talk.sentinel.api.alert(raised?.id ?? 0)
    expect([text, changes.map(({ after }) => after)]).toEqual([
      'alpha 0',
      Array.from({ length: 10 }, (_, index) => `alpha ${index + 3}`),
    ])
  })

  it('of several edits that came while the sentinel was away is one', async () => {
    await alpha()
    const [raised] = await talk.alertsFor({ chat: cast.channel, text: 'alpha away' })
    await talk.stage.control.setMuted({ muted: true })
    for (const text of ['alpha once', 'alpha twice'])
      await talk.stage.control.editMessage({ chat: cast.channel, messageId: raised?.message_id ?? 0, text, push: 'none' }) // prettier-ignore
    await talk.stage.control.setMuted({ muted: false })
    await talk.post({ chat: cast.channel, text: 'the next makes the hole be found' })
    const { changes } = await changed(raised?.id ?? 0, 1)
    expect(changes).toMatchObject([{ before: 'alpha away', after: 'alpha twice' }])
  })
})

describe('a message that an edit makes match', () => {
  it('raises an alert that says so, once, and one that matched before raises none', async () => {
    await alpha({ one_per_story: false })
    const silent = await talk.post({ chat: cast.channel, text: 'beta is out' })
    const other = await talk.post({ chat: cast.channel, text: 'nothing at all' })
    await edit(cast.channel, silent, 'beta is out, and alpha')
    const alert = await until('the alert', () => alertOf(cast.channel, silent))
    expect(alert).toMatchObject({ raised_by: 'edit', text: 'beta is out, and alpha', changes: [] })
    await edit(cast.channel, silent, 'alpha, after all')
    expect((await changed(alert.id, 1)).changes[0]?.before).toBe('beta is out, and alpha')
    await edit(cast.channel, other, 'still nothing')
    await until('the edit', async () => (await talk.sentinel.api.message(cast.channel, other)).text === 'still nothing')
    await talk.settled()
    const late = await talk.sentinel.api.createProfile({ name: 'Late', keywords: { general: { words: ['still'] } } })
    await edit(cast.channel, other, 'still nothing, alpha')
    await until('the second alert', () => alertOf(cast.channel, other))
    expect(await talk.sentinel.api.alerts({ profile: late.id })).toEqual([])
    expect(await talk.alertsOf(cast.channel, silent)).toHaveLength(1)
  })
})

describe('destinations', () => {
  function contentOf(deliveryId: number | undefined): unknown {
    const [row] = talk.rows<{ content: string }>('SELECT content FROM deliveries WHERE id = ?', deliveryId)
    return row && JSON.parse(row.content)
  }

  const textsAt = () => receiver.received.map(({ json }) => json['type'])

  it('are told nothing where the profile does not ask for it', async () => {
    await alpha()
    const hook = await destinations.create({ name: 'Hook', target: { kind: 'webhook', url: receiver.url } })
    const [quiet] = await talk.alertsFor({ chat: cast.channel, text: 'alpha is quiet' })
    if (!quiet) throw new Error('No alert')
    await edit(cast.channel, quiet.message_id, 'alpha was quiet')
    await changed(quiet.id, 1)
    expect((await destinations.settled(hook.id, 1)).map(({ kind }) => kind)).toEqual(['alert'])
    await destinations.take('DELETE', `/api/destinations/${hook.id}`)
  })

  it('are told old and new where it does, and of edits in a row together', async () => {
    await alpha({ tell_changes: { edits: true, deletions: true } })
    const hook = await destinations.create({ name: 'Hook', target: { kind: 'webhook', url: receiver.url } })
    const me = await destinations.create({ name: 'Me', target: { kind: 'saved_messages' } })
    const [loud] = await talk.alertsFor({ chat: cast.channel, text: 'alpha costs <b>100</b> & more' })
    if (!loud) throw new Error('No alert')
    await edit(cast.channel, loud.message_id, 'alpha costs <b>90</b> & more')
    await receiver.nth(2)
    // Told together, later: ten minutes have not passed.
    for (const [index, price] of [80, 70].entries()) {
      await edit(cast.channel, loud.message_id, `alpha costs <b>${price}</b> & more`)
      await changed(loud.id, index + 2)
    }
    await talk.stage.control.deleteMessages({ chat: cast.channel, messageIds: [loud.message_id] })
    await receiver.nth(3)
    expect(textsAt()).toEqual(['alert', 'change', 'change'])
    const [, edited, deleted] = receiver.received.map(({ json }) => json['data'] as { change: Change; alert: Alert })
    expect(edited).toMatchObject({ change: { kind: 'edited' }, alert: { id: loud.id } })
    expect(deleted).toMatchObject({ change: { kind: 'deleted', after: null } })
    const waiting = (await destinations.deliveries(hook.id)).filter(({ state }) => state === 'waiting')
    expect(waiting).toMatchObject([{ kind: 'change', alert_id: loud.id }])
    expect(contentOf(waiting[0]?.id)).toMatchObject({
      data: { change: { before: 'alpha costs <b>90</b> & more', after: 'alpha costs <b>70</b> & more' } },
    })
    const { id } = await talk.stage.control.account({})
    const saved = () => talk.rows<{ text: string }>('SELECT text FROM messages WHERE chat_id = ?', id)
    const told = await until('it in Saved Messages', () => saved().find(({ text }) => text.startsWith('Changed')))
    expect(told.text).toMatch(
      /^Changed \d+ s after posting · News\nWas: alpha costs <b>100<\/b> & more\nNow: alpha costs <b>90<\/b> & more\nAlpha\nhttps/,
    )
    for (const one of [hook, me]) await destinations.take('DELETE', `/api/destinations/${one.id}`)
  }, 60_000)

  it('are told nothing during a pause, and then all of it', async () => {
    await alpha({ tell_changes: { deletions: true } })
    const hook = await destinations.create({ name: 'Hook', target: { kind: 'webhook', url: receiver.url } })
    const [raised] = await talk.alertsFor({ chat: cast.channel, text: 'alpha and a pause' })
    await receiver.nth(1)
    const none = { quiet_hours: [], urgent: { min_score: null, categories: [] }, caps: [] }
    const snoozes = [{ profile_id: null, until: new Date(Date.now() + 600_000).toISOString() }]
    const paused = { all: false, destinations: [] }
    await destinations.take('PUT', '/api/restraint', { ...none, snoozes, paused })
    await talk.stage.control.deleteMessages({ chat: cast.channel, messageIds: [raised?.message_id ?? 0] })
    await until('it to be held', async () =>
      (await destinations.deliveries(hook.id)).some(({ kind, held }) => kind === 'change' && held?.reason === 'snooze'),
    )
    expect(receiver.received).toHaveLength(1)
    await destinations.take('PUT', '/api/restraint', { ...none, snoozes: [], paused })
    await receiver.nth(2)
    expect(textsAt()).toEqual(['alert', 'change'])
    await destinations.take('DELETE', `/api/destinations/${hook.id}`)
  })
})
