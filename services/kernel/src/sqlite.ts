import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from '@tgsentinel/sqlite-driver'
import { planUpgrade, upgrade, type Migration, type Repair, type UpgradePlan } from './migration'
import { DAY } from './time'

export type SqliteDatabase = Database.Database
export type { Migration, Repair } from './migration'

/** A statement that another process keeps waiting fails after this long: the event loop stands meanwhile. */
const BUSY_TIMEOUT_MS = 50
/** At the start nobody waits for an answer yet. */
const PATIENCE_AT_START_MS = 5000
/** How long the copy is kept that was made before an upgrade. */
const COPY_KEPT_MS = 7 * DAY

/**
 * Opens a database, makes it ours (WAL, foreign keys, a short busy timeout, for its owner and group alone) and brings its schema up to
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

function bringUpToDate(
  database: SqliteDatabase,
  path: string,
  migrations: readonly Migration[],
  repairs: readonly Repair[],
): void {
  const plan = planUpgrade(database, path, migrations, repairs)
  removeOldCopies(path)
  if (plan.isRecorded && plan.steps.length === 0) return
  const copy = plan.from > 0 ? copyBefore(database, path, plan) : undefined
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

/** The path of a copy that is whole as soon as it has its name. */
function copyBefore(database: SqliteDatabase, path: string, { from }: UpgradePlan): string {
  const copy = `${path}.before-step-${from + 1}`
  const unfinished = `${copy}.unfinished`
  try {
    rmSync(unfinished, { force: true })
    database.prepare('VACUUM INTO ?').run(unfinished)
    chmodSync(unfinished, statSync(path).mode & 0o777)
    renameSync(unfinished, copy)
    return copy
  } catch (cause) {
    rmSync(unfinished, { force: true })
    throw new Error(
      `No copy of the database ${path} could be made before its upgrade. Make room beside it for as much again ` +
        `(${Math.ceil(statSync(path).size / 1e6)} MB), and start again.`,
      { cause },
    )
  }
}

function removeOldCopies(path: string): void {
  const isCopy = (name: string) => name.startsWith(`${basename(path)}.before-step-`)
  for (const name of readdirSync(dirname(path)).filter(isCopy)) {
    const copy = join(dirname(path), name)
    if (Date.now() - statSync(copy).mtimeMs > COPY_KEPT_MS) rmSync(copy, { force: true })
  }
}

/** What keeps a database from being opened, and what to do about it. */
function inWords(error: unknown, path: string): unknown {
  const code = codeOf(error)
  const sentence = SENTENCES.find(([pattern]) => pattern.test(code))?.[1]
  return sentence ? new Error(sentence(path), { cause: error }) : error
}

const SENTENCES: readonly [RegExp, (path: string) => string][] = [
  [
    /^SQLITE_(NOTADB|CORRUPT)/,
    (path) =>
      `The file ${path} is not a database, or it is damaged. Restore a backup (npm run restore -- FILE), or move the file away to begin anew.`,
  ],
  [/^SQLITE_FULL/, (path) => `There is no room on the disk of the database ${path}. Make room, and start again.`],
  [
    /^SQLITE_(BUSY|LOCKED)/,
    (path) => `The database ${path} is locked by another process. Stop that one, and start again.`,
  ],
  [
    /^SQLITE_(READONLY|CANTOPEN|IOERR|PERM|AUTH)/,
    (path) => `The database ${path} cannot be written. Check its disk and who may write it and its folder.`,
  ],
]

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

/** Whether an error says that the disk or the file does not take writes now, so that trying again later makes sense. */
export function isStorageFailure(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CANTOPEN|NOMEM)/.test(codeOf(error))
}
