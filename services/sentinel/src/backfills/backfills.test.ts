import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { Backfills } from './backfills'
import { MemoryBus } from '../bus/memory'
import { Ingestion } from '../ingestion/ingestion'
import { failure, MessageFlag, type Message } from '../model'
import { openStore, type Store } from '../store/store'
import type { HistoryPage } from '../telegram/history'

const ACCOUNT = 7
const CHAT = -1_000_000_000_005
const GROUP = -42

/** A chat whose messages have the ids 1 to `total`, but for those that are gone. */
class Stand {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tgsentinel-backfills-'))
  readonly store: Store = openStore(join(this.folder, 'sentinel.db'))
  readonly bus = new MemoryBus()
  readonly ingestion: Ingestion
  readonly asked: (number | undefined)[] = []
  backfills: Backfills
  total = 0
  gone = new Set<number>()
  holes = 0
  /** Cannot be read. */
  garbled = new Set<number>()
  /** Telegram gives fewer messages than it is asked for. */
  shortBy = 0
  self = { id: ACCOUNT, usernames: [] as string[] }
  errors: unknown[] = []
  onPage: () => void = () => undefined

  constructor() {
    this.ingestion = new Ingestion(this.store, this.bus, createLogger('test', 'silent'))
    this.backfills = this.build()
    this.backfills.start()
  }

  private get reader() {
    const self = () => this.self
    return {
      get self() {
        return self()
      },
      history: (chatId: number, query: { before?: number | undefined; limit: number }) => this.page(chatId, query),
    }
  }

  build(): Backfills {
    return new Backfills({
      reader: this.reader,
      store: this.store,
      ingestion: this.ingestion,
      isWatched: () => true,
      chats: { refresh: async () => ({ chats: 0, folders: 0, read_at: '' }) },
      bus: this.bus,
      log: createLogger('test', 'silent'),
    })
  }

  async restart(): Promise<void> {
    await this.backfills.close()
    this.backfills = this.build()
    this.backfills.start()
  }

  async close(): Promise<void> {
    await this.backfills.close()
    this.ingestion.close()
    this.store.close()
    rmSync(this.folder, { recursive: true })
  }

  hear(...messages: Message[]): void {
    this.ingestion.accept(ACCOUNT, { users: [], chats: [], messages, cursors: [] })
    this.ingestion.drain()
  }

  edit(message: Message): void {
    const changes = [{ type: 'edited' as const, message }]
    this.ingestion.accept(ACCOUNT, { users: [], chats: [], messages: [], cursors: [], changes })
    this.ingestion.drain()
  }

  /** Telegram keeps no difference: the history fills the hole. */
  async fill(): Promise<void> {
    const gap = { chatId: CHAT, afterId: null, beforeId: null, reason: 'too_long' as const, detail: 'A hole.' }
    this.ingestion.accept(ACCOUNT, { users: [], chats: [], messages: [], cursors: [], gaps: [gap] })
    this.ingestion.drain()
    await this.backfills.ended(++this.holes)
  }

  unreadable(): number[] {
    return this.store.unreadable.range(ACCOUNT, CHAT, 0, 100)
  }

  ids(where = 'deleted'): number[] {
    const rows = this.store.messages.beyond(0, 10_000).map(({ chatId, messageId }) => ({ chatId, messageId }))
    const known = rows.map((row) => ({ ...row, ...this.store.messages.find(ACCOUNT, row.chatId, row.messageId) }))
    const wanted = known.filter(({ deletedAt }) => (where === 'deleted') === (deletedAt != null))
    return wanted.map(({ messageId }) => messageId).sort((a, b) => a - b)
  }

  private async page(chatId: number, { before, limit }: { before?: number | undefined; limit: number }) {
    this.asked.push(before)
    this.onPage()
    const error = this.errors.shift()
    if (error) throw error
    const ids: number[] = []
    for (let id = (before ?? this.total + 1) - 1; id > 0 && ids.length < limit - this.shortBy; id--)
      if (!this.gone.has(id)) ids.push(id)
    const nextBefore = ids.length < limit || (ids.at(-1) ?? 1) <= 1 ? null : (ids.at(-1) ?? null)
    const messages = ids.filter((id) => !this.garbled.has(id)).map((id) => message(id, chatId))
    const unreadable = ids.filter((id) => this.garbled.has(id)).map((id) => garbled(id, chatId))
    return {
      messages,
      ids,
      changes: [],
      unreadable,
      peers: { users: [], chats: [] },
      nextBefore,
    } satisfies HistoryPage
  }
}

function message(messageId: number, chatId = CHAT, text = `text ${messageId}`): Message {
  const facts = { topicId: null, senderId: null, replyToId: null, media: null, groupedId: null }
  return { chatId, messageId, date: 1, text, flags: MessageFlag.post, ...facts }
}

function garbled(messageId: number, chatId: number): HistoryPage['unreadable'][number] {
  return { chatId, messageId, senderId: null, date: 1, reason: 'unknown', constructorId: 1 }
}

describe('a backfill', () => {
  let stand: Stand
  const read = async (cause: 'asked' | 'joined', wanted: number | null, chat = CHAT) => {
    const backfill = stand.backfills.ask(chat, cause, wanted)
    return backfill && stand.backfills.ended(backfill.id)
  }

  beforeEach(() => (stand = new Stand()))
  afterEach(() => stand.close())

  it('reads as many messages as are wanted, marked as backfilled, and says how far down the chat is captured', async () => {
    stand.total = 730
    expect(await read('joined', 250)).toEqual({ read: 250, added: 250, problem: null })
    expect(stand.asked).toEqual([undefined, 631, 531])
    expect(stand.ids('stored')).toHaveLength(250)
    const flags = stand.store.messages.beyond(0, 300).map((each) => each.flags)
    expect(new Set(flags)).toEqual(new Set([MessageFlag.post | MessageFlag.backfilled]))
  })

  it('goes on below what is captured, down to the first message', async () => {
    stand.total = 150
    stand.hear(message(149), message(150))
    expect(await read('asked', null)).toEqual({ read: 148, added: 148, problem: null })
    expect(stand.asked[0]).toBe(149)
    expect(stand.store.coverage.find(ACCOUNT, CHAT)).toMatchObject({ firstId: 1, upToId: 150 })
  })

  it('of a hole counts what cannot be read as captured, too, and not what is gone', async () => {
    stand.hear(message(1), message(2))
    stand.total = 6
    stand.garbled = new Set([2, 4, 6])
    await stand.fill()
    expect(stand.ids('stored')).toEqual([1, 2, 3, 5])
    expect(stand.unreadable()).toEqual([2, 4, 6])
    expect(stand.store.coverage.find(ACCOUNT, CHAT)).toMatchObject({ firstId: 1, upToId: 6 })
    stand.gone.add(6)
    stand.garbled = new Set([4])
    await stand.fill()
    expect(stand.unreadable()).toEqual([4])
  })

  it('of a hole finds what is gone below all that was captured', async () => {
    stand.hear(message(3))
    stand.edit(message(2))
    stand.total = 5
    stand.gone = new Set([1, 2])
    expect(stand.ids('stored')).toEqual([2, 3])
    await stand.fill()
    expect(stand.ids('stored')).toEqual([3, 4, 5])
    expect(stand.ids()).toEqual([2])
  })

  it('is begun once for a chat, and refused where fifty wait', () => {
    stand.backfills.hold()
    for (let n = 0; n <= 60; n++) stand.store.coverage.begin(ACCOUNT, CHAT - n, 5)
    const first = stand.backfills.ask(CHAT, 'asked', 10)
    expect(stand.backfills.ask(CHAT, 'asked', 10)?.id).toBe(first?.id)
    for (let n = 1; n < 50; n++) expect(stand.backfills.ask(CHAT - n, 'asked', 10)).not.toBeNull()
    expect(stand.backfills.ask(CHAT - 60, 'asked', 10)).toBeNull()
    expect(stand.backfills.progress.waiting).toBe(50)
  })

  it('waits floods and failures of the network out, and names what ends it', async () => {
    stand.total = 5
    stand.errors = [failure('FLOOD_WAIT', 'wait', undefined, 1), failure('TELEGRAM_UNREACHABLE', 'gone')]
    expect(await read('joined', 10)).toMatchObject({ read: 5, problem: null })
    stand.errors = [failure('CHAT_CLOSED', 'This chat is closed to you.')]
    expect(await read('joined', 10, CHAT - 1)).toEqual({ read: 0, added: 0, problem: 'This chat is closed to you.' })
    stand.errors = [new Error('a bug')]
    expect(await read('joined', 10, CHAT - 2)).toMatchObject({ problem: expect.stringMatching(/log/) })
  })

  it('goes on after a restart where it stopped', async () => {
    stand.total = 350
    stand.store.coverage.begin(ACCOUNT, CHAT, 350)
    const restarted = new Promise<void>((resolve) => {
      stand.onPage = () => {
        if (stand.asked.length !== 2) return
        stand.onPage = () => undefined
        void stand.restart().then(resolve)
      }
    })
    const backfill = stand.backfills.ask(CHAT, 'asked', null)
    await restarted
    expect(await stand.backfills.ended(backfill?.id ?? 0)).toMatchObject({ added: 350, problem: null })
    expect(stand.ids('stored')).toHaveLength(350)
    expect(stand.asked[0]).toBe(351)
    expect(stand.asked.filter((before) => before === 351)).toHaveLength(1)
  })

  it('can be cancelled', async () => {
    stand.total = 5000
    expect(() => stand.backfills.ask(CHAT, 'asked', null)).toThrow('Nothing is known')
    stand.store.coverage.begin(ACCOUNT, CHAT, 5000)
    const release = stand.backfills.hold()
    stand.backfills.ask(CHAT, 'asked', null)
    expect(stand.backfills.cancel(CHAT).state).toBe('cancelled')
    release()
    expect(() => stand.backfills.cancel(CHAT)).toThrow('not being read')
  })

  it('fills a hole, and finds what was edited and deleted in the meantime', async () => {
    stand.total = 400
    stand.hear(...Array.from({ length: 100 }, (_, index) => message(index + 1)))
    stand.hear({ ...message(90), text: 'as it was', messageId: 101 })
    stand.gone = new Set([7, 55, 200])
    const gap = { chatId: CHAT, afterId: null, beforeId: 390, reason: 'too_long' as const, detail: 'A hole.' }
    stand.ingestion.accept(ACCOUNT, { users: [], chats: [], messages: [], cursors: [], gaps: [gap] })
    stand.ingestion.drain()
    const [opened] = stand.store.gaps.of(ACCOUNT, CHAT, 10)
    expect(opened).toMatchObject({ afterId: 101, beforeId: 390, state: 'open' })
    await stand.backfills.ended(1)
    expect(stand.store.gaps.of(ACCOUNT, CHAT, 10)).toMatchObject([{ state: 'filled' }])
    expect(stand.ids('deleted')).toEqual([7, 55])
    expect(stand.ids('stored')).toHaveLength(389 - 3)
    const row = stand.store.messages.find(ACCOUNT, CHAT, 101)?.row ?? 0
    expect(stand.store.messageHistory.versions(row)).toMatchObject([{ number: 1, text: 'as it was' }])
  })

  it('leaves a hole open to see where the chat is closed to us', async () => {
    stand.hear(message(5))
    stand.errors = [failure('CHAT_CLOSED', 'This chat is closed to you.')]
    const gap = { chatId: CHAT, afterId: null, beforeId: null, reason: 'state_lost' as const, detail: 'A hole.' }
    stand.ingestion.accept(ACCOUNT, { users: [], chats: [], messages: [], cursors: [], gaps: [gap] })
    stand.ingestion.drain()
    await stand.backfills.ended(1)
    expect(stand.store.gaps.of(ACCOUNT, CHAT, 10)).toMatchObject([
      { state: 'closed', detail: 'This chat is closed to you.' },
    ])
  })

  it('looks for a hole of the account in every private chat and basic group', async () => {
    stand.total = 3
    stand.store.chats.saveChat({ id: GROUP, kind: 'group', title: 'Team', username: null })
    const dialog = { members: null, unread: 0, topMessageId: 3, topMessageAt: 1, folders: [] }
    const flags = { isPinned: false, isArchived: false, isMuted: false, isForum: false }
    const chats = [GROUP, CHAT].map((chatId) => ({ chatId, ...dialog, ...flags }))
    stand.store.transaction(() => stand.store.dialogs.replace(ACCOUNT, chats, []))
    const gap = { chatId: null, afterId: null, beforeId: null, reason: 'too_long' as const, detail: 'A hole.' }
    stand.ingestion.accept(ACCOUNT, { users: [], chats: [], messages: [], cursors: [], gaps: [gap] })
    stand.ingestion.drain()
    await stand.backfills.ended(1)
    expect(stand.ids('stored')).toEqual([1, 2, 3])
    expect(stand.store.gaps.of(ACCOUNT, null, 10)).toMatchObject([{ state: 'filled' }])
    expect(stand.store.backfills.find(2)).toBeUndefined()
  })

  it('goes on after a page that is shorter than was asked for, and buries nobody for it', async () => {
    stand.total = 1300
    stand.shortBy = 1
    stand.hear(...Array.from({ length: 1000 }, (_, index) => message(index + 1)))
    const gap = { chatId: CHAT, afterId: null, beforeId: null, reason: 'state_lost' as const, detail: 'A hole.' }
    stand.ingestion.accept(ACCOUNT, { users: [], chats: [], messages: [], cursors: [], gaps: [gap] })
    stand.ingestion.drain()
    await stand.backfills.ended(1)
    expect(stand.ids('stored')).toHaveLength(1300)
    expect(stand.ids('deleted')).toEqual([])
    expect(stand.store.coverage.find(ACCOUNT, CHAT)).toMatchObject({ firstId: 1, upToId: 1300 })
  })

  it('reads nothing of another account that came to be signed in meanwhile', async () => {
    stand.total = 300
    stand.store.coverage.begin(ACCOUNT, CHAT, 301)
    stand.onPage = () => void (stand.self = { id: 8, usernames: [] })
    stand.backfills.ask(CHAT, 'asked', null)
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (stand.asked.length === 0) return
        clearInterval(look)
        resolve()
      }, 10)
    })
    await stand.backfills.close()
    expect(stand.store.messages.lastRow()).toBe(0)
    expect(stand.store.backfills.find(1)).toMatchObject({ state: 'waiting' })
  })

  it('stays cancelled, also where a page was under way', async () => {
    stand.total = 5000
    stand.store.coverage.begin(ACCOUNT, CHAT, 5000)
    stand.onPage = () => void (stand.asked.length === 2 && stand.backfills.cancel(CHAT))
    stand.backfills.ask(CHAT, 'asked', null)
    expect(await stand.backfills.ended(1)).toMatchObject({ read: 100 })
    await stand.backfills.close()
    expect(stand.store.backfills.find(1)).toMatchObject({ state: 'cancelled' })
    expect(stand.asked).toHaveLength(2)
  })

  it('brings nothing back that was erased while a page was under way', async () => {
    stand.total = 50
    stand.store.coverage.begin(ACCOUNT, CHAT, 50)
    const erased = new Promise<void>((resolve) => {
      stand.onPage = () => {
        stand.store.erase()
        resolve()
      }
    })
    stand.backfills.ask(CHAT, 'joined', 50)
    await erased
    await stand.backfills.close()
    expect(stand.store.messages.lastRow()).toBe(0)
  })
})
