import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'

/** `sentinel_…`: what it said last, as JSON, and when it was heard last. */
export type SettingName =
  | 'password_hash'
  | 'sentinel_status'
  | 'sentinel_stats'
  | 'sentinel_digests'
  | 'sentinel_time_zone'
  | 'sentinel_heard_at'

export class Settings {
  private readonly select
  private readonly upsert

  constructor(database: SqliteDatabase) {
    this.select = database.prepare<[string], { value: string }>('SELECT value FROM settings WHERE name = ?')
    this.upsert = database.prepare<[string, string]>(
      'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    )
  }

  get(name: SettingName): string | undefined {
    return this.select.get(name)?.value
  }

  set(name: SettingName, value: string): void {
    this.upsert.run(name, value)
  }
}
