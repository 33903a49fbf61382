import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { failure, type Digest, type Schedule } from '../model'

/** What somebody may change of a digest. */
export interface DigestRules {
  profileId: number
  destinationId: number | null
  schedule: Schedule
  topN: number
  minScore: number
  whenEmpty: Digest['when_empty']
  isEnabled: boolean
}

/** How far a digest has told, and since when the next one counts. */
export interface Told {
  /** The last finding of a profile (alert_profiles) that was told. */
  toldUpTo: number
  toldAtMs: number
  /** How many messages had ever been captured then. */
  toldMessages: number
}

export interface StoredDigest extends DigestRules, Told {
  id: number
  revision: number
  profileName: string
  destinationName: string | null
  /** Slots up to then were seen to. */
  slotsUpToMs: number
  createdAtMs: number
  updatedAtMs: number
}

type Row = Omit<StoredDigest, 'schedule' | 'isEnabled'> & { schedule: string; isEnabled: number }

const SELECT = `
  SELECT d.id, d.revision, d.profile_id AS profileId, p.name AS profileName, d.destination_id AS destinationId,
    t.name AS destinationName, d.schedule, d.top_n AS topN, d.min_score AS minScore, d.when_empty AS whenEmpty,
    d.is_enabled AS isEnabled, d.told_up_to AS toldUpTo, d.told_at AS toldAtMs, d.told_messages AS toldMessages,
    d.slots_up_to AS slotsUpToMs, d.created_at AS createdAtMs, d.updated_at AS updatedAtMs
  FROM digests d JOIN profiles p ON p.id = d.profile_id LEFT JOIN destinations t ON t.id = d.destination_id`

/** What a digest would tell of: what its profile found beyond the last that it told. */
const DUE = `
  alert_profiles f JOIN alerts a ON a.id = f.alert_id
  WHERE f.is_exploration = 0 AND f.profile_id = @profileId AND f.id > @toldUpTo AND f.id <= @upTo AND f.score >= @minScore
    AND a.is_dismissed = 0`
type Due = Pick<StoredDigest, 'profileId' | 'toldUpTo' | 'minScore'> & { upTo: number; topN: number }

/** What is told together at set times. */
export class DigestTable {
  private readonly selectAll
  private readonly selectOne
  private readonly insert
  private readonly update
  private readonly remove
  private readonly setSlots
  private readonly setAllSlots
  private readonly setTold
  private readonly countDue
  private readonly selectBest

  constructor(database: SqliteDatabase) {
    this.selectAll = database.prepare<[], Row>(`${SELECT} ORDER BY d.id`)
    this.selectOne = database.prepare<[number], Row>(`${SELECT} WHERE d.id = ?`)
    this.insert = database.prepare<[object]>(`
      INSERT INTO digests (profile_id, destination_id, schedule, top_n, min_score, when_empty, is_enabled, told_up_to, told_at,
        told_messages, slots_up_to, created_at, updated_at)
      VALUES (@profileId, @destinationId, @schedule, @topN, @minScore, @whenEmpty, @isEnabled, @toldUpTo, @toldAtMs,
        @toldMessages, @atMs, @atMs, @atMs)`)
    this.update = database.prepare<[object]>(`
      UPDATE digests SET profile_id = @profileId, destination_id = @destinationId, schedule = @schedule, top_n = @topN,
        min_score = @minScore, when_empty = @whenEmpty, is_enabled = @isEnabled, updated_at = @atMs, revision = revision + 1
      WHERE id = @id`)
    this.remove = database.prepare<[number]>('DELETE FROM digests WHERE id = ?')
    this.setSlots = database.prepare<[number, number]>('UPDATE digests SET slots_up_to = ? WHERE id = ?')
    this.setAllSlots = database.prepare<[number]>('UPDATE digests SET slots_up_to = ?')
    this.setTold = database.prepare<[Told & { id: number }]>(`
      UPDATE digests SET told_up_to = @toldUpTo, told_at = @toldAtMs, told_messages = @toldMessages
      WHERE id = @id AND told_up_to <= @toldUpTo`)
    this.countDue = database.prepare<[Due], number>(`SELECT count(*) FROM ${DUE}`).pluck()
    this.selectBest = database
      .prepare<[Due], number>(`SELECT a.id FROM ${DUE} ORDER BY f.score DESC, f.id DESC LIMIT @topN`)
      .pluck()
  }

  list(): StoredDigest[] {
    return this.selectAll.all().map(toDigest)
  }

  find(id: number): StoredDigest | undefined {
    const row = this.selectOne.get(id)
    return row && toDigest(row)
  }

  /** @throws ApiError CONFLICT where the profile has the same one already */
  add(rules: DigestRules, told: Told, atMs: number): number {
    const columns = { ...columnsOf(rules), ...told, atMs }
    return Number(refusingTwins(() => this.insert.run(columns)).lastInsertRowid)
  }

  /** @throws ApiError CONFLICT where the profile has the same one already */
  replace(id: number, rules: DigestRules, atMs: number): void {
    refusingTwins(() => this.update.run({ id, ...columnsOf(rules), atMs }))
  }

  /** Its runs go with it. */
  delete(id: number): void {
    this.remove.run(id)
  }

  sawSlots(id: number, upToMs: number): void {
    this.setSlots.run(upToMs, id)
  }

  sawAllSlots(upToMs: number): void {
    this.setAllSlots.run(upToMs)
  }

  /** It never goes back. */
  told(id: number, told: Told): void {
    this.setTold.run({ id, ...told })
  }

  /** How many alerts are due up to a finding, and the ids of the best of them, by score. */
  due({ profileId, toldUpTo, minScore, topN }: StoredDigest, upTo: number): { count: number; best: number[] } {
    const due = { profileId, toldUpTo, minScore, topN, upTo }
    return { count: this.countDue.get(due) ?? 0, best: this.selectBest.all(due) }
  }
}

function columnsOf({ schedule, isEnabled, ...rules }: DigestRules): object {
  const { kind, at, weekday } = schedule
  return { ...rules, schedule: JSON.stringify({ kind, at, weekday }), isEnabled: Number(isEnabled) }
}

function toDigest({ schedule, isEnabled, ...row }: Row): StoredDigest {
  return { ...row, schedule: JSON.parse(schedule) as Schedule, isEnabled: isEnabled === 1 }
}

function refusingTwins<T>(write: () => T): T {
  try {
    return write()
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_CONSTRAINT_UNIQUE') throw error
    throw failure(
      'CONFLICT',
      'The profile has a digest at these times for this destination already. Change that one.',
      error,
    )
  }
}
