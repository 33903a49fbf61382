import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import Database from '@tgsentinel/sqlite-driver'
import { BackupError, type DatabaseEntry, type DatabaseName } from './manifest'

/** So many pages are copied before others get a turn: less than a megabyte. */
const PAGES = 200

/**
 * Copies a database as it is at this moment, by SQLite's online backup, while others go on writing: what they write later is not in it.
 * @param onProgress hears how much of it is done, 0 to 1
 */
export async function snapshot(path: string, target: string, onProgress: (done: number) => void): Promise<void> {
  const source = new Database(path, { readonly: true, fileMustExist: true })
  try {
    // Its read transaction keeps what the copy sees; without it each foreign write would begin the copy anew.
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_master').get()
    await source.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress(totalPages > 0 ? 1 - remainingPages / totalPages : 0)
        return PAGES
      },
    })
  } finally {
    source.close()
  }
  const copy = new Database(target)
  // One file, without a log beside it.
  copy.pragma('journal_mode = DELETE')
  copy.close()
}

/** What a manifest says of a database file. @throws BackupError where SQLite finds it damaged */
export async function describe(path: string, name: DatabaseName): Promise<DatabaseEntry> {
  const { rows, steps } = contentOf(path, name)
  return { name, size: statSync(path).size, sha256: await sha256Of(path), rows, steps }
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

function contentOf(path: string, name: string): Pick<DatabaseEntry, 'rows' | 'steps'> {
  try {
    const database = new Database(path, { readonly: true, fileMustExist: true })
    try {
      const verdict = String(database.pragma('integrity_check', { simple: true }))
      if (verdict !== 'ok') throw new Error(verdict)
      return { rows: rowsOf(database), steps: stepsOf(database) }
    } finally {
      database.close()
    }
  } catch (cause) {
    throw new BackupError(`${name} is damaged: ${(cause as Error).message}.`, { cause })
  }
}

function rowsOf(database: Database.Database): Record<string, number> {
  const tables = database
    .prepare<[], string>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .pluck()
    .all()
  const count = (table: string) => Number(database.prepare(`SELECT count(*) FROM "${table}"`).pluck().get())
  return Object.fromEntries(tables.map((table) => [table, count(table)]))
}

function stepsOf(database: Database.Database): DatabaseEntry['steps'] {
  const columns = database.prepare<[], string>("SELECT name FROM pragma_table_info('schema_migrations')").pluck().all()
  if (!columns.includes('id')) throw new Error('it has no schema of TG Sentinel')
  const hash = columns.includes('hash') ? 'hash' : 'NULL'
  return database
    .prepare<[], { name: string; hash: string | null }>(
      `SELECT name, ${hash} AS hash FROM schema_migrations ORDER BY id`,
    )
    .all()
}
