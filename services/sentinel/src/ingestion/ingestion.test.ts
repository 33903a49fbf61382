import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { openDatabase, type SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { MemoryBus } from '../bus/memory'
import { Ingestion } from './ingestion'
import type { Intake } from '../intake'
import type { Message } from '../model'
import { MIGRATIONS } from '../store/migrations'
import { Store } from '../store/store'

const ACCOUNT = 700

function message(messageId: number, text = 'hello'): Message {
  const facts = { topicId: null, senderId: 5, flags: 0, replyToId: null, media: null, groupedId: null }
  return { chatId: -42, messageId, date: 1_700_000_000, text, ...facts }
}

function intake(pts: number, ...messages: Message[]): Intake {
  return { users: [], chats: [], messages, cursors: [{ box: 0, pts, qts: 0, date: 0, seq: 0 }] }
}

describe('ingestion', () => {
  let folder = ''
  let database: SqliteDatabase
  let store: Store
  let ingestion: Ingestion

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-ingestion-'))
    database = openDatabase(join(folder, 'sentinel.db'), MIGRATIONS)
    store = new Store(database)
    ingestion = new Ingestion(store, new MemoryBus(), createLogger('test', 'silent'))
  })

  afterEach(() => {
    ingestion.close()
    store.close()
    rmSync(folder, { recursive: true })
  })

  it('stores a message once, however often it comes, and counts it once', () => {
    ingestion.accept(ACCOUNT, intake(1, message(1)))
    ingestion.accept(ACCOUNT, intake(2, message(1), message(2)))
    ingestion.drain()
    expect(store.messages.beyond(0, 10).map(({ messageId }) => messageId)).toEqual([1, 2])
    expect(totalMessages()).toBe(2)
    expect(store.cursors.list(ACCOUNT)).toMatchObject([{ box: 0, pts: 2 }])
  })

  describe('of what cannot be read', () => {
    const unread = (messageId: number) =>
      ({ ...CHAT, messageId, senderId: 5, date: 9, reason: 'unknown', constructorId: 1 }) as const
    const CHAT = { chatId: -42 }
    const take = (part: Partial<Intake>) => {
      ingestion.accept(ACCOUNT, { ...intake(1), ...part })
      ingestion.drain()
    }
    const rows = () => store.unreadable.of(ACCOUNT, -42, 10).map(({ messageId }) => messageId)

    it('counts as far as the chat was captured', () => {
      take({ messages: [message(1)], unreadable: [unread(2)] })
      expect(store.coverage.find(ACCOUNT, -42)).toMatchObject({ firstId: 1, upToId: 2 })
    })

    it('is known no longer once it is deleted', () => {
      take({ unreadable: [unread(1), unread(2), unread(3), unread(4)] })
      take({ changes: [{ type: 'deleted', chatId: null, messageIds: [2] }] })
      expect(rows()).toEqual([4, 3, 1])
      take({ changes: [{ type: 'deleted', ...CHAT, messageIds: [3] }] })
      expect(rows()).toEqual([4, 1])
      take({ askedAtMs: 0, changes: [{ type: 'reconciled', ...CHAT, from: 1, to: 3, messageIds: [] }] })
      expect(rows()).toEqual([4])
    })

    it('is not brought back by a history that was asked for before it was deleted', () => {
      take({ changes: [{ type: 'deleted', chatId: null, messageIds: [2] }] })
      take({ askedAtMs: 0, unreadable: [unread(2)] })
      expect(rows()).toEqual([])
    })

    it('tells an edit that came after another', () => {
      take({ messages: [message(1)] })
      take({
        changes: [
          { type: 'edited', message: message(1, 'new') },
          { type: 'garbled', message: unread(1) },
        ],
      })
      expect(rows()).toEqual([1])
      take({ askedAtMs: 0, messages: [message(1, 'new')] })
      expect(rows()).toEqual([1])
      take({ changes: [{ type: 'edited', message: message(1, 'newest') }] })
      expect(rows()).toEqual([])
    })
  })

  it('never moves a cursor backwards', () => {
    ingestion.accept(ACCOUNT, intake(9))
    ingestion.accept(ACCOUNT, intake(3))
    ingestion.drain()
    expect(store.cursors.list(ACCOUNT)).toMatchObject([{ box: 0, pts: 9 }])
  })

  it('keeps what arrives while the disk is full, says so, and stores it all when there is room again', () => {
    const pages = Number(database.pragma('page_count', { simple: true }))
    database.pragma(`max_page_count = ${pages}`)
    ingestion.accept(ACCOUNT, intake(1, message(1, 'x'.repeat(50_000))))
    ingestion.drain()
    ingestion.accept(ACCOUNT, intake(2, message(2)))
    ingestion.drain()
    expect([ingestion.isFailing, ingestion.backlog]).toEqual([true, 2])
    expect(store.messages.lastRow()).toBe(0)
    expect(store.cursors.list(ACCOUNT)).toEqual([])
    database.pragma(`max_page_count = ${pages + 1000}`)
    ingestion.drain()
    expect([ingestion.isFailing, ingestion.backlog]).toEqual([false, 0])
    expect(store.messages.beyond(0, 10).map(({ messageId }) => messageId)).toEqual([1, 2])
    expect(store.cursors.list(ACCOUNT)).toMatchObject([{ pts: 2 }])
  })

  it('stores the others when one cannot be stored', () => {
    const broken = { ...message(2), text: { not: 'a text' } as unknown as string }
    ingestion.accept(ACCOUNT, intake(1, message(1)))
    ingestion.accept(ACCOUNT, intake(2, broken))
    ingestion.accept(ACCOUNT, intake(3, message(3)))
    ingestion.drain()
    expect(store.messages.beyond(0, 10).map(({ messageId }) => messageId)).toEqual([1, 3])
    expect(totalMessages()).toBe(2)
    expect(store.gaps.of(ACCOUNT, -42, 10)).toMatchObject([
      { reason: 'not_read', state: 'closed', afterId: 1, beforeId: 3 },
    ])
  })

  it('has a gap where a chat was not watched for a while', () => {
    ingestion.accept(ACCOUNT, intake(1, message(10), message(11)))
    ingestion.accept(ACCOUNT, { ...intake(2), skipped: [-42] })
    ingestion.accept(ACCOUNT, intake(3, message(20)))
    ingestion.drain()
    expect(store.gaps.of(ACCOUNT, -42, 10)).toMatchObject([
      { reason: 'not_watched', state: 'closed', afterId: 11, beforeId: 20 },
    ])
    ingestion.accept(ACCOUNT, intake(4, message(21)))
    ingestion.drain()
    expect(store.gaps.of(ACCOUNT, -42, 10)).toHaveLength(1)
    expect(store.coverage.find(ACCOUNT, -42)).toMatchObject({ firstId: 10, upToId: 21 })
  })

  it('tries once more what could not be filled while a chat was closed, when it opens', () => {
    ingestion.accept(ACCOUNT, intake(1, message(10)))
    const told = { chatId: -42, beforeId: null, detail: 'A hole.' }
    const holes = [
      { ...told, afterId: 10, reason: 'too_long' as const },
      { ...told, afterId: 10, reason: 'closed' as const },
    ]
    ingestion.accept(ACCOUNT, { ...intake(2), gaps: holes, closures: [{ chatId: -42, reason: 'CHANNEL_PRIVATE' }] })
    ingestion.drain()
    const [, tooLong] = store.gaps.of(ACCOUNT, -42, 10)
    store.gaps.change(tooLong?.id ?? 0, 'closed', 'This chat is closed to you.')
    ingestion.accept(ACCOUNT, { ...intake(3), closures: [{ chatId: -42, reason: null }] })
    ingestion.drain()
    expect(store.gaps.of(ACCOUNT, -42, 10).map(({ reason, state }) => [reason, state])).toEqual([
      ['closed', 'filled'],
      ['too_long', 'open'],
    ])
    expect(store.coverage.find(ACCOUNT, -42)).toMatchObject({ closedReason: null })
  })

  it('lets history that was asked for before a pin not undo it', () => {
    const isPinned = () => store.messages.find(ACCOUNT, -42, 1)?.isPinned
    ingestion.accept(ACCOUNT, intake(1, message(1)))
    const askedAtMs = performance.now()
    ingestion.accept(ACCOUNT, {
      ...intake(2),
      changes: [{ type: 'pinned', chatId: -42, messageIds: [1], isPinned: true }],
    })
    ingestion.accept(ACCOUNT, { ...intake(2, { ...message(1), isPinned: false }), cursors: [], askedAtMs })
    ingestion.drain()
    expect(isPinned()).toBe(1)
    const later = performance.now() + 1
    ingestion.accept(ACCOUNT, { ...intake(2, { ...message(1), isPinned: false }), cursors: [], askedAtMs: later })
    ingestion.drain()
    expect(isPinned()).toBe(0)
  })

  it('begins where a chat is watched for the first time', () => {
    store.coverage.begin(ACCOUNT, -42, 100)
    ingestion.accept(ACCOUNT, { ...intake(1), skipped: [-42] })
    ingestion.accept(ACCOUNT, intake(2, message(5001)))
    ingestion.drain()
    expect(store.coverage.find(ACCOUNT, -42)).toMatchObject({ firstId: 5001, upToId: 5001 })
    expect(store.gaps.of(ACCOUNT, -42, 10)).toEqual([])
  })

  it('refuses what does not fit, so that it is fetched again', () => {
    database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true }))}`)
    const many = Array.from({ length: 60_000 }, (_, index) => message(index + 1, 'some text'))
    expect(ingestion.hasRoom).toBe(true)
    expect(ingestion.accept(ACCOUNT, intake(1, ...many))).toBe(true)
    expect(ingestion.hasRoom).toBe(false)
    expect(ingestion.accept(ACCOUNT, intake(2, ...many))).toBe(false)
  })

  it('holds a bounded number of messages in memory', () => {
    database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true }))}`)
    const many = Array.from({ length: 60_000 }, (_, index) => message(index + 1, 'some text'))
    ingestion.accept(ACCOUNT, intake(1, ...many))
    ingestion.accept(ACCOUNT, intake(2, ...many))
    expect(ingestion.backlog).toBe(60_000)
    ingestion.drain()
    expect(ingestion.backlog).toBe(60_000)
  })

  it('holds a bounded number of envelopes without messages in memory', () => {
    database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true }))}`)
    const heavy = { ...intake(1), users: [{ id: 1, name: 'x'.repeat(200_000), username: null }] }
    for (let pts = 1; pts <= 100_100; pts++) ingestion.accept(ACCOUNT, pts === 1 ? heavy : intake(pts))
    ingestion.drain()
    expect(ingestion.isFailing).toBe(true)
    database.pragma('max_page_count = 1000000')
    ingestion.drain()
    expect(store.cursors.list(ACCOUNT)).toMatchObject([{ pts: 100_000 }])
  })

  function totalMessages(): number {
    const filter = { sinceHour: 0, chatId: null, profileId: null, bucketHours: 1 }
    return store.traffic.stats(filter).total_messages
  }
})
