import type { RE2JS } from 're2js'
import { QueryError } from './error'
import type { At, RegexNode } from './node'
import { marked, rewritten } from './unicode-classes'
import { sizeOf } from './regex-size'

const MAX_LENGTH = 500
/** Beyond it a pattern takes longer than a message may. */
const MAX_SIZE = 1000
/** A pattern takes milliseconds to read, and is read when it is checked and when it is put to use. */
const MAX_KEPT = 1500
/** Telegram's longest message. */
const MAX_TEXT = 4096

/** A pattern that is ready to be looked for. */
export interface Pattern {
  plain: RE2JS
  /** For texts in which words are not of ASCII alone; null where the pattern does not ask for a word's border. */
  marked: RE2JS | null
}

/** Takes time that grows with the text alone, whatever the pattern. Classes and borders of words are those of all scripts. @throws QueryError */
export function compileRegex(node: RegexNode): Pattern {
  const { source, offset, length } = node
  if (source === '') throw new QueryError('The pattern is empty: put one between the slashes.', offset, length)
  if (source.length > MAX_LENGTH) {
    throw new QueryError(`The pattern has more than ${MAX_LENGTH} characters: split it into several.`, offset, length)
  }
  requireSmall(source, MAX_SIZE, node)
  const { plain, marked: markedSource } = rewritten(source, node)
  requireSmall(markedSource ?? plain, 4 * MAX_SIZE, node)
  const pattern = {
    plain: asTyped(plain, node),
    marked: markedSource === null ? null : kept(markedSource, source, node),
  }
  if (pattern.plain.matcher('').find() || findsNothing(pattern.plain)) {
    throw new QueryError(
      'The pattern matches nothing at all, so every message: ask for one letter at least.',
      offset,
      length,
    )
  }
  return pattern
}

/** Classes of letters and marks make a pattern larger than it was typed. @throws QueryError */
function requireSmall(pattern: string, most: number, { offset, length }: RegexNode): void {
  if (sizeOf(pattern) <= most) return
  const problem = `The pattern has more than ${MAX_SIZE} steps once its repetitions are written out: repeat less.`
  throw new QueryError(problem, offset, length)
}

/** What is wrong with it is told by the pattern as it was typed. */
function asTyped(pattern: string, node: RegexNode): RE2JS {
  try {
    return kept(pattern, node.source, node)
  } catch (error) {
    kept(node.source, node.source, node)
    throw error
  }
}

export function spansOf({ plain, marked: inMarked }: Pattern, whole: string, limit: number): At[] {
  const text = whole.slice(0, MAX_TEXT)
  if (inMarked === null || isAscii(text)) return found(plain, text, limit, (at) => at)
  const { text: withMarks, places } = marked(text)
  return found(inMarked, withMarks, limit, (at) => places[at] as number)
}

function found(regex: RE2JS, text: string, limit: number, placeOf: (at: number) => number): At[] {
  const matcher = regex.matcher(text)
  const spans: At[] = []
  while (spans.length < limit && matcher.find()) {
    const offset = placeOf(matcher.start())
    const length = placeOf(matcher.end()) - offset
    if (length > 0) spans.push({ offset, length })
  }
  return spans
}

/** Whether it is a place between two letters that it looks for. */
function findsNothing(regex: RE2JS): boolean {
  const matcher = regex.matcher('a b')
  return matcher.find() && matcher.start() === matcher.end()
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false
  return true
}

const known = new Map<string, RE2JS>()

/** Those that were read last stay read. */
function kept(pattern: string, source: string, node: RegexNode): RE2JS {
  const key = `${node.ignoresCase ? 'i' : ' '}${pattern}`
  const regex = known.get(key) ?? compiled(pattern, source, node)
  known.delete(key)
  known.set(key, regex)
  const [oldest] = known.keys()
  if (known.size > MAX_KEPT && oldest !== undefined) known.delete(oldest)
  return regex
}

function compiled(pattern: string, source: string, { offset, length, ignoresCase }: RegexNode): RE2JS {
  // Loaded when a query first has a pattern: most have none, and it takes some MB. A dynamic import would not be synchronous.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const engine = require('re2js') as typeof import('re2js')
  try {
    return engine.RE2JS.compile(pattern, ignoresCase ? engine.RE2JS.CASE_INSENSITIVE : 0)
  } catch (error) {
    if (!(error instanceof engine.RE2JSException)) throw error
    const { error: reason = 'not a pattern', input = null } = error as { error?: string; input?: string | null }
    const at = input ? source.indexOf(input) : -1
    const start = offset + 're:/'.length
    const message = `The pattern cannot be read (${reason}): correct it, or put \\ before a sign that is meant as it is.`
    if (at < 0 || !input) throw new QueryError(message, offset, length)
    throw new QueryError(message, start + at, input.length)
  }
}
