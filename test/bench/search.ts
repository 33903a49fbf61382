import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryBus } from '../../services/sentinel/src/bus/memory'
import { Indexing } from '../../services/sentinel/src/search/indexing'
import { Search, type SearchFilters } from '../../services/sentinel/src/search/search'
import { MIGRATIONS } from '../../services/sentinel/src/store/migrations'
import { Store } from '../../services/sentinel/src/store/store'
import { createLogger } from '../../services/kernel/src/log'
import { openDatabase, type SqliteDatabase } from '../../services/kernel/src/sqlite'
import { figure, percentile, type Figure } from './figure'
import { Traffic } from './traffic'

const ROWS = Number(process.env['BENCH_SEARCH_ROWS'] ?? 10_000_000)
const QUERIES = 200
const TARGET_MS = 50

type Ask = Partial<SearchFilters> & { q: string }

/** Searches of a database of millions of messages, as the product indexed them. */
export function benchSearch(): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), 'tgsentinel-bench-search-'))
  const path = join(folder, 'sentinel.db')
  const database = openDatabase(path, MIGRATIONS)
  try {
    const store = new Store(database)
    const traffic = new Traffic()
    fill(database, traffic)
    const indexPerSecond = index(store)
    database.pragma('wal_checkpoint(TRUNCATE)')
    const search = new Search(store, () => 1)
    const size = `of ${(ROWS / 1e6).toLocaleString('en')} million`
    const times = Object.entries(asksOf(traffic)).map(([name, ask]) => {
      const values = Array.from({ length: QUERIES }, (_, turn) => timeOf(search, ask(turn)))
      process.stderr.write(
        `  ${name}: p50 ${percentile(values, 0.5).toFixed(2)} max ${Math.max(...values).toFixed(1)}\n`,
      )
      return figure(`search ${size}, ${name}, p95`, percentile(values, 0.95), 'ms', 'lower', TARGET_MS)
    })
    return [
      ...times,
      figure('index, messages/s of one core', indexPerSecond, 'messages/s', 'higher'),
      figure(`database ${size}`, statSync(path).size / 1e6, 'MB', 'lower'),
      figure('of it the index', indexBytes(database) / 1e6, 'MB', 'lower'),
    ]
  } finally {
    database.close()
    rmSync(folder, { recursive: true })
  }
}

function fill(database: SqliteDatabase, traffic: Traffic): void {
  const insert = database.prepare(`
    INSERT INTO messages (account_id, chat_id, message_id, sender_id, date, text, flags, media)
    VALUES (1, ?, ?, ?, ?, ?, ?, ?)`)
  const batch = database.transaction((from: number, to: number) => {
    for (let row = from; row < to; row++) {
      const { chatId, senderId, date, text, flags, media } = traffic.next()
      insert.run(chatId, row, senderId, date, text, flags, media)
    }
  })
  for (let row = 0; row < ROWS; row += 50_000) batch(row, Math.min(ROWS, row + 50_000))
}

/** Messages a second. */
function index(store: Store): number {
  const indexing = new Indexing(store, new MemoryBus(), () => 0, createLogger('bench', 'warn'))
  const startedAt = performance.now()
  for (let slices = 0; indexing.advance(); slices++)
    if (slices % 2000 === 0) process.stderr.write(`  ${indexing.backlog} to index\n`)
  return ROWS / ((performance.now() - startedAt) / 1000)
}

function timeOf(search: Search, { q, ...filters }: Ask): number {
  const startedAt = performance.now()
  search.find({ deleted: 'any', below: undefined, limit: 50, ...filters, q })
  return performance.now() - startedAt
}

/** Another question each time. */
function asksOf(traffic: Traffic): Record<string, (turn: number) => Ask> {
  const { latin, cyrillic } = traffic
  const day = 86_400_000
  const middleMs = traffic.middle * 1000
  return {
    'a rare word': (turn) => ({ q: latin[20_000 + turn * 97] ?? '' }),
    'a common word': (turn) => ({ q: latin[turn % 40] ?? '' }),
    'two words': (turn) => ({ q: `${latin[300 + turn]} ${latin[200 + turn * 3]}` }),
    'a phrase': () => ({ q: `"${traffic.phrase('latin')}"` }),
    'a Cyrillic word': (turn) => ({ q: cyrillic[100 + turn * 11] ?? '' }),
    'a Chinese word': () => ({ q: traffic.phrase('han') }),
    'a word in a chat': (turn) => ({ q: latin[50 + turn * 3] ?? '', in: String(traffic.chat(turn * 2)) }),
    'somebody in a month': (turn) => ({
      q: '',
      from: String(traffic.sender(turn * 13)),
      sinceMs: middleMs + turn * day,
      untilMs: middleMs + (turn + 30) * day,
    }),
    'a word of a month': (turn) => ({ q: latin[turn * 5] ?? '', untilMs: middleMs + turn * day }),
    'polls with a word': (turn) => ({ q: cyrillic[turn] ?? '', has: 'poll' }),
    'a language in a chat': (turn) => ({ q: '', lang: 'ru', in: String(traffic.chat(turn)) }),
    'the begin of a word': (turn) => ({ q: `${latin[turn * 20]?.slice(0, 3)}*` }),
    'without a word': (turn) => ({ q: `-${latin[turn]}` }),
    'two words that are never together': (turn) => ({
      q: `${latin[turn % 20]} ${latin[40_000 + turn]} -${cyrillic[turn]}`,
    }),
    'the newest': () => ({ q: '' }),
  }
}

function indexBytes(database: SqliteDatabase): number {
  return Number(
    database.prepare("SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%search\\_%' ESCAPE '\\'").pluck().get(),
  )
}
