import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { DAY, HOUR, SECOND } from '@tgsentinel/kernel/time'
import { Alerts } from './alerts'
import { MemoryBus } from './bus/memory'
import { Deliveries } from './deliveries/deliveries'
import { Ingestion } from './ingestion/ingestion'
import type { Change } from './intake'
import { MessageFlag, type Message } from './model'
import { Profiles } from './profiles'
import { openStore, type Store } from './store/store'

const NOW = 1_800_000_000_000

describe('alerts', () => {
  let folder = ''
  let store: Store
  let alerts: Alerts
  let ingestion: Ingestion
  let profiles: Profiles
  /** How long the work on a message takes, at least. */
  let busyMs = 0

  const slowly = () => {
    for (const endsAtMs = performance.now() + busyMs; performance.now() < endsAtMs;);
    return NOW
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-alerts-'))
    store = openStore(join(folder, 'sentinel.db'))
    const bus = new MemoryBus()
    const log = createLogger('test', 'silent')
    profiles = new Profiles(store, bus, () => NOW)
    profiles.create({ name: 'Alpha', keywords: { general: { words: ['alpha'] } }, include_own: true })
    ingestion = new Ingestion(store, bus, log)
    const deliveries = new Deliveries(store, bus, () => NOW)
    busyMs = 0
    alerts = new Alerts({ store, profiles, deliveries, bus, log, now: slowly, botId: 9 })
    alerts.start()
  })

  afterEach(() => {
    alerts.close()
    ingestion.close()
    store.close()
    rmSync(folder, { recursive: true })
  })

  function message(messageId: number, ageMs: number, flags: number): Message {
    const facts = { topicId: null, senderId: 5, replyToId: null, media: null, groupedId: null }
    return { chatId: -42, messageId, date: (NOW - ageMs) / SECOND, text: 'alpha', flags, ...facts }
  }

  it('are raised by slices of time, each in a turn of its own, and none twice', async () => {
    const messages = Array.from({ length: 10 }, (_, index) => message(index + 1, 0, 0))
    ingestion.accept(700, { users: [], chats: [], messages, cursors: [] })
    ingestion.drain()
    busyMs = 12
    const standing: number[] = []
    for (let before = -1; before < 10; await new Promise(setImmediate)) {
      const upTo = store.settings.number('scored_up_to')
      if (upTo !== before) standing.push(upTo)
      before = upTo
    }
    const steps = standing.slice(1).map((upTo, index) => upTo - (standing[index] ?? 0))
    expect(Math.max(...steps)).toBeLessThanOrEqual(2)
    expect(alerts.list({ limit: 20 }).alerts).toHaveLength(10)
  })

  it('out of a history ring where they were posted within a day, and are all scored', async () => {
    const { backfilled } = MessageFlag
    const messages = [
      message(1, DAY + HOUR, backfilled),
      message(2, DAY + HOUR, 0),
      message(3, DAY - HOUR, backfilled),
      message(4, 0, backfilled),
    ]
    ingestion.accept(700, { users: [], chats: [], messages, cursors: [] })
    ingestion.drain()
    while (alerts.backlog > 0) await new Promise(setImmediate)
    const raised = alerts.list({ limit: 10 }).alerts.map(({ message_id: id }) => id)
    expect(raised).toEqual([4, 3, 2])
    expect(store.settings.number('scored_up_to')).toBe(4)
    expect(store.traffic.allTotals()).toEqual({ messages: 4, alerts: 3, unread: 3 })
  })

  it('never ring for what this program wrote itself, nor for what its bot says', async () => {
    store.toldTexts.add('[1] alpha\n told ', NOW, null)
    store.toldTexts.add('[1] alpha', NOW, -42)
    store.settings.set('chats_account', 700)
    const told = { ...message(1, 0, MessageFlag.outgoing), text: '[1] alpha told', senderId: 5 }
    const saved = { ...told, messageId: 4, chatId: 700, senderId: 700, flags: 0 }
    const byTheBot = { ...message(5, 0, 0), text: '[1] alpha', senderId: -42 }
    const messages = [told, { ...message(2, 0, 0), senderId: 9 }, message(3, 0, 0), saved, byTheBot]
    ingestion.accept(700, { users: [], chats: [], messages, cursors: [] })
    ingestion.drain()
    while (alerts.backlog > 0) await new Promise(setImmediate)
    expect(alerts.list({ limit: 10 }).alerts.map(({ message_id: id }) => id)).toEqual([3])
  })

  it('ring for what others say in the very words that were told', async () => {
    for (const chatId of [null, -43]) store.toldTexts.add('alpha', NOW, chatId)
    ingestion.accept(700, { users: [], chats: [], messages: [message(1, 0, 0)], cursors: [] })
    await settled()
    expect(alerts.list({ limit: 10 }).alerts).toHaveLength(1)
  })

  const settled = async () => {
    ingestion.drain()
    while (alerts.backlog > 0) await new Promise(setImmediate)
  }
  const take = (messages: Message[], changes: Change[] = []) =>
    ingestion.accept(700, { users: [], chats: [], messages, cursors: [], changes })
  const edited = (before: Message, text: string, atMs: number): Change => {
    const at = atMs / SECOND
    return { type: 'edited', message: { ...before, text, editedAt: at, revisedAt: at } }
  }
  const raised = () =>
    alerts
      .list({ limit: 10 })
      .alerts.map(({ message_id: id, raised_by: by, text, changes }) => [
        id,
        by,
        text,
        ...changes.map(({ after }) => after),
      ])

  it('by an edit are raised for what is new: the edit of an old message, but not an old edit out of a history', async () => {
    const { backfilled } = MessageFlag
    const [old, older, live] = [message(1, 9 * DAY, backfilled), message(2, 9 * DAY, backfilled), message(3, 9 * DAY, 0)] // prettier-ignore
    take([old, older, live].map((one) => ({ ...one, text: 'beta' })))
    await settled()
    take([], [edited(old, 'alpha', NOW - 2 * DAY), edited(older, 'alpha', NOW), edited(live, 'alpha', NOW - 2 * DAY)])
    await settled()
    expect(raised()).toEqual([
      [3, 'edit', 'alpha'],
      [2, 'edit', 'alpha'],
    ])
  })

  it('of a message that was edited before it was scored tell what it says then, and nothing of what it said', async () => {
    const first = { ...message(1, 0, 0), text: 'alpha one' }
    take([first], [edited(first, 'alpha two', NOW)])
    await settled()
    expect(raised()).toEqual([[1, 'post', 'alpha two']])
    take([], [edited(first, 'alpha three', NOW + SECOND)])
    await settled()
    expect(raised()).toEqual([[1, 'post', 'alpha two', 'alpha three']])
  })

  it('know of a deletion once, and of none where old messages are swept', async () => {
    const [one, other] = [message(1, 0, 0), { ...message(2, 0, 0), text: 'beta' }]
    take([one, other])
    await settled()
    take([], [{ type: 'deleted', chatId: null, messageIds: [1] }])
    await settled()
    take([], [{ type: 'deleted', chatId: null, messageIds: [1] }])
    await settled()
    expect(raised()).toEqual([[1, 'post', 'alpha', null]])
    store.sweeps.delete(2)
    expect(store.reconsiderations.count()).toBe(0)
    expect(store.events.beyond(0, 100).filter(({ type }) => type === 'message_changed')).toHaveLength(1)
  })

  it('of an edit that was taken back before anybody looked tell nothing', async () => {
    const first = message(1, 0, 0)
    take([first])
    await settled()
    take([], [edited(first, 'alpha, no', NOW), edited(first, 'alpha', NOW + SECOND)])
    await settled()
    expect(raised()).toEqual([[1, 'post', 'alpha']])
  })

  it('are not raised by reactions to what a history brought', async () => {
    profiles.create({ name: 'Loved', thresholds: { reactions: 2 } })
    take([{ ...message(1, 9 * DAY, MessageFlag.backfilled), text: 'old' }, { ...message(2, 9 * DAY, 0), text: 'live' }]) // prettier-ignore
    await settled()
    const counted = (messageId: number): Change => ({ type: 'counted', chatId: -42, messageId, counts: { reactions: { '👍': 2 } } }) // prettier-ignore
    take([], [counted(1), counted(2)])
    await settled()
    expect(raised()).toEqual([[2, 'counts', 'live']])
  })
})
