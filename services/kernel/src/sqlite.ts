/** What a service needs of SQLite. */
export { BusyTimeout } from '@tgsentinel/database/busy-timeout'
export { isStorageFailure, lockDatabase, openDatabase } from '@tgsentinel/database/database'
export type { Migration, Repair, Schema, SqliteDatabase } from '@tgsentinel/database/database'
