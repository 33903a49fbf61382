import { neverMatches, type DeadRule, type Profile, type ProfileDraft } from '../model'
import { QueryError } from '../scoring/query/error'
import { parseQuery } from '../scoring/query/parser'
import { wordFlaw } from '../scoring/flaws'
import { requireUsableQueries } from './queries'

type Rules = Pick<ProfileDraft, 'keywords' | 'queries' | 'interest'>

/** Rules that no message can meet, in the order of the profile. Pure. */
export function deadRulesOf(rules: Rules | Pick<Profile, 'keywords' | 'queries' | 'interest'>): DeadRule[] {
  return [...deadWords(rules), ...deadQueries(rules)]
}

/** @throws ApiError INVALID_QUERY; NEVER_MATCHES, which names the word, why no message can have it, and what to write instead */
export function requireLiveRules(rules: Rules): void {
  requireUsableQueries(rules)
  for (const dead of deadWords(rules)) throw refusal(dead)
}

/** The same of groups of words that count as forms of one another. @throws ApiError NEVER_MATCHES */
export function requireLiveWords(groups: readonly (readonly string[])[]): void {
  for (const [index, group] of groups.entries())
    for (const dead of deadIn(group, `groups.${index}`)) throw refusal(dead)
}

function* deadWords({ keywords = {}, interest = {} }: Rules): Generator<DeadRule> {
  for (const [category, { words }] of Object.entries(keywords)) yield* deadIn(words, `keywords.${category}.words`)
  for (const side of ['positive_samples', 'negative_samples'] as const)
    for (const [index, sample] of (interest[side] ?? []).entries()) {
      const flaw = wordFlaw(sample)
      if (flaw?.isWordless)
        yield { field: `interest.${side}.${index}`, problem: flaw.problem, suggestion: flaw.suggestion }
    }
}

function* deadIn(words: readonly string[], field: string): Generator<DeadRule> {
  for (const [index, word] of words.entries()) {
    const flaw = wordFlaw(word)
    const problem = flaw && `“${word}” can never match. ${flaw.problem}`
    if (flaw && problem) yield { field: `${field}.${index}`, problem, suggestion: flaw.suggestion }
  }
}

/** Queries that a former version took. */
function* deadQueries({ queries = [] }: Rules): Generator<DeadRule> {
  for (const [index, { query }] of queries.entries()) {
    try {
      parseQuery(query)
    } catch (error) {
      if (!(error instanceof QueryError)) throw error
      yield { field: `queries.${index}.query`, problem: error.message, suggestion: 'correct it, or remove it' }
    }
  }
}

function refusal({ field, problem, suggestion }: DeadRule) {
  return neverMatches(field, problem, suggestion)
}
