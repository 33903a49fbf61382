import type { Migration } from '@tgsentinel/kernel/sqlite'

/** Append only. Moments are unix milliseconds. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'settings, signed-in browsers and the audit log',
    sql: `
      CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE ui_sessions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        token_hash BLOB NOT NULL UNIQUE,
        created_at INTEGER NOT NULL,
        last_seen_at INTEGER NOT NULL,
        user_agent TEXT NOT NULL,
        address TEXT NOT NULL
      );
      CREATE TABLE audit_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        action TEXT NOT NULL,
        detail TEXT NOT NULL,
        address TEXT NOT NULL
      );`,
  },
]
