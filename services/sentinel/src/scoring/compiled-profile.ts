import type { Category, Detector, Profile } from '../model'
import { QueryError } from './query/error'
import { compileQuery, type CompiledQuery } from './query/query'
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
  /** Those that may match whatever words were found. */
  alwaysAsked: Query[]
}

/** A profile that an older version stored may lack what came later. */
type Stored = Omit<Profile, 'word_forms' | 'queries'> & Partial<Pick<Profile, 'word_forms' | 'queries'>>

export function compileProfile(profile: Profile, position: number, index: WordIndex): CompiledProfile {
  const queries = queriesOf(profile, index)
  return {
    profile,
    scope: scopeOf(profile.scope),
    excluded: namesOf(profile.excluded_senders),
    vips: namesOf(profile.vip_senders),
    detectors: Object.entries(profile.detectors).filter(([, weight]) => weight > 0) as [Detector, number][],
    keywords: keywordsOf(profile, position, index),
    queries,
    alwaysAsked: queries.filter(({ needs }) => needs === null),
  }
}

function keywordsOf(profile: Stored, position: number, index: WordIndex): Keyword[] {
  const matching = (profile.word_forms ?? true) ? 'forms' : 'exact'
  const keywords: Keyword[] = []
  for (const [category, { words, weight = 1 }] of Object.entries(profile.keywords)) {
    for (const label of new Set(words)) {
      const pattern = index.add(index.partsOf(label, matching))
      if (pattern !== null) keywords.push({ profile: position, label, category: category as Category, weight, pattern })
    }
  }
  return keywords
}

function queriesOf({ queries = [] }: Stored, index: WordIndex): Query[] {
  return queries.flatMap(({ query, weight = 1 }) => {
    const compiled = compiledQuery(query, index)
    return compiled ? [{ ...compiled, label: query, weight }] : []
  })
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
