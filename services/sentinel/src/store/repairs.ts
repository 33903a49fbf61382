import type { Repair, Schema } from '@tgsentinel/kernel/sqlite'

const has = (schema: Schema, table: string, column: string): boolean => schema.tables.get(table)?.has(column) ?? false

/**
 * Steps that were edited after they had run somewhere, before their hashes were stored: 3 (three times), 12 and 13. Each repair brings
 * what the older text made to what the newer one makes, with its rows.
 */
export const REPAIRS: readonly Repair[] = [
  {
    sinceStep: 3,
    isNeeded: (schema) => !has(schema, 'messages', 'revised_at'),
    sql: 'ALTER TABLE messages ADD COLUMN revised_at INTEGER',
  },
  {
    sinceStep: 3,
    isNeeded: (schema) => !schema.statements.has('messages_of_polls'),
    sql: "CREATE INDEX messages_of_polls ON messages (json_extract(facts, '$.poll.id')) WHERE media = 'poll'",
  },
  {
    sinceStep: 3,
    isNeeded: (schema) => !has(schema, 'coverage', 'is_skipped'),
    sql: `
      ALTER TABLE coverage RENAME TO former_coverage;
      CREATE TABLE coverage (
        account_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, first_id INTEGER NOT NULL, up_to_id INTEGER NOT NULL,
        confirmed_at INTEGER, confirmed_by TEXT, closed_reason TEXT, is_skipped INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (account_id, chat_id)
      ) WITHOUT ROWID;
      INSERT INTO coverage (account_id, chat_id, first_id, up_to_id, confirmed_at, confirmed_by, closed_reason)
        SELECT account_id, chat_id, first_id, up_to_id, confirmed_at, confirmed_by, closed_reason FROM former_coverage;
      DROP TABLE former_coverage;
    `,
  },
  {
    sinceStep: 12,
    isNeeded: (schema) => schema.tables.has('alert_changes'),
    sql: `
      DROP INDEX alert_changes_by_alert;
      DROP INDEX alert_deletions;
      ALTER TABLE alert_changes RENAME TO message_changes;
      CREATE INDEX message_changes_by_alert ON message_changes (alert_id, id);
      CREATE UNIQUE INDEX alert_deletions ON message_changes (alert_id) WHERE kind = 'deleted';
    `,
  },
  {
    sinceStep: 13,
    isNeeded: (schema) => !has(schema, 'chats', 'is_forum'),
    sql: `
      ALTER TABLE chats ADD COLUMN is_forum INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX forums ON chats (id) WHERE is_forum;
    `,
  },
  {
    sinceStep: 13,
    isNeeded: (schema) => !schema.statements.has('unreadable_by_id'),
    sql: 'CREATE INDEX unreadable_by_id ON unreadable_messages (account_id, message_id)',
  },
]
