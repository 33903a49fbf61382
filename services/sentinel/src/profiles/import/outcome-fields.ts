import type { ProfileDraft } from '../../model'
import type { Reading } from './reading'
import { isNothing, isRecord, numberIn, weightOf } from './values'

type Counted = 'reactions' | 'replies'

const MOST = 1_000_000
/** What each threshold of the original added to a score (redoracle/TGSentinel, its config). */
const ORIGINAL_WEIGHT = 0.5

/** A number of reactions or replies; in the original 0 switched it off. */
export function readOriginalThreshold(counted: Counted) {
  return (reading: Reading, value: unknown, field: string): void =>
    readLeast(reading, value, field, counted, { weight: ORIGINAL_WEIGHT })
}

export function readThresholds(reading: Reading, value: unknown, field: string): void {
  if (!isRecord(value)) return reading.refuse(field, 'Not what a profile has of reactions and replies.')
  for (const [name, given] of Object.entries(value)) {
    const path = `${field}.${name}`
    if (name === 'reactions' || name === 'replies') readLeast(reading, given, path, name)
    else if (name === 'weight') readWeight(reading, given, path)
    else reading.refuse(path, 'No such field is known here.')
  }
}

export function readTellChanges(reading: Reading, value: unknown, field: string): void {
  if (!isRecord(value)) return reading.refuse(field, 'Not what a profile has of edits and deletions.')
  for (const [name, given] of Object.entries(value)) {
    const path = `${field}.${name}`
    if (name !== 'edits' && name !== 'deletions') reading.refuse(path, 'No such field is known here.')
    else if (typeof given !== 'boolean') reading.refuse(path, 'Neither true nor false.')
    else reading.draft.tell_changes = { ...reading.draft.tell_changes, [name]: given }
  }
}

function readLeast(reading: Reading, value: unknown, path: string, counted: Counted, usual: Thresholds = {}): void {
  if (isNothing(value)) return
  const least = numberIn(value, 1, MOST)
  if (least === undefined || !Number.isInteger(least)) reading.refuse(path, `Not a whole number from 1 to ${MOST}.`)
  else reading.draft.thresholds = { ...usual, ...reading.draft.thresholds, [counted]: least }
}

function readWeight(reading: Reading, value: unknown, path: string): void {
  const weight = weightOf(value)
  if (weight === undefined) reading.refuse(path, 'Not a weight from 0 to 1000.')
  else reading.draft.thresholds = { ...reading.draft.thresholds, weight }
}

type Thresholds = NonNullable<ProfileDraft['thresholds']>
