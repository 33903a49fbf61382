import { DAY } from '@tgsentinel/kernel/time'
import type { ChatKind, KeepingRule, MarkedId, Retention, RetentionRules } from '../model'
import type { ChatVolume } from '../store/volumes'
import type { Holdings } from './holdings'

export const KINDS: readonly ChatKind[] = ['private', 'bot', 'group', 'supergroup', 'channel']
export const NO_RULE: KeepingRule = { max_age_days: null, max_messages: null }

type Forecast = Pick<Retention, 'kinds' | 'bytes_per_day' | 'measured_days' | 'to_sweep' | 'full_at'>

export const MB = 1_000_000

/** What the rules leave, what the next sweep takes, and when the database is full. Pure. */
export function forecastOf(rules: RetentionRules, holdings: Holdings, now: number): Forecast {
  const { volumes, usedBytes } = holdings
  const all = Math.max(
    1,
    sum(volumes, ({ bytes }) => bytes),
  )
  const kinds = KINDS.map((kind) => kindForecast(kind, rules.kinds[kind] ?? NO_RULE, holdings, usedBytes / all))
  const messages = sum(kinds, (kind) => kind.messages)
  const perMessage = messages === 0 ? 0 : usedBytes / messages
  const byRules = sum(kinds, (kind) => kind.to_sweep)
  const limit = rules.max_size_mb === null ? Infinity : rules.max_size_mb * MB
  const growth = sum(kinds, (kind) => kind.messages_per_day * (kind.messages ? kind.bytes / kind.messages : perMessage))
  return {
    kinds,
    bytes_per_day: Math.round(growth),
    measured_days: Math.round(holdings.recentDays * 100) / 100,
    to_sweep: Math.min(messages, byRules + excess(usedBytes - byRules * perMessage, limit, perMessage)),
    // A few hours say nothing of the days to come.
    full_at: usedBytes < limit && holdings.recentDays < 1 ? null : fullAt(limit - usedBytes, growth, now),
  }
}

/** Messages beyond a size. */
export function excess(bytes: number, limit: number, perMessage: number): number {
  return bytes <= limit || perMessage === 0 ? 0 : Math.ceil((bytes - limit) / perMessage)
}

function kindForecast(kind: ChatKind, rule: KeepingRule, holdings: Holdings, scale: number) {
  const volumes = holdings.volumes.filter((volume) => volume.kind === kind)
  const older = rule.max_age_days === null ? undefined : holdings.older.get(rule.max_age_days)
  const perDay = sum(volumes, ({ chatId }) => holdings.recent.get(chatId) ?? 0) / holdings.recentDays
  return {
    kind,
    max_age_days: rule.max_age_days,
    max_messages: rule.max_messages,
    chats: volumes.length,
    messages: sum(volumes, ({ messages }) => messages),
    bytes: Math.round(sum(volumes, ({ bytes }) => bytes) * scale),
    messages_per_day: Math.round(perDay * 10) / 10,
    to_sweep: sum(volumes, (volume) => dueOf(volume, rule, older, holdings.ever)),
  }
}

/** Of a chat: whatever was swept before was the oldest, so that much less is left of what is old. */
function dueOf(
  { chatId, messages }: ChatVolume,
  { max_messages: most }: KeepingRule,
  older: ReadonlyMap<MarkedId, number> | undefined,
  ever: ReadonlyMap<MarkedId, number>,
): number {
  const gone = Math.max(0, (ever.get(chatId) ?? messages) - messages)
  const byAge = older ? (older.get(chatId) ?? 0) - gone : 0
  const byCount = most === null ? 0 : messages - most
  return Math.min(messages, Math.max(0, byAge, byCount))
}

function fullAt(roomBytes: number, bytesPerDay: number, now: number): string | null {
  if (roomBytes <= 0) return new Date(now).toISOString()
  const days = roomBytes / bytesPerDay
  // Beyond some decades nobody knows.
  return days < 36_500 ? new Date(now + days * DAY).toISOString() : null
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((all, item) => all + of(item), 0)
}
