import type { Answer } from './model'

/** What buttons say, on the page and in notifications; in the order in which they stand. */
export const ANSWER_LABELS: Record<Answer, string> = {
  wanted: 'Wanted',
  not_wanted: 'Not wanted',
  snooze: 'Snooze 1 h',
}
