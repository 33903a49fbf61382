import type { KeepingRule, Retention, RetentionRules } from '../model'

export type Kind = Retention['kinds'][number]['kind']

/** The rules as they are typed: digits, or nothing for no limit. */
export interface RulesDraft {
  kinds: Record<Kind, { days: string; messages: string }>
  sizeMb: string
}

export function draftOf({ kinds, max_size_mb: sizeMb }: Retention): RulesDraft {
  const typed = kinds.map(({ kind, max_age_days: days, max_messages: messages }) => [
    kind,
    { days: textOf(days), messages: textOf(messages) },
  ])
  return { kinds: Object.fromEntries(typed) as RulesDraft['kinds'], sizeMb: textOf(sizeMb) }
}

export function rulesOf({ kinds, sizeMb }: RulesDraft): RetentionRules {
  const rules = Object.entries(kinds).map(([kind, { days, messages }]): [string, KeepingRule] => [
    kind,
    { max_age_days: numberOf(days), max_messages: numberOf(messages) },
  ])
  return { kinds: Object.fromEntries(rules), max_size_mb: numberOf(sizeMb) }
}

export function isSame(one: RulesDraft, other: RulesDraft): boolean {
  return JSON.stringify(rulesOf(one)) === JSON.stringify(rulesOf(other))
}

function textOf(value: number | null): string {
  return value === null ? '' : String(value)
}

/** What is no number is refused by the field itself. */
function numberOf(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}
