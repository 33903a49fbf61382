import { mkdirSync, realpathSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import Database from '@tgsentinel/sqlite-driver'
import { tightenFiles } from './file-access'

/** Another process works with the file. */
export class FileLocked extends Error {
  override readonly name = 'FileLocked'

  constructor(path: string) {
    super(`${path} is in use by another process; stop that one first`)
  }
}

/**
 * The operating system's lock on a file, whatever the name by which it is reached: on `<real path>.lock` beside it, and on its inode, so
 * that neither a symbolic nor a hard link leads past it. The file itself stays readable. Held until `close()` or the end of the
 * process, however it ends.
 */
export class FileLock {
  private held = new Map<string, Database.Database>()

  /** @throws FileLocked at once when another process, or this one, holds it */
  constructor(private readonly path: string) {
    this.follow()
  }

  /** To be called once another file has taken the name: from then on that one is locked. */
  follow(): void {
    const places = lockPlaces(this.path)
    const taken = new Map<string, Database.Database>()
    try {
      for (const place of places) taken.set(place, this.held.get(place) ?? take(place, this.path))
    } catch (error) {
      for (const [place, lock] of taken) if (!this.held.has(place)) lock.close()
      throw error
    }
    for (const [place, lock] of this.held) if (!taken.has(place)) lock.close()
    this.held = taken
  }

  /** Idempotent. */
  close(): void {
    for (const lock of this.held.values()) lock.close()
    this.held.clear()
  }
}

/** A SQLite file each: the kernel drops its lock with the process. */
function take(place: string, path: string): Database.Database {
  const lock = new Database(place, { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    // In memory: a killed process leaves no journal that the next one would have to roll back.
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    tightenFiles([place])
    return lock
  } catch (error) {
    lock.close()
    if (/^SQLITE_BUSY/.test(String((error as { code?: unknown }).code))) throw new FileLocked(path)
    throw error
  }
}

function lockPlaces(path: string): string[] {
  const beside = `${realPath(path)}.lock`
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true })
  return stats ? [beside, join(inodeFolder(), `${stats.dev}-${stats.ino}.lock`)] : [beside]
}

/** Of a file that is not there yet, by its folder. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return join(realpathSync(dirname(path)), basename(path))
  }
}

/** Hard links need not share a folder; those who share a machine and its user share this one. */
function inodeFolder(): string {
  const folder = join(tmpdir(), `tgsentinel-locks-${process.getuid?.() ?? 'all'}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}
