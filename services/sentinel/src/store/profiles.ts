import { isoMoment } from '@tgsentinel/kernel/time'
import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { failure, type Profile } from '../model'
import type { Deed, ProfileRevisionTable } from './profile-revisions'
import { rulesFrom, type ProfileRules } from './profile-rules'

interface ProfileRow {
  id: number
  revision: number
  name: string
  rules: string
  created_at: number
  updated_at: number
}

/** The profiles as they are; every write is also written as a revision, in the caller's transaction. */
export class ProfileTable {
  private readonly selectAll
  private readonly selectOne
  private readonly selectNames
  private readonly selectSize
  private readonly insert
  private readonly update
  private readonly updateSame
  private readonly remove

  constructor(
    database: SqliteDatabase,
    private readonly revisions: ProfileRevisionTable,
  ) {
    this.selectAll = database.prepare<[], ProfileRow>('SELECT * FROM profiles ORDER BY id')
    this.selectOne = database.prepare<[number], ProfileRow>('SELECT * FROM profiles WHERE id = ?')
    this.selectNames = database.prepare<[], { id: number; name: string }>('SELECT id, name FROM profiles ORDER BY id')
    this.selectSize = database.prepare<[], number>('SELECT coalesce(sum(length(rules)), 0) FROM profiles').pluck()
    this.insert = database.prepare<[string, string, number, number]>(
      'INSERT INTO profiles (name, rules, created_at, updated_at) VALUES (?, ?, ?, ?)',
    )
    this.update = database
      .prepare<[string, string, number, number], number>(
        'UPDATE profiles SET name = ?, rules = ?, updated_at = ?, revision = revision + 1 WHERE id = ? RETURNING revision',
      )
      .pluck()
    this.updateSame = database
      .prepare<[string, string, number, number, number], number>(
        'UPDATE profiles SET name = ?, rules = ?, updated_at = ?, revision = revision + 1 WHERE id = ? AND revision = ? RETURNING revision',
      )
      .pluck()
    this.remove = database.prepare('DELETE FROM profiles WHERE id = ?')
  }

  list(): Profile[] {
    return this.selectAll.all().map(toProfile)
  }

  /** Without their rules, which may be long. */
  names(): { id: number; name: string }[] {
    return this.selectNames.all()
  }

  /** Of all rules together, in characters. */
  size(): number {
    return this.selectSize.get() ?? 0
  }

  find(id: number): Profile | undefined {
    const row = this.selectOne.get(id)
    return row && toProfile(row)
  }

  /** @throws ApiError CONFLICT when another profile has the name */
  add(name: string, rules: ProfileRules, deed: Deed): Profile {
    const json = JSON.stringify(rules)
    const { lastInsertRowid } = refusingTakenName(name, () => this.insert.run(name, json, deed.atMs, deed.atMs))
    const id = Number(lastInsertRowid)
    this.revisions.add(id, 1, name, json, deed)
    return this.find(id) as Profile
  }

  /** @throws ApiError CONFLICT when another profile has the name */
  replace(id: number, name: string, rules: ProfileRules, deed: Deed): Profile | undefined {
    const json = JSON.stringify(rules)
    const revision = refusingTakenName(name, () => this.update.get(name, json, deed.atMs, id))
    if (revision !== undefined) this.revisions.add(id, revision, name, json, deed)
    return this.find(id)
  }

  /**
   * Adds one, or replaces the one that is known, and does not read it again: for many at once. `json`: its rules. Its id.
   * @throws ApiError CONFLICT when another profile has the name; REVISION_CHANGED when it is at another revision
   */
  write(known: Pick<Profile, 'id' | 'revision'> | null, name: string, json: string, deed: Deed): number {
    return refusingTakenName(name, () => {
      if (!known) {
        const id = Number(this.insert.run(name, json, deed.atMs, deed.atMs).lastInsertRowid)
        this.revisions.add(id, 1, name, json, deed)
        return id
      }
      const revision = this.updateSame.get(name, json, deed.atMs, known.id, known.revision)
      if (revision === undefined) throw failure('REVISION_CHANGED', `Profile “${name}” was changed meanwhile.`)
      this.revisions.add(known.id, revision, name, json, deed)
      return known.id
    })
  }

  /** Its revisions go with it. */
  delete(id: number): boolean {
    return this.remove.run(id).changes > 0
  }
}

function toProfile({ rules, created_at, updated_at, ...row }: ProfileRow): Profile {
  return { ...row, ...rulesFrom(rules), created_at: isoMoment(created_at), updated_at: isoMoment(updated_at) }
}

function refusingTakenName<T>(name: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error
    throw failure('CONFLICT', `A profile named "${name}" exists. Choose another name.`, error)
  }
}
