import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { openDatabase, type SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { DAY, SECOND } from '@tgsentinel/kernel/time'
import { MemoryBus } from '../bus/memory'
import { MessageFlag, type ChatKind, type Message, type RetentionRules } from '../model'
import { Indexing } from '../search/indexing'
import { Search } from '../search/search'
import { MIGRATIONS } from '../store/migrations'
import { Store } from '../store/store'
import { Maintenance } from './maintenance'
import { Retention } from './retention'

const ACCOUNT = 700
const NOW = 1_800_000_000_000
const CHANNEL = -1_000_000_000_042
const MARA = 5
const log = createLogger('test', 'silent')

describe('keeping', () => {
  let folder = ''
  let database: SqliteDatabase
  let store: Store
  let indexing: Indexing
  let retention: Retention
  let lastId = 0
  const swept: [accountId: number, chatId: number, below: number][] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-keeping-'))
    database = openDatabase(join(folder, 'sentinel.db'), MIGRATIONS)
    store = new Store(database)
    store.chats.saveChat({ id: CHANNEL, kind: 'channel', title: 'News', username: null })
    const bus = new MemoryBus()
    indexing = new Indexing(store, bus, () => 0, log)
    const onSwept = (...place: (typeof swept)[number]) => {
      swept.push(place)
      store.coverage.sweptBelow(...place)
    }
    retention = new Retention({ store, bus, log, now: () => NOW, uncounted: () => indexing.backlog, onSwept })
    lastId = 0
    swept.length = 0
  })

  afterEach(async () => {
    await retention.close()
    store.close()
    rmSync(folder, { recursive: true })
  })

  /** Posts one that is so many days old; gives its message id. */
  function add(ageDays: number, change: Partial<Message> = {}): number {
    lastId += 1
    const facts = { chatId: CHANNEL, topicId: null, senderId: null, replyToId: null, media: null, groupedId: null }
    const date = (NOW - ageDays * DAY) / SECOND
    const message = { ...facts, messageId: lastId, date, text: `alpha n${lastId}`, flags: 0, ...change }
    store.messages.add(ACCOUNT, message)
    store.traffic.countMessages(Math.floor(message.date / 3600), message.chatId, 1)
    return lastId
  }

  /** As if scored, and indexed. */
  function takeIn(): void {
    store.settings.set('scored_up_to', store.messages.lastRow())
    while (indexing.advance());
  }

  function alertFor(messageRow: number): void {
    const finding = {
      ...{ id: 1, name: 'First', score: 1, reasons: [], relevance: null },
      ...{ is_exploration: false, label: null, raised_by: 'post' as const },
    }
    store.alerts.add({ messageRow, chatId: CHANNEL, text: 'alpha', profiles: [finding], createdAtMs: NOW })
  }

  async function sweepBy(kinds: RetentionRules['kinds'], maxSizeMb: number | null = null) {
    await retention.set({ kinds, max_size_mb: maxSizeMb })
    retention.sweep()
    await ended(() => retention.sweeping)
    while (indexing.advance());
    return retention.sweeping
  }

  async function ended<T extends { state: string }>(view: () => T): Promise<T> {
    for (;;) {
      const seen = view()
      if (seen.state !== 'running') return seen
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  const rule = (maxAgeDays: number | null, maxMessages: number | null = null) => ({
    max_age_days: maxAgeDays,
    max_messages: maxMessages,
  })
  const kept = () => database.prepare('SELECT message_id FROM messages ORDER BY id').pluck().all()
  const found = () =>
    new Search(store, () => ACCOUNT)
      .find({ q: '', deleted: 'any', below: undefined, limit: 200 })
      .hits.flatMap(({ parts }) => parts)
      .sort((a, b) => a - b)
  const kindOf = async (kind: ChatKind) => (await retention.read()).kinds.find((entry) => entry.kind === kind)

  it('keeps everything where nobody said otherwise', async () => {
    add(5000)
    takeIn()
    retention.sweep()
    await ended(() => retention.sweeping)
    expect(retention.sweeping).toMatchObject({ state: 'done', messages: 0, message: 'There was nothing to sweep.' })
    expect(kept()).toEqual([1])
  })

  it('deletes by age in the kinds of chats that have a rule, with versions, and search knows nothing of it', async () => {
    for (const age of [50, 40, 31, 29, 1]) add(age)
    add(50, { chatId: MARA })
    database.exec(
      `INSERT INTO message_versions (message_row, number, text, written_at) VALUES (1, 1, 'before', 0), (4, 1, 'before', 0)`,
    )
    takeIn()
    await retention.set({ kinds: { channel: rule(30) }, max_size_mb: null })
    expect([
      (await kindOf('channel'))?.to_sweep,
      (await kindOf('private'))?.to_sweep,
      (await retention.read()).to_sweep,
    ]).toEqual([3, 0, 3])
    expect(await sweepBy({ channel: rule(30) })).toMatchObject({ state: 'done', messages: 3 })
    expect([kept(), found()]).toEqual([
      [4, 5, 6],
      [4, 5, 6],
    ])
    expect(database.prepare('SELECT message_row FROM message_versions').pluck().all()).toEqual([4])
    expect(swept).toEqual([[ACCOUNT, CHANNEL, 4]])
    expect([
      (await kindOf('channel'))?.messages,
      (await kindOf('private'))?.messages,
      (await retention.read()).to_sweep,
    ]).toEqual([2, 1, 0])
  })

  it('lowers the ledger of the account alone whose messages went', async () => {
    const OTHER = 701
    store.coverage.begin(ACCOUNT, MARA, 0)
    store.coverage.begin(OTHER, MARA, 0)
    for (const age of [40, 35, 5]) add(age, { chatId: MARA })
    const own = { chatId: MARA, topicId: null, senderId: null, replyToId: null, media: null, groupedId: null }
    store.messages.add(OTHER, { ...own, messageId: 1, date: NOW / SECOND, text: 'alpha', flags: 0 })
    takeIn()
    await sweepBy({ private: rule(30) })
    expect(swept).toEqual([[ACCOUNT, MARA, 3]])
    expect([store.coverage.find(ACCOUNT, MARA)?.firstId, store.coverage.find(OTHER, MARA)?.firstId]).toEqual([3, 1])
  })

  it('keeps the newest so many of each chat', async () => {
    for (let n = 0; n < 350; n++) add(400 - n, { chatId: n % 2 ? CHANNEL : MARA })
    takeIn()
    expect(await sweepBy({ channel: rule(null, 5), private: rule(1000, 200) })).toMatchObject({ messages: 170 })
    expect([(await kindOf('channel'))?.messages, (await kindOf('private'))?.messages]).toEqual([5, 175])
    expect(kept().filter((id) => Number(id) % 2 === 0)).toEqual([342, 344, 346, 348, 350])
  })

  it('never deletes what an alert points to, nor what is not scored or not indexed yet', async () => {
    for (let n = 0; n < 250; n++) add(100)
    takeIn()
    for (const row of [1, 101, 250]) alertFor(row)
    add(100)
    await sweepBy({ channel: rule(30) })
    expect(kept()).toEqual([1, 101, 250, 251])
    expect(store.alerts.list({ limit: 10 })).toHaveLength(3)
    takeIn()
    await sweepBy({ channel: rule(30) })
    expect([kept(), found()]).toEqual([
      [1, 101, 250],
      [1, 101, 250],
    ])
  })

  it('keeps what is left of an album to be found', async () => {
    const part = { groupedId: '7', media: 'photo', flags: MessageFlag.media }
    add(31, { ...part, text: 'the caption' })
    add(29, part)
    add(29, { ...part, text: '' })
    takeIn()
    expect(found()).toEqual([1, 2, 3])
    await sweepBy({ channel: rule(30) })
    expect(found()).toEqual([2, 3])
  })

  it('deletes the oldest of all chats beyond the greatest size', async () => {
    const text = 'x'.repeat(2400)
    for (let n = 0; n < 900; n++) add(1000 - n, { chatId: n % 2 ? CHANNEL : MARA, text: `${text} ${n}` })
    takeIn()
    const before = await retention.read()
    expect(before.size_bytes).toBeGreaterThan(2_500_000)
    alertFor(1)
    const expected = (await retention.set({ kinds: {}, max_size_mb: 2 })).to_sweep
    expect(expected).toBeGreaterThan(200)
    const { messages } = await sweepBy({}, 2)
    expect(messages).toBe(expected)
    const ids = kept().map(Number)
    expect([ids[0], ids[1], ids.length]).toEqual([1, messages + 2, 900 - messages])
    expect((await retention.read()).size_bytes).toBeLessThan(2_330_000)
    expect((await retention.read()).full_at).toEqual(expect.any(String))
  })

  it('says so when the database takes no writes, and what a sweep did outlives a restart', async () => {
    for (const age of [50, 1]) add(age)
    takeIn()
    const failing = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    const remove = store.sweeps.delete.bind(store.sweeps)
    store.sweeps.delete = () => {
      throw failing
    }
    expect(await sweepBy({ channel: rule(30) })).toMatchObject({ state: 'failed', messages: 0 })
    expect(kept()).toEqual([1, 2])
    store.sweeps.delete = remove
    const done = await sweepBy({ channel: rule(30) })
    const later = new Retention({
      store,
      bus: new MemoryBus(),
      log,
      now: () => NOW,
      uncounted: () => 0,
      onSwept: () => {},
    })
    const view = await later.read()
    expect(view).toMatchObject({ sweep: done, to_sweep: 0 })
    expect(view.kinds.find(({ kind }) => kind === 'channel')?.max_age_days).toBe(30)
    await later.close()
  })

  describe('the vacuum', () => {
    const sizeOf = () => statSync(join(folder, 'sentinel.db')).size

    function maintenance(freeBytes?: () => number): Maintenance {
      const options = { store, bus: new MemoryBus(), log, programPath: 'nothing', now: () => NOW }
      return new Maintenance({ ...options, ...(freeBytes ? { freeBytes } : {}) })
    }

    it('gives back what deleted rows left, in slices, one vacuum at a time', async () => {
      const text = 'x'.repeat(6000)
      for (let n = 0; n < 400; n++) add(50, { text })
      takeIn()
      await sweepBy({ channel: rule(30) })
      const before = sizeOf()
      const job = maintenance()
      expect(job.view).toMatchObject({ state: 'none', percent: null })
      expect(job.vacuum()).toMatchObject({ state: 'running', kind: 'incremental', percent: 0 })
      expect(() => job.vacuum()).toThrow(/under way/)
      const view = await ended(() => job.view)
      expect(view).toMatchObject({ state: 'done', percent: 100, free_bytes: 0 })
      expect(view.message).toMatch(/^[\d.]+ MB were given back/)
      expect(sizeOf()).toBeLessThan(before / 4)
      expect(sizeOf()).toBe(view.size_bytes)
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
      job.vacuum()
      expect(await ended(() => job.view)).toMatchObject({ message: 'There was nothing to give back.' })
    })

    it('of a file of an older version says when the disk has too little room, before anything is done', async () => {
      database.pragma('auto_vacuum = NONE')
      database.exec('VACUUM')
      const job = maintenance(() => 100_000)
      expect(job.vacuum()).toMatchObject({ kind: 'full', percent: null })
      const view = await ended(() => job.view)
      expect(view.state).toBe('failed')
      expect(view.message).toMatch(/^The disk has 0\.1 MB left, and [\d.]+ MB are needed for a while/)
    })
  })
})
