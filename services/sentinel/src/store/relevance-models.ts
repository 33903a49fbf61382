import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { isoMoment } from '@tgsentinel/kernel/time'
import type { LearningView } from '../model'

/** By feature. */
type Weights = ReadonlyMap<number, number>

/** A model that judges: `threshold` is the least relevance of an alert, 0 to 1. */
export interface StoredModel {
  version: number
  weights: Weights
  threshold: number
}

export interface NewModel {
  weights: Weights
  threshold: number
  labels: number
  positives: number
  curve: LearningView['curve']
  /** What it was made from: the same basis gives the same model. */
  basis: string
  atMs: number
}

interface ModelRow {
  profile_id: number
  version: number
  at: number
  labels: number
  positives: number
  threshold: number
  curve: string
  weights: Uint8Array
  is_in_force: number
  is_pinned: number
  basis: string
}

const KEPT = 20
const PAIR_BYTES = 8

/** What profiles learned: the last models of each, one of them in force. */
export class RelevanceModelTable {
  private readonly selectAll
  private readonly selectInForce
  private readonly selectLast
  private readonly insert
  private readonly release
  private readonly enforce
  private readonly trim

  constructor(database: SqliteDatabase) {
    this.selectAll = database.prepare<[number], ModelRow>(
      'SELECT * FROM relevance_models WHERE profile_id = ? ORDER BY version DESC',
    )
    this.selectInForce = database.prepare<[], ModelRow>('SELECT * FROM relevance_models WHERE is_in_force = 1')
    this.selectLast = database.prepare<[number], ModelRow>(
      'SELECT * FROM relevance_models WHERE profile_id = ? ORDER BY version DESC LIMIT 1',
    )
    this.insert = database.prepare(`
      INSERT INTO relevance_models (profile_id, version, at, labels, positives, threshold, curve, weights, is_in_force, basis)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`)
    this.release = database.prepare('UPDATE relevance_models SET is_in_force = 0, is_pinned = 0 WHERE profile_id = ?')
    this.enforce = database.prepare(
      'UPDATE relevance_models SET is_in_force = 1, is_pinned = ? WHERE profile_id = ? AND version = ?',
    )
    this.trim = database.prepare(
      'DELETE FROM relevance_models WHERE profile_id = ? AND version <= ? AND is_in_force = 0',
    )
  }

  /** Those in force, by profile. */
  inForce(): Map<number, StoredModel> {
    const rows = this.selectInForce.all()
    return new Map(
      rows.map(({ profile_id, version, threshold, weights }) => [
        profile_id,
        { version, threshold, weights: weightsFrom(weights) },
      ]),
    )
  }

  /** What the newest was made from; undefined where there is none. */
  basisOf(profileId: number): string | undefined {
    return this.selectLast.get(profileId)?.basis
  }

  /** The newest is in force, unless a former one was chosen. */
  add(profileId: number, { weights, threshold, labels, positives, curve, basis, atMs }: NewModel): void {
    const version = (this.selectLast.get(profileId)?.version ?? 0) + 1
    const isPinned = this.selectAll.all(profileId).some(({ is_pinned }) => is_pinned === 1)
    const bytes = bytesOf(weights)
    this.insert.run(profileId, version, atMs, labels, positives, threshold, JSON.stringify(curve), bytes, basis)
    if (!isPinned) this.choose(profileId, version)
    this.trim.run(profileId, version - KEPT)
  }

  /** Puts a model in force; it stays there unless it is the newest. False where there is no such one. */
  choose(profileId: number, version: number): boolean {
    const newest = this.selectLast.get(profileId)?.version
    if (!this.selectAll.all(profileId).some((row) => row.version === version)) return false
    this.release.run(profileId)
    return this.enforce.run(Number(version !== newest), profileId, version).changes > 0
  }

  view(profileId: number): Pick<LearningView, 'models' | 'curve' | 'is_pinned'> {
    const rows = this.selectAll.all(profileId)
    return {
      is_pinned: rows.some(({ is_pinned }) => is_pinned === 1),
      curve: JSON.parse(rows[0]?.curve ?? '[]') as LearningView['curve'],
      models: rows.map(({ version, at, labels, positives, threshold, is_in_force }) => ({
        ...{ version, labels, positives, threshold, at: isoMoment(at), in_force: is_in_force === 1 },
      })),
    }
  }
}

/** Little endian: the number of a feature in 32 bits, its weight in 32 bits. */
function bytesOf(weights: Weights): Buffer {
  const bytes = Buffer.alloc(weights.size * PAIR_BYTES)
  let at = 0
  for (const [id, weight] of weights) {
    bytes.writeUInt32LE(id, at)
    bytes.writeFloatLE(weight, at + 4)
    at += PAIR_BYTES
  }
  return bytes
}

function weightsFrom(bytes: Uint8Array): Weights {
  const view = Buffer.from(bytes)
  const pairs = Array.from({ length: view.length / PAIR_BYTES }, (_, index) => index * PAIR_BYTES)
  return new Map(pairs.map((at) => [view.readUInt32LE(at), view.readFloatLE(at + 4)]))
}
