import { DETECTORS } from '../detectors'
import { isNamed } from '../scope'
import type { StoredMessage } from '../../store/messages'
import type { Part } from '../phrase'
import type { Place } from '../words'
import type { At, FilterNode, Has, QueryNode } from './node'
import { parseQuery } from './parser'
import { compileRegex, spansOf, type Pattern } from './regex'

/** What the one pass over a message found, and the message. */
export interface Findings {
  message: StoredMessage
  /** In the order of the text; none where the pattern was not found. */
  placesOf: (pattern: number) => readonly Place[]
  spanOf: (place: Place) => At
  /** Null where it cannot be told. */
  language: () => string | null
}

type Test = (findings: Findings) => At[] | null

export interface CompiledQuery {
  /** Patterns of which one has to be found before the query can match; null: it has to be asked of each message. */
  needs: ReadonlySet<number> | null
  /** Spans of what matched, without what was excluded; null: it does not match. */
  test: Test
}

export const MAX_SPANS = 20

/** `patternOf` gives what is looked for in the one pass over a message its number. Pure but for that. @throws QueryError */
export function compileQuery(query: string, patternOf: (parts: readonly Part[]) => number): CompiledQuery {
  const { needs, test } = compile(parseQuery(query), patternOf)
  return { needs, test: (findings) => limited(test(findings)) }
}

function compile(node: QueryNode, patternOf: (parts: readonly Part[]) => number): CompiledQuery {
  switch (node.kind) {
    case 'term': {
      const pattern = patternOf(node.parts)
      return { needs: new Set([pattern]), test: (findings) => spansAt(findings, findings.placesOf(pattern)) }
    }
    case 'near':
      return compileNear(patternOf(node.left.parts), patternOf(node.right.parts), node.distance)
    case 'and':
      return compileAnd(node.children.map((child) => compile(child, patternOf)))
    case 'or':
      return compileOr(node.children.map((child) => compile(child, patternOf)))
    case 'not': {
      const { test } = compile(node.child, patternOf)
      return { needs: null, test: (findings) => (test(findings) === null ? [] : null) }
    }
    case 'regex':
      return compilePattern(compileRegex(node))
    case 'from':
    case 'in':
    case 'has':
    case 'lang':
      return { needs: null, test: (findings) => (isSo(node, findings) ? [] : null) }
    default:
      return node satisfies never
  }
}

function compileAnd(parts: readonly CompiledQuery[]): CompiledQuery {
  // Nothing that is dear, a pattern of letters, before what is cheap.
  const ordered = parts.toSorted((a, b) => Number(a.needs === null) - Number(b.needs === null))
  return {
    needs: parts.map(({ needs }) => needs).reduce((best, needs) => fewer(best, needs)),
    test: (findings) => {
      const spans: At[] = []
      for (const { test } of ordered) {
        const found = test(findings)
        if (found === null) return null
        spans.push(...found)
      }
      return spans
    },
  }
}

function fewer(a: CompiledQuery['needs'], b: CompiledQuery['needs']): CompiledQuery['needs'] {
  if (a === null || b === null) return a ?? b
  return a.size <= b.size ? a : b
}

function compileOr(parts: readonly CompiledQuery[]): CompiledQuery {
  const needs = parts.some((part) => part.needs === null)
    ? null
    : new Set(parts.flatMap((part) => [...(part.needs ?? [])]))
  return {
    needs,
    test: (findings) => {
      const found = parts.map(({ test }) => test(findings)).filter((spans) => spans !== null)
      return found.length > 0 ? found.flat() : null
    },
  }
}

function compileNear(left: number, right: number, distance: number): CompiledQuery {
  return {
    needs: new Set([left]),
    test: (findings) => {
      const near = pairsWithin(findings.placesOf(left), findings.placesOf(right), distance)
      return near.length > 0 ? spansAt(findings, near) : null
    },
  }
}

/** As many pairs as are shown; two words that overlap are one and no pair. */
function pairsWithin(left: readonly Place[], right: readonly Place[], distance: number): Place[] {
  const found: Place[] = []
  for (const a of left) {
    for (const b of right) {
      const apart = Math.max(b.first - a.last, a.first - b.last)
      if (apart >= 1 && apart <= distance) found.push(a, b)
      if (found.length >= MAX_SPANS) return found
    }
  }
  return found
}

function spansAt({ spanOf }: Findings, places: readonly Place[]): At[] | null {
  return places.length === 0 ? null : places.slice(0, MAX_SPANS).map(spanOf)
}

function compilePattern(regex: Pattern): CompiledQuery {
  const test: Test = ({ message }) => {
    const spans = spansOf(regex, message.text, MAX_SPANS)
    return spans.length > 0 ? spans : null
  }
  return { needs: null, test }
}

const HAS_TESTS: Record<Has, (message: StoredMessage) => boolean> = {
  link: DETECTORS.link,
  code: DETECTORS.code,
  media: DETECTORS.media,
  document: DETECTORS.document,
  poll: DETECTORS.poll,
  question: DETECTORS.question,
  mention: DETECTORS.mention,
  forward: DETECTORS.forwarded,
  one_time_code: DETECTORS.one_time_code,
}

function isSo(node: FilterNode, { message, language }: Findings): boolean {
  if (node.kind === 'has') return HAS_TESTS[node.what](message)
  if (node.kind === 'lang') return language() === node.language
  if (node.kind === 'in')
    return isNamed(new Set([node.name]), message.chatId, message.chatUsername, message.chatUsernames)
  return isNamed(new Set([node.name]), message.senderId, message.senderUsername, message.senderUsernames)
}

/** Distinct, in the order of the text. */
function limited(spans: At[] | null): At[] | null {
  if (spans === null || spans.length < 2) return spans
  const distinct = new Map(spans.map((span) => [`${span.offset} ${span.length}`, span]))
  return [...distinct.values()].sort((a, b) => a.offset - b.offset || a.length - b.length).slice(0, MAX_SPANS)
}
