import type { Category, Detector, Profile } from '../model'
import type { Background } from './interest/background'
import type { LanguageOf } from './findings'
import { Interest } from './interest/interest'
import { MeaningInterest, type Vectors } from './interest/meaning'
import type { Samples } from './interest/samples'
import { flawOf, partsOf } from './phrase'
import { QueryError } from './query/error'
import { compileQuery, type CompiledQuery } from './query/query'
import type { RelevanceModel } from './relevance/relevance-model'
import { namesOf, scopeOf, type Names, type ScopeRules } from './scope'
import type { WordIndex } from './words'

export interface Keyword {
  /** Position of its profile among the compiled ones. */
  profile: number
  label: string
  category: Category
  weight: number
  pattern: number
}

export interface Query extends CompiledQuery {
  label: string
  weight: number
}

export interface CompiledProfile {
  profile: Profile
  scope: ScopeRules
  excluded: Names
  vips: Names
  detectors: [Detector, number][]
  keywords: Keyword[]
  queries: Query[]
  /** Null where neither reactions nor replies count. */
  thresholds: Profile['thresholds'] | null
  /** It has to be asked of each message, whatever words were found, for more than its queries. */
  looksBeyondWords: boolean
  /** Those that may match whatever words were found. */
  alwaysAsked: Query[]
  /** Null where it has no samples. */
  interest: Interest | null
  /** The same by meaning, where a sentence model has read its samples. */
  meaning: MeaningInterest | null
  /** What it learned, where it judges by that. */
  model: RelevanceModel | null
}

/** What profiles are compiled with, beside their own rules. */
export interface Knowledge {
  background: Background
  /** By profile; left out where nothing that was learned counts. */
  models?: ReadonlyMap<number, RelevanceModel>
  /** What a query may ask with `lang:`. */
  languageOf?: LanguageOf
  /** Where there is a sentence model. */
  vectors?: Vectors | undefined
}

/** A profile that an older version stored may lack what came later. */
type Later = 'word_forms' | 'queries' | 'interest' | 'learning' | 'thresholds'
const WORDS_A_STEP = 50

type Stored = Omit<Profile, Later> & Partial<Pick<Profile, Later>>

/** In steps, of which a profile may have hundreds. */
export function* compileProfile(
  profile: Profile,
  position: number,
  index: WordIndex,
  knowledge: Knowledge,
): Generator<void, CompiledProfile> {
  const queries = yield* queriesOf(profile, index)
  const samples = samplesOf(profile)
  const rules = {
    profile,
    scope: scopeOf(profile.scope),
    excluded: namesOf(profile.excluded_senders),
    vips: namesOf(profile.vip_senders),
    detectors: Object.entries(profile.detectors).filter(([, weight]) => weight > 0) as [Detector, number][],
    keywords: yield* keywordsOf(profile, position, index),
    queries,
    thresholds: thresholdsOf(profile),
    alwaysAsked: queries.filter(({ needs }) => needs === null),
    interest: samples && new Interest(samples, knowledge.background),
    meaning: (samples && knowledge.vectors && MeaningInterest.of(samples, knowledge.vectors)) ?? null,
    model: ((profile as Stored).learning?.enabled && knowledge.models?.get(profile.id)) || null,
  }
  return { ...rules, looksBeyondWords: looksBeyondWords(rules) }
}

function looksBeyondWords(rules: Omit<CompiledProfile, 'looksBeyondWords'>): boolean {
  const { detectors, vips, thresholds, interest, model } = rules
  return detectors.length > 0 || vips.size > 0 || thresholds !== null || interest !== null || model !== null
}

function thresholdsOf({ thresholds }: Stored): Profile['thresholds'] | null {
  return thresholds?.reactions || thresholds?.replies ? thresholds : null
}

/** Null where there is nothing to be like. */
export function samplesOf({ interest = {} }: Pick<Stored, 'interest'>): Samples | null {
  const { positive_samples: positive = [], negative_samples: negative = [] } = interest
  if (positive.length + negative.length === 0) return null
  const { positive_weight: positiveWeight = 1, negative_weight: negativeWeight = 1 } = interest
  return { positive, negative, positiveWeight, negativeWeight }
}

function* keywordsOf(profile: Stored, position: number, index: WordIndex): Generator<void, Keyword[]> {
  const matching = (profile.word_forms ?? true) ? 'forms' : 'exact'
  const keywords: Keyword[] = []
  for (const [category, { words, weight = 1 }] of Object.entries(profile.keywords)) {
    for (const label of new Set(words)) {
      const pattern = flawOf(label) ? null : index.add(partsOf(label, matching))
      if (pattern !== null) keywords.push({ profile: position, label, category: category as Category, weight, pattern })
      if (keywords.length % WORDS_A_STEP === 0) yield
    }
  }
  return keywords
}

function* queriesOf({ queries = [] }: Stored, index: WordIndex): Generator<void, Query[]> {
  const all: Query[] = []
  for (const { query, weight = 1 } of queries) {
    const compiled = compiledQuery(query, index)
    if (compiled) all.push({ ...compiled, label: query, weight })
    yield
  }
  return all
}

/** Queries are read before they are stored; one that only a former version could read must not silence all others. */
function compiledQuery(query: string, index: WordIndex): CompiledQuery | null {
  try {
    return compileQuery(query, (parts) => index.add(parts) as number)
  } catch (error) {
    if (error instanceof QueryError) return null
    throw error
  }
}
