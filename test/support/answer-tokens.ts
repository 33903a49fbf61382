import { randomBytes } from 'node:crypto'
import { DAY } from '@tgsentinel/kernel/time'
import Database from '@tgsentinel/sqlite-driver'
import { expiryOf, tokenOf, type AnswerLink } from '../../services/sentinel/src/answers/answer-token'

/** The token of a link that the sentinel of a database would make, and of one whose time is over for `isOver`. */
export function answerToken(
  databasePath: string,
  { isOver = false, ...link }: Partial<AnswerLink> & { alertId: number; isOver?: boolean },
): string {
  const expiresAtMs = expiryOf(Date.now()) - (isOver ? 30 * DAY : 0)
  return tokenOf(keyOf(databasePath), { destinationId: 999, answer: 'wanted', expiresAtMs, ...link })
}

/** Made at its first use. */
function keyOf(databasePath: string): Buffer {
  const database = new Database(databasePath, { timeout: 5000 })
  database
    .prepare("INSERT INTO settings (name, value) VALUES ('answer_key', ?) ON CONFLICT DO NOTHING")
    .run(randomBytes(32).toString('base64'))
  const kept = database.prepare("SELECT value FROM settings WHERE name = 'answer_key'").pluck().get()
  database.close()
  return Buffer.from(String(kept), 'base64')
}
