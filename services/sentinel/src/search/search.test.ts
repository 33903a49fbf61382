import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { openDatabase, type SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { MemoryBus } from '../bus/memory'
import { MessageFlag, type Message } from '../model'
import { MIGRATIONS } from '../store/migrations'
import { Store } from '../store/store'
import { Indexing } from './indexing'
import { Search, type SearchFilters } from './search'

const ACCOUNT = 700
const NOON = 1_800_000_000
const TEAM = -1_000_000_000_042
const NEWS = -1_000_000_000_043

describe('search', () => {
  let folder = ''
  let database: SqliteDatabase
  let store: Store
  let indexing: Indexing
  let search: Search
  let lastId = 0

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-search-'))
    database = openDatabase(join(folder, 'sentinel.db'), MIGRATIONS)
    store = new Store(database)
    store.chats.saveChat({ id: TEAM, kind: 'supergroup', title: 'Team', username: 'team' })
    store.chats.saveUser({ id: 5, name: 'Mara', username: 'Mara_L' })
    indexing = new Indexing(store, new MemoryBus(), () => 0, createLogger('test', 'silent'))
    search = new Search(store, () => ACCOUNT)
    lastId = 0
  })

  afterEach(() => {
    indexing.close()
    store.close()
    rmSync(folder, { recursive: true })
  })

  function add(text: string, change: Partial<Message> = {}): number {
    lastId += 1
    const facts = { chatId: TEAM, topicId: null, senderId: 5, flags: 0, replyToId: null, media: null, groupedId: null }
    const message = { ...facts, messageId: lastId, date: NOON + lastId, text, ...change }
    store.messages.add(ACCOUNT, message)
    return lastId
  }

  function index(): void {
    while (indexing.advance());
  }

  function find(q: string, filters: Partial<SearchFilters> = {}) {
    return search.find({ q, deleted: 'any', below: undefined, limit: 50, ...filters })
  }

  const textsOf = (q: string, filters: Partial<SearchFilters> = {}) => find(q, filters).hits.map(({ text }) => text)
  const partsOf = (q: string, filters: Partial<SearchFilters> = {}) => find(q, filters).hits.map(({ parts }) => parts)
  const documents = () => Number(database.prepare('SELECT count(*) FROM search_rows').pluck().get())

  it('finds words of any script, newest first', () => {
    const texts = ['Alpha zero-day', 'Уязвимость и Ёлка', '北京大学 alpha', 'مُحَمَّد alpha', 'Café ALPHA', 'gamma']
    for (const text of texts) add(text)
    index()
    expect(textsOf('alpha')).toEqual(['Café ALPHA', 'مُحَمَّد alpha', '北京大学 alpha', 'Alpha zero-day'])
    expect(textsOf('"zero day"')).toEqual(['Alpha zero-day'])
    expect(textsOf('елка уязв*')).toEqual(['Уязвимость и Ёлка'])
    expect(textsOf('京大')).toEqual(['北京大学 alpha'])
    expect(textsOf('大京')).toEqual([])
    expect(textsOf('محمد')).toEqual(['مُحَمَّد alpha'])
    expect(textsOf('alpha -cafe -大')).toEqual(['مُحَمَّد alpha', 'Alpha zero-day'])
    expect(textsOf('-alpha')).toEqual(['gamma', 'Уязвимость и Ёлка'])
    expect(textsOf('')).toEqual([...texts].reverse())
    expect(textsOf('!!!')).toEqual([])
  })

  it('tells of a hit where it is, who wrote it, what is marked, and its address', () => {
    store.chats.saveChat({ id: NEWS, kind: 'channel', title: 'News', username: null })
    database.exec(`INSERT INTO topics VALUES (${TEAM}, 3, 'Talk')`)
    add('an alpha', { topicId: 3, flags: MessageFlag.outgoing, media: 'photo', editedAt: NOON + 9, isPinned: true })
    add('alpha', { chatId: NEWS, senderId: NEWS, facts: { file: fileNamed('alpha report.pdf') } })
    index()
    const [inNews, inTeam] = find('alpha').hits
    expect(inTeam).toEqual({
      chat: { id: String(TEAM), title: 'Team', kind: 'supergroup', username: 'team' },
      sender: { id: '5', name: 'Mara', username: 'Mara_L' },
      message_id: 1,
      parts: [1],
      topic: { id: 3, title: 'Talk' },
      text: 'an alpha',
      highlights: [{ offset: 3, length: 5 }],
      media: 'photo',
      label: null,
      file_name: null,
      posted_at: '2027-01-15T08:00:01.000Z',
      edited_at: '2027-01-15T08:00:09.000Z',
      deleted_at: null,
      is_outgoing: true,
      is_pinned: true,
      link: 'https://t.me/team/3/1',
    })
    expect(inNews).toMatchObject({ sender: { name: 'News' }, topic: null, link: 'https://t.me/c/43/2' })
    expect(find('report').hits.map(({ file_name: name }) => name)).toEqual(['alpha report.pdf'])
  })

  const fileNamed = (name: string) => ({ name, mimeType: 'application/pdf', sizeBytes: 1, durationS: null })

  it('narrows by chat, topic, sender, media, language, time and all of them together', () => {
    add('the alpha is out', { topicId: 3 })
    add('die alpha ist nicht da', { senderId: 6, flags: MessageFlag.link })
    add('alpha', { chatId: NEWS, senderId: NEWS, media: 'photo', flags: MessageFlag.media })
    add('alpha', { chatId: ACCOUNT, senderId: ACCOUNT, flags: MessageFlag.outgoing })
    index()
    expect(partsOf('alpha', { in: String(TEAM) })).toEqual([[2], [1]])
    expect(partsOf('', { in: '@TEAM' })).toEqual([[2], [1]])
    expect(partsOf('', { in: 'me' })).toEqual([[4]])
    expect(partsOf('', { in: '@nobody' })).toEqual([])
    expect(partsOf('', { in: String(TEAM), topic: 3 })).toEqual([[1]])
    expect(() => find('', { topic: 3 })).toThrow(/say which with in/)
    expect(partsOf('alpha', { from: '@mara_l' })).toEqual([[1]])
    expect(partsOf('', { from: 'me' })).toEqual([[4]])
    expect(partsOf('', { from: '6' })).toEqual([[2]])
    expect(partsOf('', { has: 'photo' })).toEqual([[3]])
    expect(partsOf('', { has: 'link' })).toEqual([[2]])
    expect(partsOf('', { lang: 'de' })).toEqual([[2]])
    expect(partsOf('', { lang: 'en', in: '@team', from: '5' })).toEqual([[1]])
    expect(partsOf('', { sinceMs: (NOON + 2) * 1000 })).toEqual([[4], [3], [2]])
    expect(partsOf('alpha', { sinceMs: (NOON + 2) * 1000, untilMs: (NOON + 4) * 1000 })).toEqual([[3], [2]])
    expect(partsOf('', { sinceMs: (NOON + 2) * 1000 + 1, untilMs: (NOON + 3) * 1000 + 1 })).toEqual([[3]])
  })

  it('finds what a former version indexed otherwise, once it has been read again', () => {
    for (const text of ['we use Node.js', 'buy #btc', 'ꜱᴇᴄᴜʀɪᴛʏ', 'no. news', 'album']) add(text)
    index()
    database.exec("DELETE FROM settings WHERE name IN ('search_reading', 'reread_below')")
    for (const row of database.prepare<[], number>('SELECT search_id FROM search_rows').pluck().all())
      database
        .prepare('INSERT OR REPLACE INTO search_words (rowid, words) VALUES (CAST(? AS INTEGER), ?)')
        .run(row, 'old')
    expect(textsOf('node.js')).toEqual([])
    index()
    expect(textsOf('node.js')).toEqual(['we use Node.js'])
    expect(textsOf('#btc security')).toEqual([])
    expect([...textsOf('#btc'), ...textsOf('security'), ...textsOf('"no news"')]).toEqual(['buy #btc', 'ꜱᴇᴄᴜʀɪᴛʏ'])
    expect(textsOf('old')).toEqual([])
    expect(documents()).toBe(5)
  })

  it('goes by pages without loss or repeat, also where many were posted in one second', () => {
    for (let n = 0; n < 23; n++) add(`alpha ${n}`, { date: NOON })
    index()
    for (const q of ['alpha', '']) {
      const pages: number[][] = []
      for (let below: number | undefined; ;) {
        const { hits, next_cursor: cursor } = find(q, { below, limit: 10 })
        pages.push(hits.map(({ message_id: id }) => id))
        if (cursor === null) break
        below = Number(cursor)
      }
      expect(pages.map((page) => page.length)).toEqual([10, 10, 3])
      expect(new Set(pages.flat()).size).toBe(23)
    }
  })

  it('gives a document another place where its own is taken', () => {
    add('first', { date: NOON })
    index()
    database.exec("UPDATE sqlite_sequence SET seq = 65536 WHERE name = 'messages'")
    add('second', { date: NOON })
    index()
    expect(textsOf('')).toEqual(['second', 'first'])
    expect(textsOf('first')).toEqual(['first'])
    expect(database.prepare('SELECT search_id - 65536 * ? AS place FROM search_rows').pluck().all(NOON)).toEqual([1, 2])
  })

  it('makes one hit of an album, whenever its parts come', () => {
    const part = { groupedId: '77', media: 'photo', flags: MessageFlag.media, date: NOON }
    add('', part)
    add('the caption', part)
    index()
    add('another caption', part)
    add('no part', { groupedId: '78', media: 'photo', flags: MessageFlag.media })
    index()
    expect(partsOf('caption')).toEqual([[1, 2, 3]])
    expect(partsOf('', { has: 'photo' })).toEqual([[4], [1, 2, 3]])
    expect(find('caption').hits[0]).toMatchObject({
      message_id: 1,
      text: 'the caption\nanother caption',
      highlights: [
        { offset: 4, length: 7 },
        { offset: 20, length: 7 },
      ],
    })
    expect(documents()).toBe(2)
  })

  it('finds what a message says since an edit, and no more what it said before', () => {
    add('the old words', { media: 'photo', flags: MessageFlag.media })
    index()
    database.exec("UPDATE messages SET text = 'the new words', media = 'poll'")
    database.exec("UPDATE messages SET is_pinned = 1, flags = flags, facts = '{}'")
    index()
    expect([textsOf('old'), textsOf('new words')]).toEqual([[], ['the new words']])
    expect([partsOf('', { has: 'photo' }), partsOf('', { has: 'poll' })]).toEqual([[], [[1]]])
    expect(documents()).toBe(1)
  })

  it('keeps what is deleted to be found, as such, or leaves it out', () => {
    add('alpha here')
    add('alpha gone')
    index()
    database.exec(`UPDATE messages SET deleted_at = ${NOON} WHERE message_id = 2`)
    index()
    expect(textsOf('alpha')).toEqual(['alpha gone', 'alpha here'])
    expect(find('gone').hits[0]?.deleted_at).toBe('2027-01-15T08:00:00.000Z')
    expect(textsOf('alpha', { deleted: 'only' })).toEqual(['alpha gone'])
    expect(textsOf('', { deleted: 'hide' })).toEqual(['alpha here'])
    expect(textsOf('', { deleted: 'only' })).toEqual(['alpha gone'])
    expect(textsOf('-here', { deleted: 'hide' })).toEqual([])
  })

  it.each([
    ['quotes alone', '"'.repeat(300)],
    ['quotes and signs', '-"'.repeat(150)],
    ['the way out of a phrase', '" OR words MATCH "*'],
    ['operators and brackets', 'a*b*c* AND NOT (x'],
    ['all that FTS5 knows', 'NEAR(alpha beta, 5) ^alpha {words}: alpha'],
    ['half characters', '\u202e\u200f\ud800 \udc00 alpha'],
    ['many words', 'x '.repeat(32)],
    ['one run of characters', '日'.repeat(300)],
    ['without a long word', `-${'a'.repeat(299)}`],
    ['stars', '*'.repeat(300)],
    ['SQL', "'; DROP TABLE messages; --"],
    ['facets', '=c1 =x'],
  ])('takes %s for what they are', (_what, q) => {
    add('alpha beta')
    index()
    expect(() => find(q)).not.toThrow()
    expect(textsOf('alpha')).toEqual(['alpha beta'])
  })

  it('refuses more words, and more begins of words, than it has time for', () => {
    expect(() => find('a '.repeat(33))).toThrow(/32 words/)
    expect(() => find('aaa* bbb* ccc*')).toThrow(/2 words with \*/)
  })

  it('takes in what is stored in slices, and each message once, whatever the order of dates', () => {
    for (let n = 0; n < 2500; n++) add(`alpha n${n}`, { date: NOON - n * 7 })
    expect(indexing.backlog).toBe(2500)
    index()
    expect([indexing.backlog, documents()]).toEqual([0, 2500])
    expect(textsOf('alpha', { limit: 3 })).toEqual(['alpha n0', 'alpha n1', 'alpha n2'])
    expect(store.volumes.all()).toEqual([expect.objectContaining({ chatId: TEAM, kind: 'supergroup', messages: 2500 })])
  })

  it('forgets all that was captured when it is erased, and goes on', () => {
    add('alpha before')
    index()
    database.exec("UPDATE messages SET text = 'alpha edited'")
    store.erase()
    index()
    expect([textsOf('alpha'), documents(), store.volumes.all()]).toEqual([[], 0, []])
    add('alpha after')
    index()
    expect(textsOf('alpha')).toEqual(['alpha after'])
  })

  it('shows a message among those around it, by id', () => {
    for (let n = 1; n <= 9; n++) add(`number ${n}`, { date: NOON - n })
    add('elsewhere', { chatId: NEWS })
    const context = (id: number, before: number, after: number) =>
      search.context(TEAM, id, before, after).messages.map(({ message_id: each }) => each)
    expect(context(5, 2, 2)).toEqual([3, 4, 5, 6, 7])
    expect(context(1, 5, 0)).toEqual([1])
    expect(context(9, 1, 100)).toEqual([8, 9])
    expect(search.context(TEAM, 5, 0, 0)).toMatchObject({ chat: { title: 'Team' }, message_id: 5 })
    expect(() => search.context(TEAM, 10, 1, 1)).toThrow(/was not captured/)
    expect(() => search.context(NEWS, 5, 1, 1)).toThrow(/was not captured/)
  })
})
