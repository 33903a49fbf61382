import { createHash } from 'node:crypto'
import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'

export interface StoredFeed {
  profileId: number
  secret: string
  createdAtMs: number
}

const COLUMNS = 'profile_id AS profileId, secret, created_at AS createdAtMs'

/** The secret addresses of feeds, one a profile. */
export class FeedTable {
  private readonly upsert
  private readonly remove
  private readonly selectOne
  private readonly selectBySecret

  constructor(database: SqliteDatabase) {
    this.upsert = database.prepare<[number, string, Buffer, number]>(`
      INSERT INTO feeds (profile_id, secret, secret_hash, created_at) VALUES (?, ?, ?, ?)
      ON CONFLICT (profile_id) DO UPDATE
      SET secret = excluded.secret, secret_hash = excluded.secret_hash, created_at = excluded.created_at`)
    this.remove = database.prepare<[number]>('DELETE FROM feeds WHERE profile_id = ?')
    this.selectOne = database.prepare<[number], StoredFeed>(`SELECT ${COLUMNS} FROM feeds WHERE profile_id = ?`)
    this.selectBySecret = database.prepare<[Buffer], StoredFeed>(`SELECT ${COLUMNS} FROM feeds WHERE secret_hash = ?`)
  }

  /** In place of the one that the profile had. */
  put({ profileId, secret, createdAtMs }: StoredFeed): void {
    this.upsert.run(profileId, secret, hashOf(secret), createdAtMs)
  }

  delete(profileId: number): void {
    this.remove.run(profileId)
  }

  find(profileId: number): StoredFeed | undefined {
    return this.selectOne.get(profileId)
  }

  /** By its hash, so that the time of the look-up tells nothing of a secret that is nearly right. */
  findBySecret(secret: string): StoredFeed | undefined {
    return this.selectBySecret.get(hashOf(secret))
  }
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
