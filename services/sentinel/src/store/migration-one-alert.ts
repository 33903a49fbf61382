import type { Migration } from '@tgsentinel/kernel/sqlite'

/** Until here an alert was of one profile, so that a message made as many as it matched. The first of them stays, for all. */
export const ONE_ALERT_A_MESSAGE: Migration = {
  name: 'one alert a message',
  sql: `
    CREATE TABLE former_alert_ids (former_id INTEGER PRIMARY KEY, id INTEGER NOT NULL);
    INSERT INTO former_alert_ids SELECT id, min(id) OVER (PARTITION BY message_row) FROM alerts;

    -- score, is_exploration: of the profile that found most; what is shown only to learn from counts where there is nothing else.
    CREATE TABLE joined_alerts (
      id INTEGER PRIMARY KEY AUTOINCREMENT, message_row INTEGER NOT NULL UNIQUE REFERENCES messages (id), chat_id INTEGER NOT NULL,
      score REAL NOT NULL, is_exploration INTEGER NOT NULL, created_at INTEGER NOT NULL,
      is_read INTEGER NOT NULL DEFAULT 0, is_starred INTEGER NOT NULL DEFAULT 0, is_dismissed INTEGER NOT NULL DEFAULT 0,
      copies INTEGER NOT NULL DEFAULT 0, copy_chats INTEGER NOT NULL DEFAULT 0, text TEXT
    );
    INSERT INTO joined_alerts
      SELECT min(id), message_row, min(chat_id),
        coalesce(max(iif(is_exploration, NULL, score)), max(score)), min(is_exploration), min(created_at),
        -- Unread as long as one of them is; dismissed once all of them are.
        iif(max(is_read = 0 AND is_dismissed = 0), 0, iif(min(is_dismissed), min(is_read), 1)),
        max(is_starred), min(is_dismissed), max(copies), max(copy_chats), NULL
      FROM alerts GROUP BY message_row ORDER BY 1;
    UPDATE joined_alerts SET text = (SELECT text FROM alerts WHERE alerts.id = joined_alerts.id);

    CREATE TABLE former_findings AS
      SELECT a.id, f.id AS alert_id, a.profile_id, a.profile_name, a.score, a.reasons, a.relevance, a.is_exploration, a.raised_by
      FROM alerts a JOIN former_alert_ids f ON f.former_id = a.id;
    CREATE TABLE former_changes AS SELECT h.* FROM message_changes h JOIN joined_alerts a ON a.id = h.alert_id;

    -- What was counted once for each profile.
    INSERT INTO alert_traffic SELECT hour, chat_id, 0, sum(alerts) FROM alert_traffic GROUP BY hour, chat_id;
    CREATE TABLE former_counts AS
      SELECT a.chat_id, a.created_at / 3600000 AS hour, count(*) AS alerts
      FROM alerts a JOIN former_alert_ids f ON f.former_id = a.id WHERE f.id <> a.id GROUP BY 1, 2;
    UPDATE alert_traffic SET alerts = max(0, alert_traffic.alerts - c.alerts) FROM former_counts c
      WHERE alert_traffic.profile_id = 0 AND alert_traffic.chat_id = c.chat_id AND alert_traffic.hour = c.hour;
    UPDATE totals SET value = value - (SELECT count(*) FROM former_alert_ids WHERE id <> former_id) WHERE name = 'alerts';
    UPDATE totals SET value = (SELECT count(*) FROM joined_alerts WHERE is_read = 0 AND is_dismissed = 0) WHERE name = 'unread';

    -- Ids that were in use are not given away again.
    INSERT INTO sqlite_sequence SELECT 'joined_alerts', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'joined_alerts');
    UPDATE sqlite_sequence SET seq = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'alerts'), 0) WHERE name = 'joined_alerts';
    DROP TABLE alerts;
    ALTER TABLE joined_alerts RENAME TO alerts;
    CREATE INDEX alerts_by_chat ON alerts (chat_id, id);
    CREATE INDEX alerts_by_time ON alerts (created_at);
    CREATE INDEX alerts_unread ON alerts (id) WHERE is_read = 0 AND is_dismissed = 0;
    CREATE INDEX alerts_starred ON alerts (id) WHERE is_starred = 1;
    CREATE INDEX alerts_dismissed ON alerts (id) WHERE is_dismissed = 1;

    -- What each profile found in the message of an alert. An alert outlives its profiles, so it keeps their names and has no foreign
    -- key to them. Ids rise as profiles come: a digest goes by them (told_up_to); those from before are of the alerts of then.
    CREATE TABLE alert_profiles (
      id INTEGER PRIMARY KEY AUTOINCREMENT, alert_id INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
      profile_id INTEGER NOT NULL, profile_name TEXT NOT NULL, score REAL NOT NULL, reasons TEXT NOT NULL, relevance REAL,
      is_exploration INTEGER NOT NULL, raised_by TEXT NOT NULL,
      UNIQUE (alert_id, profile_id)
    );
    INSERT INTO alert_profiles SELECT * FROM former_findings;
    INSERT INTO sqlite_sequence SELECT 'alert_profiles', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'alert_profiles');
    UPDATE sqlite_sequence SET seq = max(seq, (SELECT seq FROM sqlite_sequence WHERE name = 'alerts')) WHERE name = 'alert_profiles';
    CREATE INDEX alert_profiles_by_profile ON alert_profiles (profile_id, id);
    CREATE INDEX alert_profiles_by_alert ON alert_profiles (profile_id, alert_id);

    -- Went with the alerts that they stood for; those that stay have them again.
    INSERT INTO message_changes SELECT * FROM former_changes;
    UPDATE story_keys SET alert_id = (SELECT id FROM former_alert_ids WHERE former_id = alert_id)
      WHERE alert_id IN (SELECT former_id FROM former_alert_ids WHERE id <> former_id);
    UPDATE OR IGNORE tellings SET alert_id = (SELECT id FROM former_alert_ids WHERE former_id = alert_id)
      WHERE alert_id IN (SELECT former_id FROM former_alert_ids WHERE id <> former_id);
    DELETE FROM tellings WHERE alert_id IN (SELECT former_id FROM former_alert_ids WHERE id <> former_id);
    UPDATE alerts SET copies = (SELECT count(*) FROM tellings WHERE alert_id = alerts.id),
      copy_chats = (SELECT count(DISTINCT chat_id) FROM tellings t WHERE t.alert_id = alerts.id AND t.chat_id <> alerts.chat_id)
      WHERE copies > 0;
    UPDATE OR IGNORE bot_told_ahead SET alert_id = (SELECT id FROM former_alert_ids WHERE former_id = alert_id)
      WHERE alert_id IN (SELECT former_id FROM former_alert_ids WHERE id <> former_id);
    DELETE FROM bot_told_ahead WHERE alert_id IN (SELECT former_id FROM former_alert_ids WHERE id <> former_id);

    -- One delivery a destination: the one that came furthest.
    CREATE TABLE former_deliveries AS
      SELECT d.id, f.id AS alert_id, row_number() OVER (
        PARTITION BY d.destination_id, f.id
        ORDER BY CASE d.state WHEN 'sent' THEN 0 WHEN 'sending' THEN 1 WHEN 'waiting' THEN 2 WHEN 'dead' THEN 3 ELSE 4 END, d.id
      ) AS place
      FROM deliveries d JOIN former_alert_ids f ON f.former_id = d.alert_id WHERE d.kind = 'alert';
    DELETE FROM deliveries WHERE id IN (SELECT id FROM former_deliveries WHERE place > 1);
    UPDATE deliveries SET alert_id = (SELECT id FROM former_alert_ids WHERE former_id = alert_id)
      WHERE alert_id IN (SELECT former_id FROM former_alert_ids WHERE id <> former_id);
    UPDATE deliveries SET dedupe_key = 'alert:' || alert_id || ':' || destination_id
      WHERE kind = 'alert' AND alert_id IN (SELECT id FROM former_alert_ids WHERE id <> former_id);

    -- They tell of alerts as they were: who resumes the stream reads the lists anew.
    DELETE FROM events;
    DROP TABLE former_deliveries;
    DROP TABLE former_changes;
    DROP TABLE former_counts;
    DROP TABLE former_findings;
    DROP TABLE former_alert_ids;
  `,
}
