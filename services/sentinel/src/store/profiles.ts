import { isoMoment } from '@tgsentinel/kernel/time'
import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { failure, type Profile } from '../model'

/** What a profile is but for its identity and dates. */
export type ProfileRules = Omit<Profile, 'id' | 'name' | 'created_at' | 'updated_at'>

interface ProfileRow {
  id: number
  name: string
  rules: string
  created_at: number
  updated_at: number
}

export class ProfileTable {
  private readonly selectAll
  private readonly selectOne
  private readonly insert
  private readonly update
  private readonly remove

  constructor(database: SqliteDatabase) {
    this.selectAll = database.prepare<[], ProfileRow>('SELECT * FROM profiles ORDER BY id')
    this.selectOne = database.prepare<[number], ProfileRow>('SELECT * FROM profiles WHERE id = ?')
    this.insert = database.prepare<[string, string, number, number]>(
      'INSERT INTO profiles (name, rules, created_at, updated_at) VALUES (?, ?, ?, ?)',
    )
    this.update = database.prepare('UPDATE profiles SET name = ?, rules = ?, updated_at = ? WHERE id = ?')
    this.remove = database.prepare('DELETE FROM profiles WHERE id = ?')
  }

  list(): Profile[] {
    return this.selectAll.all().map(toProfile)
  }

  find(id: number): Profile | undefined {
    const row = this.selectOne.get(id)
    return row && toProfile(row)
  }

  /** @throws ApiError CONFLICT when another profile has the name */
  add(name: string, rules: ProfileRules, nowMs: number): Profile {
    const { lastInsertRowid } = refusingTakenName(name, () =>
      this.insert.run(name, JSON.stringify(rules), nowMs, nowMs),
    )
    return this.find(Number(lastInsertRowid)) as Profile
  }

  /** @throws ApiError CONFLICT when another profile has the name */
  replace(id: number, name: string, rules: ProfileRules, nowMs: number): Profile | undefined {
    refusingTakenName(name, () => this.update.run(name, JSON.stringify(rules), nowMs, id))
    return this.find(id)
  }

  delete(id: number): boolean {
    return this.remove.run(id).changes > 0
  }
}

function toProfile(row: ProfileRow): Profile {
  const rules = JSON.parse(row.rules) as ProfileRules
  return {
    id: row.id,
    name: row.name,
    ...rules,
    created_at: isoMoment(row.created_at),
    updated_at: isoMoment(row.updated_at),
  }
}

function refusingTakenName<T>(name: string, write: () => T): T {
  try {
    return write()
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error
    throw failure('CONFLICT', `A profile named "${name}" exists. Choose another name.`, error)
  }
}
