import { wordFlaw } from '../../scoring/flaws'
import type { ProfileDraft } from '../../model'
import type { Reading } from './reading'
import { isNothing, isRecord, listOf, numberIn } from './values'

type Interest = NonNullable<ProfileDraft['interest']>
type Side = 'positive_samples' | 'negative_samples'

const MAX_SAMPLES = 200
const MAX_LENGTH = 4096
const MOST = { threshold: 1, positive_weight: 10, negative_weight: 10, weight: 1000 } as const

/** Samples, added to those that the side has: a list of texts, or of records with a `text`. */
export function readSamples(reading: Reading, value: unknown, field: string, side: Side): void {
  const samples = new Set(reading.draft.interest?.[side] ?? [])
  for (const [index, entry] of listOf(value).entries()) {
    const text = reading.text(`${field}.${index}`, isRecord(entry) ? entry['text'] : entry, MAX_LENGTH)
    const flaw = text ? wordFlaw(text) : null
    if (flaw?.isWordless) reading.refuse(`${field}.${index}`, `${flaw.problem}: ${flaw.suggestion}.`)
    else if (text && samples.size < MAX_SAMPLES) samples.add(text)
    else if (text) return reading.refuse(field, `More than ${MAX_SAMPLES}: the rest was left out.`)
  }
  if (samples.size > 0) change(reading, { [side]: [...samples] })
}

export function readInterestNumber(reading: Reading, value: unknown, field: string, name: keyof typeof MOST): void {
  const number = numberIn(value, 0, MOST[name])
  if (number === undefined) reading.refuse(field, `Not a number from 0 to ${MOST[name]}.`)
  else change(reading, { [name]: number })
}

export function readInterest(reading: Reading, value: unknown, field: string): void {
  if (!isRecord(value)) return reading.refuse(field, 'Not what a profile has of samples.')
  for (const [name, given] of Object.entries(value)) {
    const path = `${field}.${name}`
    if (name === 'positive_samples' || name === 'negative_samples') readSamples(reading, given, path, name)
    else if (Object.hasOwn(MOST, name)) readInterestNumber(reading, given, path, name as keyof typeof MOST)
    else reading.refuse(path, 'No such field is known here.')
  }
}

export function readLearning(reading: Reading, value: unknown, field: string): void {
  if (!isRecord(value)) return reading.refuse(field, 'Not what a profile has of learning.')
  const perDay = isNothing(value['alerts_per_day']) ? null : numberIn(value['alerts_per_day'], 0.1, 10_000)
  if (perDay === undefined) reading.refuse(`${field}.alerts_per_day`, 'Not a number from 0.1 to 10000.')
  reading.draft.learning = { enabled: value['enabled'] === true, alerts_per_day: perDay ?? null }
}

function change(reading: Reading, part: Interest): void {
  reading.draft.interest = { ...reading.draft.interest, ...part }
}
