import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { Alert } from '../model'
import { SELECT_STORED, type StoredMessage } from './messages'
import { chatView, PEER_COLUMNS, PEER_JOINS, type PeerColumns } from './peer-views'

/** Stored messages, the newest first: by the order in which they were stored, which costs no sorting. */
export class NewestMessages {
  private readonly selectBefore
  private readonly selectPeers

  constructor(database: SqliteDatabase) {
    this.selectBefore = database.prepare<[number, number], StoredMessage>(
      `${SELECT_STORED} WHERE m.id < ? ORDER BY m.id DESC LIMIT ?`,
    )
    this.selectPeers = database.prepare<[number], PeerColumns>(
      `SELECT ${PEER_COLUMNS} FROM messages m ${PEER_JOINS} WHERE m.id = ?`,
    )
  }

  /** Those stored before a row, at most `limit`. */
  before(row: number, limit: number): StoredMessage[] {
    return this.selectBefore.all(row, limit)
  }

  /** The chat of a message; undefined where the message is gone. */
  chatOf(row: number): Alert['chat'] | undefined {
    const peers = this.selectPeers.get(row)
    return peers && chatView(peers)
  }
}
