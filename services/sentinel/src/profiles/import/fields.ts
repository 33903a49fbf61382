import type { ChatKind, Detector, ProfileDraft } from '../../model'
import { requireUsableQueries } from '../queries'
import { categoryOf, ORIGINAL_WEIGHTS } from './categories'
import { readDigest } from './digests'
import { readInterest, readInterestNumber, readLearning, readSamples } from './interest-fields'
import type { Reading } from './reading'
import { readOriginalThreshold, readTellChanges, readThresholds } from './outcome-fields'
import { isNothing, isRecord, listOf, numberIn, weightOf, type ImportRecord } from './values'
import { isIgnored, UNSUPPORTED } from './unsupported'

type FieldReader = (reading: Reading, value: unknown, field: string) => void

/** Every detector, and what it counted in the original, where that is known. */
const DETECTORS: Record<Detector, number> = {
  mention: 2,
  reply_to_me: 1.5,
  question: 1.2,
  link: 0.5,
  code: 1.3,
  one_time_code: 1.3,
  media: 0.7,
  document: 0.7,
  poll: 1,
  private: 0.5,
  forwarded: 0.5,
  pinned: 1.2,
  admin: 1,
}

const KINDS: readonly ChatKind[] = ['private', 'bot', 'group', 'supergroup', 'channel']
const MAX_QUERIES = 200

const READERS = new Map<string, FieldReader>([
  ['description', (reading, value, field) => set(reading, 'description', reading.text(field, value, 1000))],
  ['min_score', (reading, value, field) => readNumber(reading, field, 'min_score', value, 100_000)],
  ['vip_weight', (reading, value, field) => readNumber(reading, field, 'vip_weight', value, 1000)],
  ['word_forms', (reading, value, field) => readSwitch(reading, field, 'word_forms', value)],
  ['one_per_story', (reading, value, field) => readSwitch(reading, field, 'one_per_story', value)],
  ['include_own', (reading, value, field) => readSwitch(reading, field, 'include_own', value)],
  ['vip_senders', (reading, value, field) => set(reading, 'vip_senders', reading.peers(field, value))],
  ['excluded_senders', readExcluded],
  ['excluded_users', readExcluded],
  ['channels', readChats],
  // A person is heard in the private chat that has their id.
  ['users', readChats],
  ['scope', readScope],
  ['keywords', readKeywords],
  ['queries', readQueries],
  ['interest', readInterest],
  ['learning', readLearning],
  ['positive_samples', samples('positive_samples')],
  ['negative_samples', samples('negative_samples')],
  ['feedback_positive_samples', samples('positive_samples')],
  ['feedback_negative_samples', samples('negative_samples')],
  ['threshold', (reading, value, field) => readInterestNumber(reading, value, field, 'threshold')],
  ['positive_weight', (reading, value, field) => readInterestNumber(reading, value, field, 'positive_weight')],
  ['negative_weight', (reading, value, field) => readInterestNumber(reading, value, field, 'negative_weight')],
  ['detectors', readDetectors],
  ['detect_codes', flag('code', 'one_time_code')],
  ['detect_documents', flag('document')],
  ['detect_links', flag('link')],
  ['detect_polls', flag('poll')],
  ['detect_mentions', flag('mention')],
  ['detect_questions', flag('question')],
  ['prioritize_pinned', flag('pinned')],
  ['prioritize_private', flag('private')],
  ['prioritize_admin', flag('admin')],
  ['detect_admin', flag('admin')],
  ['detect_admins', flag('admin')],
  ['reaction_threshold', readOriginalThreshold('reactions')],
  ['reply_threshold', readOriginalThreshold('replies')],
  ['thresholds', readThresholds],
  ['tell_changes', readTellChanges],
  ['scoring_weights', readScoringWeights],
  ['digest', readDigest],
])

/** Where nothing is something: a weight of 0, a switch that is off. */
const MEANT_WHEN_EMPTY = new Set([
  'min_score',
  'vip_weight',
  'word_forms',
  'include_own',
  'one_per_story',
  'threshold',
  'positive_weight',
  'negative_weight',
])

/** Whether a field is one that a profile has, understood or not: by such it is known for a profile. */
export function isProfileField(field: string): boolean {
  return READERS.has(field) || UNSUPPORTED.has(field) || field.endsWith('_keywords')
}

/** Reads every field into the draft; the names of those that gave something. */
export function readFields(reading: Reading, record: ImportRecord): string[] {
  return inOrder(record)
    .filter(([field, value]) => !isIgnored(field) && (!isNothing(value) || MEANT_WHEN_EMPTY.has(field)))
    .filter(([field, value]) => readField(reading, field, value))
    .map(([field]) => field)
}

/** Weights come last: they need the words that they weigh. */
function inOrder(record: ImportRecord): [string, unknown][] {
  const isLast = ([field]: [string, unknown]) => Number(field === 'scoring_weights')
  return Object.entries(record).sort((one, other) => isLast(one) - isLast(other))
}

/** Whether anything of it was taken over. */
function readField(reading: Reading, field: string, value: unknown): boolean {
  const reader = READERS.get(field) ?? wordsReader(field, value)
  if (!reader) {
    const unsupported = UNSUPPORTED.get(field)
    if (unsupported) reading.refuse(unsupported.path ?? field, unsupported.problem)
    else reading.refuse(field, 'No such field is known here.')
    return false
  }
  const taken = () => JSON.stringify([reading.draft, reading.digests])
  const before = taken()
  const problems = reading.problems.length
  reader(reading, value, field)
  return taken() !== before || reading.problems.length === problems
}

function wordsReader(field: string, value: unknown): FieldReader | undefined {
  const category = categoryOf(field)
  const isList = typeof value === 'object' || field.endsWith('_keywords')
  if (!category || !isList) return undefined
  return (reading, words) => reading.words(category, field, words, ORIGINAL_WEIGHTS[category])
}

function readKeywords(reading: Reading, value: unknown, field: string): void {
  const categories = isRecord(value) ? Object.keys(value) : []
  if (!isRecord(value) || !categories.every((name) => categoryOf(name) && name !== 'keywords'))
    return reading.words('general', field, value, ORIGINAL_WEIGHTS.general)
  for (const name of categories) {
    const category = categoryOf(name)
    if (category) reading.words(category, `${field}.${name}`, value[name], undefined)
  }
}

function readQueries(reading: Reading, value: unknown, field: string): void {
  const queries = listOf(value).flatMap((entry, index) => {
    const query = queryOf(entry)
    const problem = query ? problemOf(query) : 'Not a query of at most 2000 characters.'
    if (problem !== null) reading.refuse(`${field}.${index}`, problem)
    return query && problem === null ? [query] : []
  })
  if (queries.length > MAX_QUERIES) reading.refuse(field, `More than ${MAX_QUERIES}: the rest was left out.`)
  if (queries.length > 0) reading.draft.queries = queries.slice(0, MAX_QUERIES)
}

function queryOf(entry: unknown): NonNullable<ProfileDraft['queries']>[number] | undefined {
  const query = isRecord(entry) ? entry['query'] : entry
  if (typeof query !== 'string' || query.trim() === '' || query.length > 2000 || query.includes('\0')) return undefined
  const weight = isRecord(entry) ? weightOf(entry['weight']) : undefined
  return { query, ...(weight === undefined ? {} : { weight }) }
}

function problemOf(query: { query: string }): string | null {
  try {
    requireUsableQueries({ queries: [query] })
    return null
  } catch (error) {
    return (error as Error).message.replace(/^Query 1: /, '')
  }
}

function samples(side: 'positive_samples' | 'negative_samples'): FieldReader {
  return (reading, value, field) => readSamples(reading, value, field, side)
}

function readDetectors(reading: Reading, value: unknown, field: string): void {
  for (const [name, given] of Object.entries(isRecord(value) ? value : {})) {
    const weight = weightOf(given)
    if (!Object.hasOwn(DETECTORS, name)) reading.refuse(`${field}.${name}`, 'No such detector is known here.')
    else if (weight === undefined) reading.refuse(`${field}.${name}`, 'Not a weight from 0 to 1000.')
    else reading.draft.detectors = { ...reading.draft.detectors, [name]: weight }
  }
}

function flag(...detectors: Detector[]): FieldReader {
  return (reading, value, field) => {
    if (value !== true) return reading.refuse(field, 'Neither true nor false.')
    const weights = detectors.map((detector) => [detector, DETECTORS[detector]] as const)
    reading.draft.detectors = { ...Object.fromEntries(weights), ...reading.draft.detectors }
  }
}

function readScoringWeights(reading: Reading, value: unknown, field: string): void {
  for (const [name, given] of Object.entries(isRecord(value) ? value : {})) {
    const weight = weightOf(given)
    const category = categoryOf(name)
    if (weight === undefined || !category) reading.refuse(`${field}.${name}`, 'No weight of a category of words.')
    else if (reading.draft.keywords[category]) reading.draft.keywords[category].weight = weight
  }
}

function readExcluded(reading: Reading, value: unknown, field: string): void {
  const peers = [...(reading.draft.excluded_senders ?? []), ...reading.peers(field, value)]
  set(reading, 'excluded_senders', [...new Set(peers)].slice(0, 2000))
}

function readChats(reading: Reading, value: unknown, field: string): void {
  const chats = [...(reading.draft.scope?.chats ?? []), ...reading.peers(field, value)]
  if (chats.length > 0) reading.draft.scope = { ...reading.draft.scope, chats: [...new Set(chats)].slice(0, 2000) }
}

function readScope(reading: Reading, value: unknown, field: string): void {
  if (!isRecord(value)) return reading.refuse(field, 'Not a scope.')
  const { chats, exclude_chats: excluded, kinds, ...others } = value
  if (!isNothing(chats)) readChats(reading, chats, `${field}.chats`)
  if (!isNothing(excluded))
    reading.draft.scope = { ...reading.draft.scope, exclude_chats: reading.peers(`${field}.exclude_chats`, excluded) }
  const known = KINDS.filter((kind) => listOf(kinds).includes(kind))
  if (known.length > 0) reading.draft.scope = { ...reading.draft.scope, kinds: known }
  for (const name of Object.keys(others)) reading.refuse(`${field}.${name}`, 'No such field is known here.')
  if (known.length < listOf(kinds).length) reading.refuse(`${field}.kinds`, `Kinds of chats are ${KINDS.join(', ')}.`)
}

function readNumber(
  reading: Reading,
  field: string,
  name: 'min_score' | 'vip_weight',
  value: unknown,
  most: number,
): void {
  const number = numberIn(value, 0, most)
  if (number === undefined) reading.refuse(field, `Not a number from 0 to ${most}.`)
  else reading.draft[name] = number
}

function readSwitch(
  reading: Reading,
  field: string,
  name: 'word_forms' | 'include_own' | 'one_per_story',
  value: unknown,
): void {
  if (typeof value === 'boolean') reading.draft[name] = value
  else reading.refuse(field, 'Neither true nor false.')
}

function set<K extends keyof ProfileDraft>(reading: Reading, name: K, value: ProfileDraft[K] | undefined): void {
  if (value !== undefined) (reading.draft as ProfileDraft)[name] = value
}
