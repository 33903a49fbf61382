import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { ChatKind, MarkedId } from '../model'
import { kindByMark } from './peer-views'

/** What is kept of a chat. */
export interface ChatVolume {
  chatId: MarkedId
  kind: ChatKind
  messages: number
  /** An estimate by the lengths of texts: shares of the database are told by it. */
  bytes: number
}

/** A row's own bytes, with those of its indexes. */
const ROW_BYTES = 250

/** Bytes of a message in the database, roughly: its text stands there once, and once more as words of the index. */
export function messageBytes(textBytes: number): number {
  return ROW_BYTES + 2 * textBytes
}

/** How many messages of each chat are kept, counted as they are indexed and swept. */
export class VolumeTable {
  private readonly upsert
  private readonly selectAll

  constructor(database: SqliteDatabase) {
    this.upsert = database.prepare(`
      INSERT INTO chat_volumes VALUES (@chatId, @messages, @bytes)
      ON CONFLICT (chat_id) DO UPDATE SET messages = max(0, messages + @messages), bytes = max(0, bytes + @bytes)`)
    this.selectAll = database.prepare<[], Omit<ChatVolume, 'kind'> & { kind: ChatKind | null }>(`
      SELECT v.chat_id AS chatId, c.kind, v.messages, v.bytes
      FROM chat_volumes v LEFT JOIN chats c ON c.id = v.chat_id WHERE v.messages > 0 ORDER BY v.chat_id`)
  }

  /** Negative numbers take away. */
  add(chatId: MarkedId, messages: number, bytes: number): void {
    this.upsert.run({ chatId, messages, bytes })
  }

  all(): ChatVolume[] {
    return this.selectAll.all().map((volume) => ({ ...volume, kind: volume.kind ?? kindByMark(volume.chatId) }))
  }
}
