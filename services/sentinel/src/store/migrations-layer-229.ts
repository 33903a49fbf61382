import type { Migration } from '@tgsentinel/kernel/sqlite'

/** Steps that came with all that a message says. Append only, as the list that they are part of. */
export const STEPS_OF_LAYER_229: readonly Migration[] = [
  {
    name: 'what messages say beside their text, what cannot be read, and all names of peers',
    sql: `
      -- Addresses of links and buttons, names of files and the like, a line each. full_text is what is scored, found and told.
      ALTER TABLE messages ADD COLUMN extra_text TEXT;
      ALTER TABLE messages ADD COLUMN full_text TEXT GENERATED ALWAYS AS (
        iif(extra_text IS NULL, text, iif(text = '', extra_text, text || char(10) || extra_text))
      ) VIRTUAL;
      ALTER TABLE message_versions ADD COLUMN extra_text TEXT;

      -- Messages that were seen and could not be read, or not all of them. reason: 'unknown' (a constructor that the schema does not have),
      -- 'unsupported' (Telegram withheld what is newer than the client), 'partial', 'part' (the rest is being fetched). layer: of the schema that was tried. message_id below 0:
      -- it is not known which message it is.
      CREATE TABLE unreadable_messages (
        account_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, sender_id INTEGER, date INTEGER,
        reason TEXT NOT NULL, constructor_id INTEGER, layer INTEGER NOT NULL, found_at INTEGER NOT NULL,
        PRIMARY KEY (account_id, chat_id, message_id)
      ) WITHOUT ROWID;
      CREATE INDEX unreadable_by_layer ON unreadable_messages (account_id, layer, chat_id, message_id);
      CREATE INDEX unreadable_by_id ON unreadable_messages (account_id, message_id);
      CREATE INDEX unreadable_parts ON unreadable_messages (account_id, chat_id, message_id) WHERE reason = 'part';

      -- All active names, each between blanks and in lower case; null where there are none.
      ALTER TABLE chats ADD COLUMN usernames TEXT;
      ALTER TABLE chats ADD COLUMN is_forum INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX forums ON chats (id) WHERE is_forum;
      ALTER TABLE users ADD COLUMN usernames TEXT;
      ALTER TABLE users ADD COLUMN is_deleted INTEGER NOT NULL DEFAULT 0;
      -- Names beside the one that is shown, in lower case, for who looks for a peer by one of them.
      CREATE TABLE peer_names (name TEXT NOT NULL, peer_id INTEGER NOT NULL, PRIMARY KEY (name, peer_id)) WITHOUT ROWID;
      CREATE INDEX peer_names_by_peer ON peer_names (peer_id);

      DROP TRIGGER message_changed;
      CREATE TRIGGER message_changed AFTER UPDATE OF text, extra_text, media, facts, deleted_at ON messages
      WHEN old.full_text IS NOT new.full_text OR old.media IS NOT new.media
        OR (old.deleted_at IS NULL) IS NOT (new.deleted_at IS NULL)
        OR old.facts ->> '$.file.name' IS NOT new.facts ->> '$.file.name'
      BEGIN
        INSERT INTO search_changes VALUES (new.id) ON CONFLICT DO NOTHING;
      END;
      DROP TRIGGER message_reconsidered;
      CREATE TRIGGER message_reconsidered AFTER UPDATE OF text, extra_text, deleted_at ON messages
      WHEN old.full_text IS NOT new.full_text OR (old.deleted_at IS NULL AND new.deleted_at IS NOT NULL)
      BEGIN
        INSERT INTO reconsiderations VALUES (
          new.id, iif(old.full_text IS NOT new.full_text, old.full_text, NULL), old.flags, old.media
        ) ON CONFLICT DO UPDATE SET
          former_flags = iif(former_text IS NULL, excluded.former_flags, former_flags),
          former_media = iif(former_text IS NULL, excluded.former_media, former_media),
          former_text = coalesce(former_text, excluded.former_text);
      END;
    `,
  },
  {
    name: 'indexes for what grows',
    sql: `
      CREATE INDEX deletions_by_time ON deletions (at);
      CREATE INDEX told_texts_by_time ON told_texts (at);
      CREATE INDEX deliveries_by_standing ON deliveries (destination_id, state, changed_at);
      CREATE INDEX backfills_by_chat ON backfills (account_id, chat_id, id);
      CREATE INDEX gaps_by_state ON gaps (account_id, state, id);
    `,
  },
]
