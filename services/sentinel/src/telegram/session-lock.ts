import Database from '@tgsentinel/sqlite-driver'
import { sqliteErrorCode } from './session-sqlite-error'

/** Another process works with this session; two at once make Telegram cancel the key (AUTH_KEY_DUPLICATED). */
export class SessionLocked extends Error {
  override readonly name = 'SessionLocked'

  constructor(sessionPath: string) {
    super(`The session ${sessionPath} is in use by another process; stop that one first`)
  }
}

/** Held until `close()` or the end of the process, however it ends: the kernel drops it. */
export interface SessionLock {
  close(): void
}

/**
 * Takes the operating system's lock on `<sessionPath>.lock`, a SQLite file beside the session, so that the session
 * itself stays readable. Throws SessionLocked at once when another process, or this one, holds it.
 */
export function lockSession(sessionPath: string): SessionLock {
  const db = new Database(`${sessionPath}.lock`, { timeout: 0 })
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    // In memory: a killed process leaves no journal that the next one would have to roll back.
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (sqliteErrorCode(error)?.startsWith('SQLITE_BUSY')) throw new SessionLocked(sessionPath)
    throw error
  }
  return { close: () => void db.close() }
}
