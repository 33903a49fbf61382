import { chmodSync, closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from '@tgsentinel/sqlite-driver'
import { BUSY_TIMEOUT_MS } from './busy-timeout'
import { fileMode, makeFolder, tightenFiles } from './file-access'
import { FileLock } from './file-lock'
import { planUpgrade, upgrade, type Migration, type Repair } from './migration'
import { inWords, isStorageFailure } from './sqlite-error'
import { copiesOf, copyBeforeStep, removeOldCopies } from './upgrade-copy'

export type SqliteDatabase = Database.Database
export { isStorageFailure }
export type { Migration, Repair, Schema } from './migration'

/** At the start nobody waits for an answer yet. */
const PATIENCE_AT_START_MS = 5000

/**
 * Opens a database, makes it ours (WAL, foreign keys, a short busy timeout, for its user alone, or for the group, too: file-access) and brings its schema up to
 * date: all steps that are missing, or none. Before steps run over data, a copy of the file is made beside it and kept for a week.
 * @throws Error with a sentence for people when the file cannot be used or was written by a newer version
 */
export function openDatabase(
  path: string,
  migrations: readonly Migration[],
  repairs: readonly Repair[] = [],
): SqliteDatabase {
  const database = openFile(path)
  try {
    database.pragma(`busy_timeout = ${PATIENCE_AT_START_MS}`)
    // Of a new file, while it is empty; an older one is changed by its next VACUUM.
    database.pragma('auto_vacuum = INCREMENTAL')
    database.pragma('journal_mode = WAL')
    // What a power cut takes is read again from where it came: rows and the cursor that covers them commit together.
    database.pragma('synchronous = NORMAL')
    database.pragma('foreign_keys = ON')
    bringUpToDate(database, path, migrations, repairs)
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
    return database
  } catch (error) {
    database.close()
    throw inWords(error, path)
  }
}

/**
 * Makes sure that no other process works with the database, for as long as the lock is held.
 * @throws FileLocked, with a sentence for people
 */
export function lockDatabase(path: string): FileLock {
  makeFolder(dirname(path))
  return new FileLock(path)
}

function openFile(path: string): SqliteDatabase {
  try {
    makeFolder(dirname(path))
    closeSync(openSync(path, 'a', fileMode()))
    chmodSync(path, fileMode())
    tightenFiles([`${path}-wal`, `${path}-shm`, ...copiesOf(path).map((copy) => copy.path)])
    return new Database(path)
  } catch (cause) {
    throw new Error(`The database ${path} cannot be opened. Check that its folder exists and may be written.`, {
      cause,
    })
  }
}

function bringUpToDate(
  database: SqliteDatabase,
  path: string,
  migrations: readonly Migration[],
  repairs: readonly Repair[],
): void {
  const plan = planUpgrade(database, path, migrations, repairs)
  removeOldCopies(path)
  if (plan.isRecorded && plan.steps.length === 0) return
  const copy = plan.from > 0 ? copyBeforeStep(database, path, plan.from + 1) : undefined
  try {
    upgrade(database, migrations, plan)
  } catch (cause) {
    if (copy === undefined || isStorageFailure(cause)) throw cause
    throw new Error(
      `The database ${path} cannot be upgraded from step ${plan.from}: ${(cause as Error).message}. Nothing was changed. ` +
        `Start the version that wrote it, and report this; a copy from before is ${copy}.`,
      { cause },
    )
  }
}
