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
  {
    name: 'what the sentinel said last, and unsaved edits of profiles',
    sql: `
      CREATE TABLE alerts (id INTEGER PRIMARY KEY, alert TEXT NOT NULL);
      CREATE TABLE digest_runs (id INTEGER PRIMARY KEY, digest_id INTEGER NOT NULL, run TEXT NOT NULL);
      CREATE INDEX digest_runs_of ON digest_runs (digest_id, id);
      CREATE TABLE profiles (
        session_id INTEGER NOT NULL REFERENCES ui_sessions (id) ON DELETE CASCADE,
        profile TEXT NOT NULL,
        revision INTEGER,
        form TEXT NOT NULL,
        saved_at INTEGER NOT NULL,
        PRIMARY KEY (session_id, profile)
      );`,
  },
  {
    // What was kept of alerts of one profile each; the sentinel's own list takes its place as soon as that is there.
    name: 'alerts of several profiles',
    sql: `
      UPDATE alerts SET alert = json_set(alert, '$.link', NULL, '$.profiles', json_array(json_object(
        'id', alert -> '$.profile_id', 'name', alert -> '$.profile_name', 'score', alert -> '$.score', 'reasons', alert -> '$.reasons',
        'relevance', alert -> '$.relevance', 'is_exploration', alert -> '$.is_exploration', 'label', alert -> '$.label',
        'raised_by', alert -> '$.raised_by')))
      WHERE alert -> '$.profiles' IS NULL;`,
  },
  {
    name: 'alerts that are snoozed',
    sql: `
      UPDATE alerts SET alert = json_set(alert, '$.snoozed_until', NULL) WHERE json_type(alert, '$.snoozed_until') IS NULL;`,
  },
]
