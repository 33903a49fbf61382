import { turnTaker } from '@tgsentinel/kernel/turns'
import { neverMatches, type DeadRule, type ProfileDraft } from '../model'
import { wordFlaw } from '../scoring/flaws'
import { QueryError } from '../scoring/query/error'
import { parseQuery } from '../scoring/query/parser'
import { checkInTurns } from './queries'

type Rules = Pick<ProfileDraft, 'keywords' | 'queries' | 'interest'>

interface Entry {
  field: string
  text: string
  /** How it is looked for. */
  kind: 'word' | 'sample' | 'query'
}

/** Rules that no message can meet, in the order of the profile, read while everything else has its turn. */
export async function deadRulesOf(rules: Rules): Promise<DeadRule[]> {
  const dead: DeadRule[] = []
  const rested = turnTaker()
  for (const entry of entriesOf(rules)) {
    await rested()
    const rule = deadRule(entry)
    if (rule) dead.push(rule)
  }
  return dead
}

/** @throws ApiError INVALID_QUERY; NEVER_MATCHES, which names the word, why no message can have it, and what to write instead */
export async function requireLiveRules(rules: Rules): Promise<void> {
  await checkInTurns(rules)
  await requireLive(entriesOf({ ...rules, queries: [] }))
}

/** The same of groups of words that count as forms of one another. @throws ApiError NEVER_MATCHES */
export async function requireLiveWords(groups: readonly (readonly string[])[]): Promise<void> {
  await requireLive(groups.flatMap((group, index) => [...wordsIn(group, `groups.${index}`)]))
}

async function requireLive(entries: Iterable<Entry>): Promise<void> {
  const rested = turnTaker()
  for (const entry of entries) {
    await rested()
    const dead = deadRule(entry)
    if (dead) throw neverMatches(dead.field, dead.problem, dead.suggestion)
  }
}

function* entriesOf({ keywords = {}, interest = {}, queries = [] }: Rules): Generator<Entry> {
  for (const [category, { words }] of Object.entries(keywords)) yield* wordsIn(words, `keywords.${category}.words`)
  for (const side of ['positive_samples', 'negative_samples'] as const)
    for (const [index, text] of (interest[side] ?? []).entries())
      yield { field: `interest.${side}.${index}`, text, kind: 'sample' }
  for (const [index, { query }] of queries.entries())
    yield { field: `queries.${index}.query`, text: query, kind: 'query' }
}

function* wordsIn(words: readonly string[], field: string): Generator<Entry> {
  for (const [index, text] of words.entries()) yield { field: `${field}.${index}`, text, kind: 'word' }
}

function deadRule({ field, text, kind }: Entry): DeadRule | null {
  if (kind === 'query') return deadQuery(field, text)
  const flaw = wordFlaw(text)
  // A sample is a message: it may have several sentences.
  if (!flaw || (kind === 'sample' && !flaw.isWordless)) return null
  const problem = kind === 'word' ? `“${text}” can never match. ${flaw.problem}` : flaw.problem
  return { field, problem, suggestion: flaw.suggestion }
}

/** One that a former version took. */
function deadQuery(field: string, query: string): DeadRule | null {
  try {
    parseQuery(query)
    return null
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    return { field, problem: error.message, suggestion: 'correct it, or remove it' }
  }
}
