import type { DigestDraft } from '../../model'
import type { Reading } from './reading'
import { isNothing, isRecord, listOf, numberIn, type ImportRecord } from './values'

/** A digest before it belongs to a profile. */
export type FoundDigest = Omit<DigestDraft, 'profile_id' | 'destination_id'>

const KINDS = ['hourly', 'every_4h', 'every_6h', 'every_12h', 'daily', 'weekly'] as const
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const MAX_SCHEDULES = 20
const NO_DESTINATION =
  'The digests arrive switched off: no destination can be told from the file. Choose one for each on the page, under Digests.'
/** Where the original sent them. */
const TARGETS = ['mode', 'target_channel', 'target_channels', 'channel_id', 'target', 'targets']
const KNOWN = ['schedules', 'top_n', 'min_score', ...TARGETS]
const KNOWN_OF_SCHEDULE = [
  ...['schedule', 'kind', 'enabled', 'top_n', 'min_score', 'daily_hour', 'weekly_day', 'weekly_hour'],
  ...TARGETS,
]

/** Reads `digest` of the original: its schedules, each with what is said for all of them where it says nothing itself. */
export function readDigest(reading: Reading, value: unknown, field: string): void {
  if (!isRecord(value)) return reading.refuse(field, 'Not a digest.')
  refuseUnknown(reading, value, field, KNOWN)
  const schedules = listOf(value['schedules'])
  if (schedules.length > MAX_SCHEDULES)
    reading.refuse(`${field}.schedules`, `More than ${MAX_SCHEDULES}: the rest was left out.`)
  for (const [index, entry] of schedules.slice(0, MAX_SCHEDULES).entries())
    readSchedule(reading, isRecord(entry) ? { ...shared(value), ...entry } : entry, `${field}.schedules.${index}`)
  if (reading.digests.length > 0) reading.refuse(`${field}.target`, NO_DESTINATION)
}

function readSchedule(reading: Reading, entry: unknown, path: string): void {
  const record = isRecord(entry) ? entry : { schedule: entry }
  const name = record['schedule'] ?? record['kind']
  if (name === 'none') return
  const kind = KINDS.find((one) => one === name)
  if (!kind) return reading.refuse(path, `Schedules are ${KINDS.join(', ')}.`)
  refuseUnknown(reading, record, path, KNOWN_OF_SCHEDULE)
  const topN = numberIn(record['top_n'], 1, 25)
  if (record['top_n'] !== undefined && !Number.isInteger(topN))
    reading.refuse(`${path}.top_n`, 'Not a whole number from 1 to 25: 10 was taken.')
  reading.digests.push({
    schedule: { kind, ...timeOf(kind, record) },
    ...(Number.isInteger(topN) && { top_n: topN as number }),
    min_score: numberIn(record['min_score'], 0, 100_000) ?? 0,
  })
}

/** Hours of the original are whole ones; its weeks begin on Monday, with 0. */
function timeOf(kind: FoundDigest['schedule']['kind'], record: ImportRecord): Partial<FoundDigest['schedule']> {
  const hour = numberIn(record[kind === 'weekly' ? 'weekly_hour' : 'daily_hour'], 0, 23) ?? 8
  const at = `${String(Math.floor(hour)).padStart(2, '0')}:00`
  if (kind === 'daily') return { at }
  const weekday = WEEKDAYS[numberIn(record['weekly_day'], 0, 6) ?? 0] ?? 'monday'
  return kind === 'weekly' ? { at, weekday } : { at: '00:00' }
}

function shared({ top_n: topN, min_score: minScore }: ImportRecord): ImportRecord {
  return { ...(topN !== undefined && { top_n: topN }), ...(minScore !== undefined && { min_score: minScore }) }
}

function refuseUnknown(reading: Reading, record: ImportRecord, path: string, known: readonly string[]): void {
  for (const [name, value] of Object.entries(record))
    if (!known.includes(name) && !isNothing(value)) reading.refuse(`${path}.${name}`, 'No such field is known here.')
}
