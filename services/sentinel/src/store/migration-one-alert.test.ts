import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, type SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { MIGRATIONS } from './migrations'
import { ONE_ALERT_A_MESSAGE } from './migration-one-alert'
import { Store } from './store'

const HOUR_MS = 3_600_000

/** Two profiles, of which both matched message 1, and one each of the others. */
const BEFORE = `
  INSERT INTO messages (id, account_id, chat_id, message_id, date, text, flags) VALUES
    (1, 700, -42, 11, 7200, 'both', 0), (2, 700, -42, 12, 7200, 'the second', 0), (3, 700, -42, 13, 7200, 'both again', 0);
  INSERT INTO alerts (id, profile_id, profile_name, message_row, chat_id, score, reasons, created_at, is_read, is_starred, is_dismissed,
    is_exploration, raised_by) VALUES
    (1, 1, 'First', 1, -42, 2, '[{"kind":"keyword","label":"a","weight":2}]', 7200000, 1, 0, 0, 0, 'post'),
    (2, 2, 'Second', 1, -42, 3, '[{"kind":"keyword","label":"b","weight":3}]', 7200001, 0, 1, 0, 0, 'edit'),
    (3, 2, 'Second', 2, -42, 1, '[{"kind":"keyword","label":"b","weight":1}]', 7200002, 0, 0, 0, 0, 'post'),
    (4, 1, 'First', 3, -42, 5, '[{"kind":"keyword","label":"a","weight":5}]', 7200003, 0, 0, 1, 0, 'post'),
    (5, 2, 'Second', 3, -42, 9, '[{"kind":"keyword","label":"b","weight":9}]', 7200004, 1, 0, 0, 1, 'post');
  INSERT INTO alert_traffic VALUES (2, -42, 1, 2), (2, -42, 2, 3);
  UPDATE totals SET value = 5 WHERE name = 'alerts';
  UPDATE totals SET value = 2 WHERE name = 'unread';
  INSERT INTO message_changes (id, alert_id, kind, at, text_before, removed, added) VALUES
    (1, 1, 'deleted', 7300, 'both', '[]', '[]'), (2, 2, 'deleted', 7300, 'both', '[]', '[]');
  UPDATE messages SET deleted_at = 7300 WHERE id = 1;
  INSERT INTO story_keys VALUES (1, 100, 1, 7200000), (2, 100, 2, 7200000);
  INSERT INTO tellings VALUES (1, -43, 1, NULL, 7250, 1), (2, -43, 1, NULL, 7250, 1), (2, -44, 1, NULL, 7251, 1);
  UPDATE alerts SET copies = 1, copy_chats = 1 WHERE id = 1;
  INSERT INTO destinations (id, name, is_enabled, target, secrets, hears, rate_per_minute, created_at, updated_at)
    VALUES (1, 'Me', 1, '{}', '{}', '{}', 20, 0, 0), (2, 'Other', 1, '{}', '{}', '{}', 20, 0, 0);
  INSERT INTO deliveries (id, destination_id, kind, dedupe_key, message_id, alert_id, state, due_at, created_at, changed_at) VALUES
    (1, 1, 'alert', 'alert:1:1', 'm1', 1, 'waiting', 0, 0, 0), (2, 1, 'alert', 'alert:2:1', 'm2', 2, 'sent', 0, 0, 0),
    (3, 2, 'alert', 'alert:2:2', 'm3', 2, 'waiting', 0, 0, 0), (4, 1, 'alert', 'alert:3:1', 'm4', 3, 'waiting', 0, 0, 0),
    (5, 1, 'change', 'change:deleted:2:1:2', 'm5', 2, 'waiting', 0, 0, 0);
  INSERT INTO bot_chats VALUES (6, 0, 0);
  INSERT INTO bot_told_ahead VALUES (6, 1), (6, 2), (6, 5);
  INSERT INTO events (type, data) VALUES ('alert', '{}');
`

describe('the step to one alert a message', () => {
  let folder = ''
  let database: SqliteDatabase
  let store: Store

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-one-alert-'))
    const path = join(folder, 'sentinel.db')
    const before = openDatabase(path, MIGRATIONS.slice(0, MIGRATIONS.indexOf(ONE_ALERT_A_MESSAGE)))
    before.exec(BEFORE)
    before.close()
    database = openDatabase(path, MIGRATIONS)
    store = new Store(database)
  })

  afterAll(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })

  it('joins those of one message into the first, with what each profile found', () => {
    const alerts = store.alerts.list({ limit: 10 })
    expect(alerts.map(({ id, score, profiles }) => [id, score, profiles.map(({ id: profile }) => profile)])).toEqual([
      [4, 5, [1, 2]],
      [3, 1, [2]],
      [1, 3, [2, 1]],
    ])
    expect(alerts[2]).toMatchObject({ profile_name: 'Second', raised_by: 'edit', reasons: [{ label: 'b' }], copies: 2 })
    expect(alerts[0]?.profiles[1]).toMatchObject({ is_exploration: true, score: 9 })
  })

  it('keeps unread what one of them was, and forgets no star; dismissed is what all of them were', () => {
    const states = store.alerts.list({ limit: 10 }).map(({ read, starred, dismissed }) => [read, starred, dismissed])
    expect(states).toEqual([
      [true, false, false],
      [false, false, false],
      [false, true, false],
    ])
    expect(store.traffic.allTotals()).toMatchObject({ alerts: 3, unread: 2 })
  })

  it('counts each message once, and for each profile what it found', () => {
    const of = (profileId: number | null) =>
      store.traffic.stats({ sinceHour: 0, chatId: null, profileId, bucketHours: 1 })
    expect([of(null).alerts, of(1).alerts, of(2).alerts]).toEqual([3, 2, 3])
    expect(of(null).by_profile.map(({ name, alerts }) => [name, alerts])).toEqual([
      ['Second', 3],
      ['First', 2],
    ])
  })

  it('leaves one delivery a destination, the one that came furthest, under a key that is not used again', () => {
    const left = store.deliveries.list({ limit: 10 }).map(({ id, alertId, dedupeKey }) => [id, alertId, dedupeKey])
    expect(left.reverse()).toEqual([
      [2, 1, 'alert:1:1'],
      [3, 1, 'alert:1:2'],
      [4, 3, 'alert:3:1'],
      [5, 1, 'change:deleted:2:1:2'],
    ])
  })

  it('keeps changes, stories and what the bot told with the alert that stays', () => {
    expect(store.alerts.find(1)?.changes).toHaveLength(1)
    expect(store.stories.candidates(2, [100], 0).map(({ alertId }) => alertId)).toEqual([1])
    expect(store.stories.tellings(1, 10).map(({ chat }) => chat.id)).toEqual(['-42', '-43', '-44'])
    expect([...store.botChats.ahead(6)]).toEqual([1, 4])
    expect(store.events.bounds()).toEqual({ oldest: 0, newest: 0 })
    expect(database.pragma('foreign_key_check')).toEqual([])
  })

  it('gives no id away that was in use, of an alert or of what a digest goes by', () => {
    const profiles = [
      {
        ...{ id: 1, name: 'First', score: 1, reasons: [], relevance: null },
        ...{ is_exploration: false, label: null, raised_by: 'post' as const },
      },
    ]
    database.exec(
      `INSERT INTO messages (id, account_id, chat_id, message_id, date, text, flags) VALUES (4, 700, -42, 14, 7200, 'new', 0)`,
    )
    expect(store.alerts.lastFinding()).toBe(5)
    const id = store.alerts.add({ messageRow: 4, chatId: -42, text: 'new', createdAtMs: 3 * HOUR_MS, profiles })
    expect([id, store.alerts.lastFinding()]).toEqual([6, 6])
  })
})
