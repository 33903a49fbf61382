import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from '@tgsentinel/sqlite-driver'

export type SqliteDatabase = Database.Database

/** One step of a schema. Append only: a released step never changes. */
export interface Migration {
  name: string
  sql: string
}

/**
 * Opens a database, makes it ours (WAL, foreign keys, 5 s busy timeout, mode 0660 in a folder of 0770) and brings its
 * schema up to date, each migration in a transaction of its own.
 * @throws Error with a sentence for people when the file cannot be used or was written by a newer version
 */
export function openDatabase(path: string, migrations: readonly Migration[]): SqliteDatabase {
  const database = openFile(path)
  try {
    // Of a new file, while it is empty; an older one is changed by its next VACUUM.
    database.pragma('auto_vacuum = INCREMENTAL')
    database.pragma('journal_mode = WAL')
    // What a power cut takes is read again from where it came: rows and the cursor that covers them commit together.
    database.pragma('synchronous = NORMAL')
    database.pragma('foreign_keys = ON')
    database.pragma('busy_timeout = 5000')
    migrate(database, path, migrations)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function openFile(path: string): SqliteDatabase {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o770 })
    closeSync(openSync(path, 'a', 0o660))
    chmodSync(path, 0o660)
    return new Database(path)
  } catch (cause) {
    throw new Error(`The database ${path} cannot be opened. Check that its folder exists and may be written.`, {
      cause,
    })
  }
}

function migrate(database: SqliteDatabase, path: string, migrations: readonly Migration[]): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS schema_migrations (id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)',
  )
  const applied = database
    .prepare<[], { latest: number | null }>('SELECT max(id) AS latest FROM schema_migrations')
    .get()
  const latest = applied?.latest ?? 0
  if (latest > migrations.length)
    throw new Error(`The database ${path} was written by a newer version of TG Sentinel. Update this one.`)
  const record = database.prepare('INSERT INTO schema_migrations (id, name, applied_at) VALUES (?, ?, ?)')
  migrations.slice(latest).forEach((migration, index) => {
    database.transaction(() => {
      database.exec(migration.sql)
      record.run(latest + index + 1, migration.name, new Date().toISOString())
    })()
  })
}

/** Whether an error says that the disk or the file does not take writes now, so that trying again later makes sense. */
export function isStorageFailure(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CANTOPEN|NOMEM)/.test(code)
}
