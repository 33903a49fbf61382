import type { SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { isoMoment } from '@tgsentinel/kernel/time'
import type { ProfileForm, ProfileFormDraft } from '../model'

/** Of a browser. */
const MAX_DRAFTS = 20

interface Row {
  revision: number | null
  form: string
  saved_at: number
}

/** Unsaved edits of profiles, by the browser that they were typed in; they go with its session. */
export class ProfileDrafts {
  private readonly upsert
  private readonly select
  private readonly remove
  private readonly prune

  constructor(database: SqliteDatabase) {
    this.upsert = database.prepare<[number, string, number | null, string, number]>(`
      INSERT INTO profiles (session_id, profile, revision, form, saved_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (session_id, profile) DO UPDATE
      SET revision = excluded.revision, form = excluded.form, saved_at = excluded.saved_at`)
    this.select = database.prepare<[number, string], Row>(
      'SELECT revision, form, saved_at FROM profiles WHERE session_id = ? AND profile = ?',
    )
    this.remove = database.prepare<[number, string]>('DELETE FROM profiles WHERE session_id = ? AND profile = ?')
    this.prune = database.prepare<[{ sessionId: number; limit: number }]>(`
      DELETE FROM profiles WHERE session_id = @sessionId AND profile NOT IN (
        SELECT profile FROM profiles WHERE session_id = @sessionId ORDER BY saved_at DESC, rowid DESC LIMIT @limit)`)
  }

  get(sessionId: number, profile: string): (ProfileFormDraft & { saved_at: string }) | null {
    const row = this.select.get(sessionId, profile)
    if (!row) return null
    return { form: JSON.parse(row.form) as ProfileForm, revision: row.revision, saved_at: isoMoment(row.saved_at) }
  }

  /** The oldest goes when there are too many. */
  put(sessionId: number, profile: string, { form, revision }: ProfileFormDraft, now: number): void {
    this.upsert.run(sessionId, profile, revision, JSON.stringify(form), now)
    this.prune.run({ sessionId, limit: MAX_DRAFTS })
  }

  delete(sessionId: number, profile: string): void {
    this.remove.run(sessionId, profile)
  }
}
