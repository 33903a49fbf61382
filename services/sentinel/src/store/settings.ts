import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'

/** Names of what is kept one by one. */
export type SettingName =
  | 'telegram_api_id'
  | 'telegram_api_hash'
  | 'session_generation'
  | 'latest_generation'
  | 'session_key_id'
  | 'authorized_key_id'
  | 'scored_up_to'
  | 'indexed_up_to'
  | 'search_reading'
  | 'reread_below'
  | 'retention'
  | 'swept'
  | 'events_epoch'
  | 'starter_profile'
  | 'dictionary'
  | 'session_origin'
  | 'session_signed_in_at'
  | 'sign_in_pending'
  | 'import_until'
  | 'watch'
  | 'chats_read_at'
  | 'chats_account'
  | 'bot_update'
  | 'time_zone'
  | 'restraint'
  | 'push_keys'
  | 'answer_key'
  | 'proxies'
  | 'settings_file'

export class SettingTable {
  private readonly select
  private readonly upsert
  private readonly remove
  private readonly together: (work: () => void) => void

  constructor(database: SqliteDatabase) {
    this.select = database.prepare<[string], { value: string }>('SELECT value FROM settings WHERE name = ?')
    this.upsert = database.prepare(
      'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    )
    this.remove = database.prepare('DELETE FROM settings WHERE name = ?')
    this.together = database.transaction((work: () => void) => work())
  }

  get(name: SettingName): string | undefined {
    return this.select.get(name)?.value
  }

  /** A number, 0 where nothing is kept. */
  number(name: SettingName): number {
    return Number(this.get(name) ?? 0)
  }

  set(name: SettingName, value: string | number): void {
    this.upsert.run(name, String(value))
  }

  /** Several at once, all or none; null removes. */
  change(values: Partial<Record<SettingName, string | number | null>>): void {
    this.together(() => {
      for (const [name, value] of Object.entries(values) as [SettingName, string | number | null][])
        if (value === null) this.delete(name)
        else this.set(name, value)
    })
  }

  delete(name: SettingName): void {
    this.remove.run(name)
  }
}
