import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ledger } from './ledger'
import { openStore, type Store } from './store/store'
import { WatchList } from './watch'

const ACCOUNT = 700
const NEWS = -1_000_000_000_042

describe('the ledger', () => {
  let folder = ''
  let store: Store
  let ledger: Ledger

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-ledger-'))
    store = openStore(join(folder, 'sentinel.db'))
    const heard = { isConnected: true, lastHeardAtMs: Date.now() }
    const telegram = {
      snapshot: heard,
      reader: { self: { id: ACCOUNT } },
      pollBoundMs: () => 60_000,
      worstPollBoundMs: 60_000,
    }
    ledger = new Ledger(store, telegram as unknown as ConstructorParameters<typeof Ledger>[1], new WatchList(store))
    store.coverage.captured(ACCOUNT, NEWS, { firstId: 1, upToId: 9 }, 'poll')
    for (let user = 1; user <= 300; user++) store.coverage.captured(ACCOUNT, user, { firstId: 1, upToId: 9 }, null)
    store.coverage.confirm(ACCOUNT, null, 'push', Date.now())
  })

  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })

  it('says of a private chat when all of them were confirmed, of a channel when it was', () => {
    const { chats, summary, outside_channels: outside } = ledger.page({ show: 'all', beyond: null, limit: 2 })
    expect(chats).toMatchObject([
      { chat: { id: String(NEWS) }, bound_s: 60, up_to_id: 9 },
      { chat: { id: '1' }, bound_s: null, confirmed_at: outside.confirmed_at },
    ])
    expect([summary.chats, summary.stale_chats, outside.confirmed_by]).toEqual([301, 0, 'push'])
    expect(ledger.chat(5).coverage.confirmed_at).toBe(outside.confirmed_at)
  })

  it('sums up anew as soon as the event stream told of a change', () => {
    expect(ledger.summary.unreadable).toBe(0)
    const message = {
      chatId: NEWS,
      messageId: 7,
      senderId: null,
      date: 1,
      reason: 'unknown',
      constructorId: 5,
    } as const
    store.unreadable.add(ACCOUNT, message, Date.now())
    store.events.add('coverage', {})
    expect(ledger.summary.unreadable).toBe(1)
  })

  it('reads what private chats have in common once, however many there are', () => {
    const find = store.coverage.find.bind(store.coverage)
    let questions = 0
    store.coverage.find = (...place) => {
      questions += 1
      return find(...place)
    }
    expect(ledger.watched).toHaveLength(301)
    expect(questions).toBe(1)
  })
})
