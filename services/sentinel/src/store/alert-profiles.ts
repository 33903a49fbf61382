import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { AlertProfile } from '../model'

type Row = Omit<AlertProfile, 'is_exploration' | 'label'> & { is_exploration: number; label: number | null }

/** For a row `a` of alerts with its message `m`: JSON. */
export const PROFILES_COLUMN = `(
    SELECT json_group_array(json_object('id', f.profile_id, 'name', f.profile_name, 'score', f.score, 'reasons', json(f.reasons),
      'relevance', f.relevance, 'is_exploration', f.is_exploration, 'label', l.relevant, 'raised_by', f.raised_by))
    FROM alert_profiles f
      LEFT JOIN labels l ON l.profile_id = f.profile_id AND l.chat_id = m.chat_id AND l.message_id = m.message_id
    WHERE f.alert_id = a.id) AS profiles`

export function profilesFrom(json: string): AlertProfile[] {
  return (JSON.parse(json) as Row[]).map((row) => ({
    ...row,
    is_exploration: row.is_exploration === 1,
    label: row.label === null ? null : row.label === 1,
  }))
}

/** Which profiles an alert is for. Ids rise in the order in which they came, so that a digest knows how far it has told. */
export class AlertProfileTable {
  private readonly insert
  private readonly selectOne
  private readonly selectLast
  private readonly selectLastBefore
  private readonly removeMatches

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare<[object]>(`
      INSERT INTO alert_profiles (alert_id, profile_id, profile_name, score, reasons, relevance, is_exploration, raised_by)
      VALUES (@alertId, @id, @name, @score, @reasons, @relevance, @isExploration, @raised_by)
      ON CONFLICT (alert_id, profile_id) DO NOTHING`)
    this.selectOne = database
      .prepare<[number, number], number>('SELECT 1 FROM alert_profiles WHERE alert_id = ? AND profile_id = ?')
      .pluck()
    this.selectLast = database.prepare<[], number | null>('SELECT max(id) FROM alert_profiles').pluck()
    this.selectLastBefore = database
      .prepare<[number], number | null>(
        `SELECT coalesce(
          (SELECT min(f.id) - 1 FROM alerts a CROSS JOIN alert_profiles f ON f.alert_id = a.id WHERE a.created_at >= ?),
          (SELECT max(id) FROM alert_profiles))`,
      )
      .pluck()
    this.removeMatches = database.prepare<[number]>(`
      UPDATE alert_profiles SET reasons = (SELECT json_group_array(json_remove(r.value, '$.matches')) FROM json_each(reasons) r)
      WHERE alert_id = ?`)
  }

  /** Of one alert, in its transaction; labels are kept by message. */
  add(alertId: number, profiles: readonly AlertProfile[]): void {
    for (const { label: _label, reasons, is_exploration: isExploration, ...profile } of profiles)
      this.insert.run({
        ...{ alertId, ...profile },
        reasons: JSON.stringify(reasons),
        isExploration: Number(isExploration),
      })
  }

  /** Where its reasons stand in the text is true no longer: the text is another. */
  forgetMatches(alertId: number): void {
    this.removeMatches.run(alertId)
  }

  has(alertId: number, profileId: number): boolean {
    return this.selectOne.get(alertId, profileId) !== undefined
  }

  /** Id of the newest; 0 where there is none. */
  last(): number {
    return this.selectLast.get() ?? 0
  }

  /** The same of the alerts that were raised before a moment. */
  lastBefore(ms: number): number {
    return this.selectLastBefore.get(ms) ?? 0
  }
}
