import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, type SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { QueryPlans } from '../../../../test/support/query-plans'
import type { AlertQuery } from './alerts'
import { MIGRATIONS } from './migrations'
import { Store } from './store'

/** As many rows as the owner made, or one a chat: these may be walked. */
const SMALL: Record<string, string> = {
  profiles: 'made by hand',
  relevance_models: 'a few versions a profile',
  background: 'one row',
  totals: 'three rows',
  bot_chats: 'subscribed by hand',
  destinations: 'made by hand',
  digests: 'made by hand',
  templates: 'made by hand',
  coverage: 'a row a chat, read at the start and after a failed transaction',
  chat_volumes: 'a row a chat, for a sweep or the page of storage',
}

/** What may be so although its table grows. */
const ALLOWED: [wrong: RegExp, sql: RegExp, reason: string][] = [
  [
    /./,
    /ORDER BY (a\.id|t\.rowid|id) DESC LIMIT @limit$/,
    'a page of a list goes by one filter, newest first, until it is full',
  ],
  [/^scans unreadable_messages/, /count\(\*\)/, 'few, and counted at the start and after a failed transaction alone'],
  [/^scans reconsiderations/, /count\(\*\)/, 'a queue that is emptied after each batch'],
  [/^scans deliveries/, /GROUP BY destination_id, state/, 'from the index alone, and retention keeps 20,000 a state'],
  [/^scans deliveries/, /WHERE held IS NOT NULL$/, 'the index has what is held and nothing else'],
  [/^scans chats/, /INDEXED BY forums/, 'the index has the forums and nothing else, and they are remembered'],
  [/^finds deliveries .* without kind/, /./, 'alerts are nearly all that is delivered'],
  [/^finds backfills .* without (gap_id|state)/, /state IN/, 'few are open, and a chat has few'],
  [
    /^finds alert_profiles by alert_profiles_by_profile \(profile_id, id, id\)/,
    /is_exploration = 0/,
    'what came since the last digest',
  ],
  [/^finds alert_traffic by key \(hour\) without profile_id/, /./, 'a period is summed, a few rows an hour'],
  [/^finds digest_runs/, /on_its_way/, 'a hundred runs a digest are kept'],
]

let folder: string
let database: SqliteDatabase
let plans: QueryPlans
let prepared: Set<string>

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tgsentinel-plans-'))
  database = openDatabase(join(folder, 'sentinel.db'), MIGRATIONS)
  plans = new QueryPlans(database)
  prepared = plans.notePrepared()
  const store = new Store(database)
  for (const query of alertQueries()) store.alerts.list(query)
  for (const query of subsets({ state: 'sent' as const, destinationId: 1, beforeId: 9 }))
    store.deliveries.list({ ...query, limit: 1 })
})

afterAll(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

describe('every statement of sentinel.db', () => {
  it('finds what it is after in what grows', () => {
    expect(prepared.size).toBeGreaterThan(250)
    expect([...prepared].flatMap(wrongsOf)).toEqual([])
  })

  it('is seen here: two tables prepare some of theirs later, and erasing counts what it deletes', () => {
    const late = readdirSync(__dirname).filter(
      (file) =>
        !file.endsWith('.test.ts') && readFileSync(join(__dirname, file), 'utf8').includes('this.database.prepare'),
    )
    expect(late.sort()).toEqual(['alerts.ts', 'deliveries.ts', 'store.ts'])
  })

  it.each(ALLOWED)('is let off for something that there is: %s in %s', (wrong, sql) => {
    const matching = [...prepared].filter(
      (one) => sql.test(flat(one)) && plans.wrongs(one).some((line) => wrong.test(line)),
    )
    expect(matching.length).toBeGreaterThan(0)
  })
})

describe('a plan is refused', () => {
  it.each([
    ['that walks a table', 'DELETE FROM messages WHERE date < ?', ['scans messages']],
    [
      'that walks all keys of a profile',
      `SELECT alert_id FROM json_each(?) j JOIN story_keys k ON k.profile_id = ? AND k.key = j.value AND k.at >= ?`,
      ['finds story_keys by key (profile_id) without key'],
    ],
    [
      'that walks a chat',
      'SELECT id FROM messages WHERE chat_id = ? AND grouped_id = ? AND account_id = ?',
      ['finds messages by messages_of_albums (chat_id, grouped_id) without account_id'],
    ],
  ])('%s', (_what, sql, wrongs) => {
    expect(plans.wrongs(sql)).toEqual(wrongs)
  })
})

function wrongsOf(sql: string): string[] {
  return plans
    .wrongs(sql)
    .filter((wrong) => !(wrong.replace(/^scans /, '') in SMALL))
    .filter((wrong) => !ALLOWED.some(([about, where]) => about.test(wrong) && where.test(flat(sql))))
    .map((wrong) => `${wrong}: ${flat(sql)}`)
}

function flat(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim()
}

/** A list for each set of filters; the text that is long enough for the index is another statement than the short one. */
function alertQueries(): AlertQuery[] {
  const filters = { profileId: 1, chatId: 1, sinceMs: 1, beforeId: 9 }
  const states = (['unread', 'read', 'starred', 'dismissed'] as const).map((state) => ({ state }))
  const texts = [{ text: 'ab' }, { text: 'abc' }]
  return subsets(filters).flatMap((query) =>
    [{}, ...states].flatMap((state) => [{}, ...texts].map((text) => ({ ...query, ...state, ...text, limit: 1 }))),
  )
}

function subsets<T extends object>(all: T): Partial<T>[] {
  return Object.entries(all).reduce<Partial<T>[]>(
    (sets, [name, value]) => sets.flatMap((set) => [set, { ...set, [name]: value as unknown }]),
    [{}],
  )
}
