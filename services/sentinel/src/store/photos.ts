import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { MarkedId } from '../model'

export interface StoredPhoto {
  photoId: string
  dcId: number
  /** Null until somebody has asked for it. */
  bytes: Buffer | null
}

/** Which small photo a chat or person has, and its bytes once they were read. */
export class PhotoTable {
  private readonly upsert
  private readonly remove
  private readonly select
  private readonly fill

  constructor(database: SqliteDatabase) {
    this.upsert = database.prepare(`
      INSERT INTO photos (peer_id, photo_id, dc_id) VALUES (?, ?, ?)
      ON CONFLICT (peer_id) DO UPDATE SET photo_id = excluded.photo_id, dc_id = excluded.dc_id, bytes = NULL
      WHERE photo_id <> excluded.photo_id`)
    this.remove = database.prepare('DELETE FROM photos WHERE peer_id = ?')
    this.select = database.prepare<[number], StoredPhoto>(
      'SELECT photo_id AS photoId, dc_id AS dcId, bytes FROM photos WHERE peer_id = ?',
    )
    this.fill = database.prepare('UPDATE photos SET bytes = ? WHERE peer_id = ? AND photo_id = ?')
  }

  /** Remembers which photo a peer has now; other bytes than that photo's are forgotten. */
  set(peerId: MarkedId, photo: { id: string; dcId: number } | null): void {
    if (photo) this.upsert.run(peerId, photo.id, photo.dcId)
    else this.remove.run(peerId)
  }

  find(peerId: MarkedId): StoredPhoto | undefined {
    return this.select.get(peerId)
  }

  keep(peerId: MarkedId, photoId: string, bytes: Buffer): void {
    this.fill.run(bytes, peerId, photoId)
  }
}
