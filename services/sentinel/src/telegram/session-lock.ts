import { FileLock, FileLocked } from '@tgsentinel/database/file-lock'

/** Another process works with this session; two at once make Telegram cancel the key (AUTH_KEY_DUPLICATED). */
export class SessionLocked extends Error {
  override readonly name = 'SessionLocked'

  constructor(sessionPath: string) {
    super(`The session ${sessionPath} is in use by another process; stop that one first`)
  }
}

/**
 * Takes the operating system's lock on a session file.
 * @throws SessionLocked at once when another process, or this one, holds it
 */
export function lockSession(sessionPath: string): FileLock {
  try {
    return new FileLock(sessionPath)
  } catch (error) {
    if (error instanceof FileLocked) throw new SessionLocked(sessionPath)
    throw error
  }
}
