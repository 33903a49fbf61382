import { InvalidSessionFile } from '@tgsentinel/session-codec/session-codec'
import Database from '@tgsentinel/sqlite-driver'
import { sqliteErrorCode } from './session-sqlite-error'

const MAX_TEXT_CHARACTERS = 256
const LATEST_UNIX_SECONDS = 253402300799

/**
 * Opens a copy of hostile bytes in memory; for the child process alone. sqlite3_deserialize() refuses a WAL file until
 * bytes 18 and 19 say otherwise. Throws InvalidSessionFile when the file is damaged.
 */
export function openHostile(bytes: Buffer): Database.Database {
  const copy = Buffer.from(bytes)
  copy[18] = 1
  copy[19] = 1
  const db = translateDamage(() => new Database(copy))
  db.defaultSafeIntegers(true)
  db.pragma('trusted_schema = OFF')
  db.pragma('cell_size_check = ON')
  db.pragma('mmap_size = 0')
  db.pragma('foreign_keys = OFF')
  return db
}

export function checkIntegrity(db: Database.Database): void {
  if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged()
}

/** SQLite's own words about a hostile file go nowhere. */
export function translateDamage<Result>(action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    if (sqliteErrorCode(error) !== null) throw damaged()
    throw error
  }
}

/** SQL of a column whose values are taken if they have the type, and no more than 256 characters; else NULL. */
export function typedColumn(columns: readonly string[], name: string, type: 'text' | 'integer'): string {
  if (!columns.includes(name)) return 'NULL'
  const bound = type === 'text' ? ` AND length(${name}) <= ${MAX_TEXT_CHARACTERS}` : ''
  return `CASE WHEN typeof(${name}) = '${type}'${bound} THEN ${name} END`
}

/** SQL of a column of Unix seconds, which Telethon writes as REAL now and then; NULL for what is none. */
export function momentColumn(columns: readonly string[], name: string): string {
  if (!columns.includes(name)) return 'NULL'
  const isMoment = `typeof(${name}) IN ('integer', 'real') AND ${name} BETWEEN 0 AND ${LATEST_UNIX_SECONDS}`
  return `CASE WHEN ${isMoment} THEN CAST(${name} AS INTEGER) END`
}

function damaged(): InvalidSessionFile {
  return new InvalidSessionFile('integrity', 'The file is corrupt: its integrity check fails')
}
