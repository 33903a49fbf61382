import { dirname } from 'node:path'
import Database from '@tgsentinel/sqlite-driver'

/** As an argument of the program: it does this and nothing else. */
export const REBUILD = 'rebuild-database'

/**
 * Rewrites a database's file without its free pages, so that it can give them back a few at a time from then on. For a process
 * of its own: it takes as long as copying the file, during which others read and cannot write. It needs as much again of the disk,
 * twice. Where it is killed the file stays as it was.
 */
export function rebuildDatabase(path: string): void {
  const database = new Database(path, { fileMustExist: true, timeout: 60_000 })
  try {
    // The system's folder for temporary files may be small, or memory.
    database.pragma(`temp_store_directory = '${dirname(path).replaceAll("'", "''")}'`)
    database.pragma('auto_vacuum = INCREMENTAL')
    database.exec('VACUUM')
    database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}
