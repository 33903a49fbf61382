import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'

/** `counts`: as the background gave them. `upToRow`: the newest message that was counted. */
export interface StoredBackground {
  messages: number
  counts: Uint8Array
  upToRow: number
}

/** What the owner's chats are about, as it was counted last. */
export class BackgroundTable {
  private readonly select
  private readonly upsert

  constructor(database: SqliteDatabase) {
    this.select = database.prepare<[], StoredBackground>('SELECT messages, counts, up_to AS upToRow FROM background')
    this.upsert = database.prepare(`
      INSERT INTO background (id, messages, counts, up_to) VALUES (1, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET messages = excluded.messages, counts = excluded.counts, up_to = excluded.up_to`)
  }

  /** Undefined where nothing was counted yet. */
  load(): StoredBackground | undefined {
    return this.select.get()
  }

  save({ messages, counts, upToRow }: StoredBackground): void {
    this.upsert.run(messages, counts, upToRow)
  }
}
