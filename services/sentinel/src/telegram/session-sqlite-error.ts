/**
 * SQLite's code of an error (SQLITE_BUSY, SQLITE_FULL), null for any other error. By its code and not by `instanceof`:
 * the native module keeps the class of whoever loaded it first in a process.
 */
export function sqliteErrorCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null | undefined)?.code
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null
}
