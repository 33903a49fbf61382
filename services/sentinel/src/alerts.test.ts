import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { DAY, HOUR, SECOND } from '@tgsentinel/kernel/time'
import { Alerts } from './alerts'
import { MemoryBus } from './bus/memory'
import { Deliveries } from './deliveries/deliveries'
import { Ingestion } from './ingestion/ingestion'
import { MessageFlag, type Message } from './model'
import { Profiles } from './profiles'
import { openStore, type Store } from './store/store'

const NOW = 1_800_000_000_000

describe('alerts', () => {
  let folder = ''
  let store: Store
  let alerts: Alerts
  let ingestion: Ingestion

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-alerts-'))
    store = openStore(join(folder, 'sentinel.db'))
    const bus = new MemoryBus()
    const log = createLogger('test', 'silent')
    const profiles = new Profiles(store, bus, () => NOW)
    profiles.create({ name: 'Alpha', keywords: { general: { words: ['alpha'] } }, include_own: true })
    ingestion = new Ingestion(store, bus, log)
    const deliveries = new Deliveries(store, bus, () => NOW)
    alerts = new Alerts({ store, profiles, deliveries, bus, log, now: () => NOW, botId: 9 })
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
    store.toldTexts.add('[1] alpha\n told ', NOW)
    const told = { ...message(1, 0, MessageFlag.outgoing), text: '[1] alpha told', senderId: 5 }
    const messages = [told, { ...message(2, 0, 0), senderId: 9 }, message(3, 0, 0)]
    ingestion.accept(700, { users: [], chats: [], messages, cursors: [] })
    ingestion.drain()
    while (alerts.backlog > 0) await new Promise(setImmediate)
    expect(alerts.list({ limit: 10 }).alerts.map(({ message_id: id }) => id)).toEqual([3])
  })
})
