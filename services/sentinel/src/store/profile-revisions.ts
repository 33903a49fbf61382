import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { Actor, ProfileRevision } from '../model'
import { rulesFrom, type ProfileRules } from './profile-rules'

/** What somebody did to a profile. */
export interface Deed {
  action: ProfileRevision['action']
  by: Actor
  atMs: number
}

/** A profile as it was from one of its changes on. */
export interface StoredRevision extends Deed {
  revision: number
  name: string
  rules: ProfileRules
}

type RevisionRow = Omit<StoredRevision, 'rules'> & { rules: string }

/** So many are told; one more is kept, so that the oldest of them can be compared with what was before it. */
const TOLD = 100

const COLUMNS = 'revision, action, by, at AS atMs, name, rules'

export class ProfileRevisionTable {
  private readonly selectNewest
  private readonly selectOne
  private readonly insert
  private readonly removeOld

  constructor(database: SqliteDatabase) {
    this.selectNewest = database.prepare<[number, number], RevisionRow>(
      `SELECT ${COLUMNS} FROM profile_revisions WHERE profile_id = ? ORDER BY revision DESC LIMIT ?`,
    )
    this.selectOne = database.prepare<[number, number], RevisionRow>(
      `SELECT ${COLUMNS} FROM profile_revisions WHERE profile_id = ? AND revision = ?`,
    )
    this.insert = database.prepare(
      'INSERT INTO profile_revisions (profile_id, revision, action, by, at, name, rules) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    this.removeOld = database.prepare('DELETE FROM profile_revisions WHERE profile_id = ? AND revision < ?')
  }

  /** The newest first, each with the one before it where there was one. */
  list(profileId: number): { revision: StoredRevision; before: StoredRevision | undefined }[] {
    const revisions = this.selectNewest.all(profileId, TOLD + 1).map(toRevision)
    return revisions.slice(0, TOLD).map((revision, index) => ({ revision, before: revisions[index + 1] }))
  }

  find(profileId: number, revision: number): StoredRevision | undefined {
    const row = this.selectOne.get(profileId, revision)
    return row && toRevision(row)
  }

  /** In the transaction that changes the profile. */
  add(profileId: number, revision: number, name: string, rules: string, { action, by, atMs }: Deed): void {
    this.insert.run(profileId, revision, action, by, atMs, name, rules)
    if (revision > TOLD) this.removeOld.run(profileId, revision - TOLD)
  }
}

function toRevision(row: RevisionRow): StoredRevision {
  return { ...row, rules: rulesFrom(row.rules) }
}
