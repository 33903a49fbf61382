/** What a service needs of SQLite. */
export { BusyTimeout } from '@tgsentinel/database/busy-timeout'
export { limitAccess, tightenFolder } from '@tgsentinel/database/file-access'
export { isStorageFailure, lockDatabase, openDatabase } from '@tgsentinel/database/database'
export type { Migration, Repair, Schema, SqliteDatabase } from '@tgsentinel/database/database'
