import type { Migration } from '@tgsentinel/kernel/sqlite'

/** What is said of alerts where they are told: by buttons of the bot and of notifications. */
export const ANSWERS: Migration = {
  name: 'answers from where an alert is told',
  sql: `
    -- Where it was said; null: before that was noted.
    ALTER TABLE labels ADD COLUMN source TEXT;
    -- Alerts that are told again. until: unix milliseconds. Where it was asked for: a destination, a chat of the bot, or neither:
    -- then wherever it is heard.
    CREATE TABLE snoozes (
      alert_id INTEGER PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE, until INTEGER NOT NULL,
      destination_id INTEGER, bot_chat_id INTEGER
    );
    CREATE INDEX snoozes_by_end ON snoozes (until);
    -- What chats of the bot are to be told once more.
    CREATE TABLE bot_reminders (
      chat_id INTEGER NOT NULL REFERENCES bot_chats (chat_id) ON DELETE CASCADE,
      alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
      PRIMARY KEY (chat_id, alert_id)
    ) WITHOUT ROWID;
    CREATE INDEX bot_reminders_by_alert ON bot_reminders (alert_id);
    -- Links of notifications that were used, by their signature, until they would have ended anyway.
    CREATE TABLE used_links (signature BLOB PRIMARY KEY, expires_at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX used_links_by_end ON used_links (expires_at);
  `,
}
