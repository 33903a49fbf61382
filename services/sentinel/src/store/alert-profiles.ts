import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import type { Alert, AlertProfile, Reason } from '../model'

/** What a profile found in the message of an alert. */
export interface NewAlertProfile {
  profileId: number
  profileName: string
  score: number
  reasons: Reason[]
  relevance: number | null
  isExploration: boolean
  raisedBy: Alert['raised_by']
}

/** What an alert weighs by its profiles: what is shown to learn from counts only where there is nothing else. */
export function weightOf(profiles: readonly NewAlertProfile[]): { score: number; isExploration: number } {
  const raising = profiles.filter(({ isExploration }) => !isExploration)
  const counted = raising.length > 0 ? raising : profiles
  return { score: Math.max(...counted.map(({ score }) => score)), isExploration: Number(raising.length === 0) }
}

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
  private readonly selectFirst
  private readonly sum
  private readonly removeMatches

  constructor(database: SqliteDatabase) {
    this.insert = database.prepare<[object]>(`
      INSERT INTO alert_profiles (alert_id, profile_id, profile_name, score, reasons, relevance, is_exploration, raised_by)
      VALUES (@alertId, @profileId, @profileName, @score, @reasons, @relevance, @isExploration, @raisedBy)
      ON CONFLICT (alert_id, profile_id) DO NOTHING`)
    this.selectOne = database
      .prepare<[number, number], number>('SELECT 1 FROM alert_profiles WHERE alert_id = ? AND profile_id = ?')
      .pluck()
    this.selectLast = database.prepare<[], number | null>('SELECT max(id) FROM alert_profiles').pluck()
    this.selectFirst = database
      .prepare<[number], number | null>(
        'SELECT min(f.id) FROM alerts a CROSS JOIN alert_profiles f ON f.alert_id = a.id WHERE a.created_at >= ?',
      )
      .pluck()
    this.sum = database.prepare<[{ alertId: number }]>(`
      UPDATE alerts SET (score, is_exploration) = (
        SELECT score, is_exploration FROM alert_profiles WHERE alert_id = @alertId ORDER BY is_exploration, score DESC LIMIT 1)
      WHERE id = @alertId`)
    this.removeMatches = database.prepare<[number]>(`
      UPDATE alert_profiles SET reasons = (SELECT json_group_array(json_remove(r.value, '$.matches')) FROM json_each(reasons) r)
      WHERE alert_id = ?`)
  }

  /** Of one alert, in its transaction. */
  add(alertId: number, profiles: readonly NewAlertProfile[]): void {
    for (const { reasons, isExploration, ...profile } of profiles)
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

  /** Sets what an alert weighs by all of its profiles. */
  weigh(alertId: number): void {
    this.sum.run({ alertId })
  }

  has(alertId: number, profileId: number): boolean {
    return this.selectOne.get(alertId, profileId) !== undefined
  }

  /** Id of the first of the alerts that were raised since a moment. */
  firstSince(ms: number): number | undefined {
    return this.selectFirst.get(ms) ?? undefined
  }

  /** Id of the newest; 0 where there is none. */
  last(): number {
    return this.selectLast.get() ?? 0
  }
}
