import type { Migration } from '@tgsentinel/kernel/sqlite'
import { STEPS_OF_LAYER_229 } from './migrations-layer-229'
import { ANSWERS } from './migration-answers'
import { ONE_ALERT_A_MESSAGE } from './migration-one-alert'

/** Append only. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'messages, alerts and what they need',
    sql: `
      CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

      CREATE TABLE chats (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, username TEXT
      );
      CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, username TEXT);

      -- Scoring reads rows in the order of id and remembers the last one it did (settings.scored_up_to):
      -- what a crash left unscored is what lies beyond, without an index or a mark on each row.
      CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL,
        topic_id INTEGER, sender_id INTEGER, date INTEGER NOT NULL, text TEXT NOT NULL,
        flags INTEGER NOT NULL, reply_to_id INTEGER, media TEXT, grouped_id TEXT,
        UNIQUE (account_id, chat_id, message_id)
      );

      CREATE TABLE cursors (
        account_id INTEGER NOT NULL, box INTEGER NOT NULL,
        pts INTEGER NOT NULL, qts INTEGER NOT NULL, date INTEGER NOT NULL, seq INTEGER NOT NULL,
        PRIMARY KEY (account_id, box)
      ) WITHOUT ROWID;

      CREATE TABLE profiles (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, rules TEXT NOT NULL,
        created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
      );

      -- An alert outlives its profile, so it keeps the name and has no foreign key to it.
      CREATE TABLE alerts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        profile_id INTEGER NOT NULL, profile_name TEXT NOT NULL,
        message_row INTEGER NOT NULL REFERENCES messages (id), chat_id INTEGER NOT NULL,
        score REAL NOT NULL, reasons TEXT NOT NULL, created_at INTEGER NOT NULL,
        is_read INTEGER NOT NULL DEFAULT 0, is_starred INTEGER NOT NULL DEFAULT 0, is_dismissed INTEGER NOT NULL DEFAULT 0,
        UNIQUE (message_row, profile_id)
      );
      CREATE INDEX alerts_by_profile ON alerts (profile_id, id);
      CREATE INDEX alerts_by_chat ON alerts (chat_id, id);
      CREATE INDEX alerts_by_time ON alerts (created_at);
      CREATE INDEX alerts_unread ON alerts (id) WHERE is_read = 0 AND is_dismissed = 0;
      CREATE INDEX alerts_starred ON alerts (id) WHERE is_starred = 1;
      CREATE INDEX alerts_dismissed ON alerts (id) WHERE is_dismissed = 1;
      -- Trigrams find a part of a word in any script; the text itself stays in messages.
      CREATE VIRTUAL TABLE alert_texts USING fts5 (text, content='', columnsize=0, tokenize='trigram');

      CREATE TABLE traffic (
        hour INTEGER NOT NULL, chat_id INTEGER NOT NULL, messages INTEGER NOT NULL,
        PRIMARY KEY (hour, chat_id)
      ) WITHOUT ROWID;
      CREATE TABLE alert_traffic (
        hour INTEGER NOT NULL, chat_id INTEGER NOT NULL, profile_id INTEGER NOT NULL, alerts INTEGER NOT NULL,
        PRIMARY KEY (hour, chat_id, profile_id)
      ) WITHOUT ROWID;
      CREATE TABLE totals (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
      INSERT INTO totals VALUES ('messages', 0), ('alerts', 0), ('unread', 0);

      CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, data TEXT NOT NULL);
    `,
  },
  {
    name: 'the list of chats, photos and the bot',
    sql: `
      -- The account's list as Telegram ordered it at the last refresh; replaced as a whole.
      CREATE TABLE dialogs (
        account_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, position INTEGER NOT NULL,
        members INTEGER, unread INTEGER NOT NULL, top_message_id INTEGER, top_message_at INTEGER,
        is_pinned INTEGER NOT NULL, is_archived INTEGER NOT NULL, is_muted INTEGER NOT NULL, is_forum INTEGER NOT NULL,
        folders TEXT NOT NULL,
        PRIMARY KEY (account_id, chat_id)
      ) WITHOUT ROWID;
      CREATE INDEX dialogs_by_position ON dialogs (account_id, position);
      CREATE TABLE folders (
        account_id INTEGER NOT NULL, id INTEGER NOT NULL, title TEXT NOT NULL, position INTEGER NOT NULL,
        PRIMARY KEY (account_id, id)
      ) WITHOUT ROWID;

      -- Which photo a chat or person has; the bytes once somebody has asked for them.
      CREATE TABLE photos (peer_id INTEGER PRIMARY KEY, photo_id TEXT NOT NULL, dc_id INTEGER NOT NULL, bytes BLOB);

      -- Chats of the bot that are told of alerts, and how far each has been told.
      CREATE TABLE bot_chats (
        chat_id INTEGER PRIMARY KEY, told_up_to INTEGER NOT NULL, is_paused INTEGER NOT NULL DEFAULT 0
      );
    `,
  },
  {
    name: 'what became of messages, and what is known of every chat',
    sql: `
      ALTER TABLE messages ADD COLUMN edited_at INTEGER;
      ALTER TABLE messages ADD COLUMN revised_at INTEGER;
      ALTER TABLE messages ADD COLUMN deleted_at INTEGER;
      ALTER TABLE messages ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
      -- JSON: where it was forwarded from, the file's name and size, the poll; null where there is nothing to say.
      ALTER TABLE messages ADD COLUMN facts TEXT;
      -- Private chats and basic groups share one count of ids: a deletion there names no chat.
      CREATE INDEX messages_outside_channels ON messages (account_id, message_id) WHERE chat_id > -1000000000000;
      CREATE INDEX messages_of_albums ON messages (chat_id, grouped_id) WHERE grouped_id IS NOT NULL;
      CREATE INDEX messages_of_polls ON messages (json_extract(facts, '$.poll.id')) WHERE media = 'poll';

      -- What a message said before an edit; the row of messages holds the newest.
      CREATE TABLE message_versions (
        message_row INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE, number INTEGER NOT NULL,
        text TEXT NOT NULL, media TEXT, written_at INTEGER NOT NULL,
        PRIMARY KEY (message_row, number)
      ) WITHOUT ROWID;
      CREATE TABLE message_counts (
        message_row INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE, at INTEGER NOT NULL,
        views INTEGER, forwards INTEGER, replies INTEGER, reactions TEXT,
        PRIMARY KEY (message_row, at)
      ) WITHOUT ROWID;
      -- Deletions of what was not stored when they came: history that is read later must not bring it back unmarked.
      -- Chat 0 stands for all private chats and basic groups.
      CREATE TABLE deletions (
        account_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (account_id, chat_id, message_id)
      ) WITHOUT ROWID;
      CREATE TABLE topics (
        chat_id INTEGER NOT NULL, topic_id INTEGER NOT NULL, title TEXT NOT NULL, PRIMARY KEY (chat_id, topic_id)
      ) WITHOUT ROWID;
      -- A basic group that became a supergroup.
      CREATE TABLE chat_migrations (from_chat_id INTEGER PRIMARY KEY, to_chat_id INTEGER NOT NULL);

      -- The ledger: how far each chat is captured, and when and by what that was confirmed last.
      CREATE TABLE coverage (
        account_id INTEGER NOT NULL, chat_id INTEGER NOT NULL,
        -- Everything from first_id to up_to_id is captured, but for gaps; nothing where up_to_id is below first_id; 0: not known.
        -- Chat 0 stands for all private chats and basic groups: they are confirmed together.
        first_id INTEGER NOT NULL, up_to_id INTEGER NOT NULL,
        confirmed_at INTEGER, confirmed_by TEXT, closed_reason TEXT, is_skipped INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (account_id, chat_id)
      ) WITHOUT ROWID;
      -- Message ids beyond after_id and below before_id may be missing; null where the end is not known.
      CREATE TABLE gaps (
        id INTEGER PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL, chat_id INTEGER,
        after_id INTEGER, before_id INTEGER, reason TEXT NOT NULL, state TEXT NOT NULL, detail TEXT,
        found_at INTEGER NOT NULL, changed_at INTEGER NOT NULL
      );
      CREATE INDEX gaps_by_chat ON gaps (account_id, chat_id, state);
      -- Histories that are being read: resumed after a restart from next_before.
      CREATE TABLE backfills (
        id INTEGER PRIMARY KEY AUTOINCREMENT, account_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, gap_id INTEGER,
        cause TEXT NOT NULL, state TEXT NOT NULL, after_id INTEGER NOT NULL, next_before INTEGER, wanted INTEGER,
        read INTEGER NOT NULL DEFAULT 0, added INTEGER NOT NULL DEFAULT 0, problem TEXT,
        requested_at INTEGER NOT NULL, changed_at INTEGER NOT NULL
      );
      CREATE INDEX backfills_by_state ON backfills (state, id);
    `,
  },
  {
    name: 'search, and how much is kept',
    sql: `
      -- A document of the index: a message, or an album by its first stored part. Ids are by time (unix seconds times 65536 and a
      -- place in that second), so that newest first is the order of ids, and a period is a range of them.
      CREATE TABLE search_rows (search_id INTEGER PRIMARY KEY, message_row INTEGER NOT NULL UNIQUE);
      -- Words as search/ folds them, one space apart, then facets (=c chat, =s sender, …); ascii leaves them as they are.
      CREATE VIRTUAL TABLE search_words USING fts5 (
        words, content='', contentless_delete=1, tokenize="ascii tokenchars '=+#-/'"
      );
      -- Pieces of the index are merged by whoever writes them, a little each time: FTS5's own turns are long.
      INSERT INTO search_words (search_words, rank) VALUES ('automerge', 0), ('crisismerge', 500);
      -- Stored messages that changed since they were indexed.
      CREATE TABLE search_changes (message_row INTEGER PRIMARY KEY);
      CREATE TRIGGER message_changed AFTER UPDATE OF text, media, facts, deleted_at ON messages
      WHEN old.text IS NOT new.text OR old.media IS NOT new.media OR (old.deleted_at IS NULL) IS NOT (new.deleted_at IS NULL)
        OR old.facts ->> '$.file.name' IS NOT new.facts ->> '$.file.name'
      BEGIN
        INSERT INTO search_changes VALUES (new.id) ON CONFLICT DO NOTHING;
      END;
      CREATE INDEX users_by_username ON users (username COLLATE NOCASE) WHERE username IS NOT NULL;
      CREATE INDEX chats_by_username ON chats (username COLLATE NOCASE) WHERE username IS NOT NULL;

      -- Counted as messages are indexed and swept: what counting ten million rows would take too long for.
      CREATE TABLE chat_volumes (chat_id INTEGER PRIMARY KEY, messages INTEGER NOT NULL, bytes INTEGER NOT NULL);
    `,
  },
  {
    name: 'revisions of profiles',
    sql: `
      ALTER TABLE profiles ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
      -- What a profile was from each of its changes on. Ids of profiles are never used again, so a row of one that was deleted
      -- could not come to belong to another.
      CREATE TABLE profile_revisions (
        profile_id INTEGER NOT NULL REFERENCES profiles (id) ON DELETE CASCADE, revision INTEGER NOT NULL,
        action TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL, rules TEXT NOT NULL,
        PRIMARY KEY (profile_id, revision)
      ) WITHOUT ROWID;
      INSERT INTO profile_revisions SELECT id, 1, 'created', 'sentinel', updated_at, name, rules FROM profiles;
    `,
  },
  {
    name: 'what profiles learn',
    sql: `
      -- What the owner said of messages. The text is kept with it: a profile learns from it when the message is long gone.
      CREATE TABLE labels (
        profile_id INTEGER NOT NULL REFERENCES profiles (id) ON DELETE CASCADE, chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL,
        relevant INTEGER NOT NULL, at INTEGER NOT NULL, message TEXT NOT NULL,
        PRIMARY KEY (profile_id, chat_id, message_id)
      ) WITHOUT ROWID;
      CREATE INDEX labels_by_time ON labels (profile_id, at);
      -- weights: pairs of a feature's number and its weight.
      CREATE TABLE relevance_models (
        profile_id INTEGER NOT NULL REFERENCES profiles (id) ON DELETE CASCADE, version INTEGER NOT NULL, at INTEGER NOT NULL,
        labels INTEGER NOT NULL, positives INTEGER NOT NULL, threshold REAL NOT NULL, curve TEXT NOT NULL, weights BLOB NOT NULL,
        is_in_force INTEGER NOT NULL, is_pinned INTEGER NOT NULL DEFAULT 0, basis TEXT NOT NULL,
        PRIMARY KEY (profile_id, version)
      );
      -- In how many of the owner's messages each feature stands; one row.
      CREATE TABLE background (id INTEGER PRIMARY KEY CHECK (id = 1), messages INTEGER NOT NULL, counts BLOB NOT NULL, up_to INTEGER NOT NULL);
      ALTER TABLE alerts ADD COLUMN relevance REAL;
      ALTER TABLE alerts ADD COLUMN is_exploration INTEGER NOT NULL DEFAULT 0;
    `,
  },
  {
    name: 'one alert a story',
    sql: `
      -- Alike messages have a key in common; forgotten after some days.
      CREATE TABLE story_keys (
        profile_id INTEGER NOT NULL, key INTEGER NOT NULL, alert_id INTEGER NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (profile_id, key, alert_id)
      ) WITHOUT ROWID;
      CREATE INDEX story_keys_by_time ON story_keys (at);
      -- Where else the story of an alert was told.
      CREATE TABLE tellings (
        alert_id INTEGER NOT NULL, chat_id INTEGER NOT NULL, message_id INTEGER NOT NULL, topic_id INTEGER,
        date INTEGER NOT NULL, likeness REAL NOT NULL,
        PRIMARY KEY (alert_id, chat_id, message_id)
      ) WITHOUT ROWID;
      ALTER TABLE alerts ADD COLUMN copies INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE alerts ADD COLUMN copy_chats INTEGER NOT NULL DEFAULT 0;
    `,
  },
  {
    name: 'destinations, deliveries and templates',
    sql: `
      -- Where the owner is told. Target and what it hears are JSON; secrets stand apart and never leave by the API.
      CREATE TABLE destinations (
        id INTEGER PRIMARY KEY AUTOINCREMENT, revision INTEGER NOT NULL DEFAULT 1, name TEXT NOT NULL UNIQUE,
        is_enabled INTEGER NOT NULL, target TEXT NOT NULL, secrets TEXT NOT NULL, hears TEXT NOT NULL,
        template_id INTEGER REFERENCES templates (id) ON DELETE SET NULL, rate_per_minute INTEGER NOT NULL,
        created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
        -- How it goes: why it was switched off by itself, its last failure, and until when it is left alone.
        disabled_reason TEXT, problem TEXT, failed_at INTEGER, sent_at INTEGER,
        failures INTEGER NOT NULL DEFAULT 0, paused_until INTEGER NOT NULL DEFAULT 0
      );
      -- A message on its way to one destination. due_at of one that is being sent is when its lease ends: what nobody noted by then is
      -- sent again, under the same message_id.
      CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        destination_id INTEGER NOT NULL REFERENCES destinations (id) ON DELETE CASCADE,
        kind TEXT NOT NULL, dedupe_key TEXT NOT NULL UNIQUE, message_id TEXT NOT NULL,
        -- An alert is rendered when it is sent; what else is told comes with its content (JSON).
        alert_id INTEGER, content TEXT,
        state TEXT NOT NULL, due_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, problem TEXT,
        created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL
      );
      CREATE INDEX deliveries_to_do ON deliveries (destination_id, due_at, id) WHERE state IN ('waiting', 'sending');
      CREATE INDEX deliveries_by_destination ON deliveries (destination_id, id);
      CREATE INDEX deliveries_by_state ON deliveries (state, id);
      -- Prints of what was written to Telegram by a delivery, so that it raises no alert when it is heard.
      CREATE TABLE told_texts (print TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE templates (
        id INTEGER PRIMARY KEY AUTOINCREMENT, revision INTEGER NOT NULL DEFAULT 1, name TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL, body TEXT NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
      );
    `,
  },
  {
    name: 'digests',
    sql: `
      -- What is told together at set times. told_up_to: the last alert that was truly told; slots_up_to: the last slot that was seen to.
      -- told_at and told_messages: since when, and since how many captured messages, the next one counts.
      CREATE TABLE digests (
        id INTEGER PRIMARY KEY AUTOINCREMENT, revision INTEGER NOT NULL DEFAULT 1,
        profile_id INTEGER NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
        destination_id INTEGER REFERENCES destinations (id) ON DELETE SET NULL,
        schedule TEXT NOT NULL, top_n INTEGER NOT NULL, min_score REAL NOT NULL, when_empty TEXT NOT NULL, is_enabled INTEGER NOT NULL,
        told_up_to INTEGER NOT NULL, told_at INTEGER NOT NULL, told_messages INTEGER NOT NULL, slots_up_to INTEGER NOT NULL,
        created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
        UNIQUE (profile_id, destination_id, schedule)
      );
      CREATE INDEX digests_by_destination ON digests (destination_id);
      -- A slot runs once. Its delivery may be gone already: state is what became of it.
      CREATE TABLE digest_runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, digest_id INTEGER NOT NULL REFERENCES digests (id) ON DELETE CASCADE,
        cause TEXT NOT NULL, at INTEGER NOT NULL, up_to_alert INTEGER NOT NULL, up_to_messages INTEGER NOT NULL,
        from_at INTEGER NOT NULL, to_at INTEGER NOT NULL, alerts INTEGER NOT NULL, state TEXT NOT NULL, delivery_id INTEGER,
        UNIQUE (digest_id, cause, at)
      );
      CREATE INDEX digest_runs_unsent ON digest_runs (state) WHERE state IN ('on_its_way', 'not_sent');
    `,
  },
  {
    name: 'deliveries that are held',
    sql: `
      -- Why one that waits is not sent although it could be; due_at is when that is looked at again.
      ALTER TABLE deliveries ADD COLUMN held TEXT;
      -- Alerts that a chat of the bot was told before others that are held: what comes after told_up_to, and is not told again.
      CREATE TABLE bot_told_ahead (
        chat_id INTEGER NOT NULL REFERENCES bot_chats (chat_id) ON DELETE CASCADE, alert_id INTEGER NOT NULL,
        PRIMARY KEY (chat_id, alert_id)
      ) WITHOUT ROWID;
      CREATE INDEX deliveries_held ON deliveries (destination_id, held) WHERE held IS NOT NULL;
    `,
  },
  {
    name: 'feeds',
    sql: `
      -- The secret in a feed's address, which the page shows again; it is found by its SHA-256.
      CREATE TABLE feeds (
        profile_id INTEGER PRIMARY KEY REFERENCES profiles (id) ON DELETE CASCADE,
        secret TEXT NOT NULL, secret_hash BLOB NOT NULL UNIQUE, created_at INTEGER NOT NULL
      );
    `,
  },
  {
    name: 'who is an admin, and what became of the messages of alerts',
    sql: `
      -- Admins of groups as they were read last. due_at: when they are read (again); read_at is null where that never succeeded.
      CREATE TABLE admin_rosters (chat_id INTEGER PRIMARY KEY, read_at INTEGER, due_at INTEGER NOT NULL);
      CREATE TABLE chat_admins (
        chat_id INTEGER NOT NULL REFERENCES admin_rosters (chat_id) ON DELETE CASCADE, user_id INTEGER NOT NULL,
        PRIMARY KEY (chat_id, user_id)
      ) WITHOUT ROWID;
      -- Counts the stored answers to a message from the index alone.
      CREATE INDEX messages_by_answered ON messages (chat_id, reply_to_id, account_id) WHERE reply_to_id IS NOT NULL;

      -- Messages that are to be looked at again: edited, deleted, or counted anew since they were scored. former_text, _flags and
      -- _media: before the first edit that nobody has looked at yet; null where there was none.
      CREATE TABLE reconsiderations (
        message_row INTEGER PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
        former_text TEXT, former_flags INTEGER, former_media TEXT
      );
      CREATE TRIGGER message_reconsidered AFTER UPDATE OF text, deleted_at ON messages
      WHEN old.text IS NOT new.text OR (old.deleted_at IS NULL AND new.deleted_at IS NOT NULL)
      BEGIN
        INSERT INTO reconsiderations VALUES (
          new.id, iif(old.text IS NOT new.text, old.text, NULL), old.flags, old.media
        ) ON CONFLICT DO UPDATE SET
          former_flags = iif(former_text IS NULL, excluded.former_flags, former_flags),
          former_media = iif(former_text IS NULL, excluded.former_media, former_media),
          former_text = coalesce(former_text, excluded.former_text);
      END;
      -- By what an alert was raised, and what its message said then, where it says something else by now.
      ALTER TABLE alerts ADD COLUMN raised_by TEXT NOT NULL DEFAULT 'post';
      ALTER TABLE alerts ADD COLUMN text TEXT;
      -- What became of the message of an alert. removed and added: spans, as JSON. at: unix seconds.
      CREATE TABLE message_changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
        kind TEXT NOT NULL, at INTEGER NOT NULL, text_before TEXT NOT NULL, text_after TEXT,
        removed TEXT NOT NULL, added TEXT NOT NULL
      );
      CREATE INDEX message_changes_by_alert ON message_changes (alert_id, id);
      CREATE UNIQUE INDEX alert_deletions ON message_changes (alert_id) WHERE kind = 'deleted';
    `,
  },
  ...STEPS_OF_LAYER_229,
  ONE_ALERT_A_MESSAGE,
  ANSWERS,
]
