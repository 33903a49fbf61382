import type { RE2JS } from 're2js'
import { QueryError } from './error'
import type { At, RegexNode } from './node'
import { sizeOf } from './regex-size'

const MAX_LENGTH = 500
/** Beyond it a pattern takes longer than a message may. */
const MAX_SIZE = 1000
/** A pattern takes milliseconds to read, and is read when it is checked and when it is put to use. */
const MAX_KEPT = 500
/** Telegram's longest message. */
const MAX_TEXT = 4096

/** Takes time that grows with the text alone, whatever the pattern. @throws QueryError */
export function compileRegex(node: RegexNode): RE2JS {
  const { source, ignoresCase, offset, length } = node
  if (source === '') throw new QueryError('The pattern is empty: put one between the slashes.', offset, length)
  if (source.length > MAX_LENGTH) {
    throw new QueryError(`The pattern has more than ${MAX_LENGTH} characters: split it into several.`, offset, length)
  }
  if (sizeOf(source) > MAX_SIZE) {
    const problem = `The pattern has more than ${MAX_SIZE} steps once its repetitions are written out: repeat less.`
    throw new QueryError(problem, offset, length)
  }
  const regex = kept(source, ignoresCase, node)
  if (regex.matcher('').find()) {
    throw new QueryError(
      'The pattern matches nothing at all, so every message: ask for one letter at least.',
      offset,
      length,
    )
  }
  return regex
}

export function spansOf(regex: RE2JS, text: string, limit: number): At[] {
  const matcher = regex.matcher(text.slice(0, MAX_TEXT))
  const spans: At[] = []
  while (spans.length < limit && matcher.find()) {
    if (matcher.end() > matcher.start())
      spans.push({ offset: matcher.start(), length: matcher.end() - matcher.start() })
  }
  return spans
}

const known = new Map<string, RE2JS>()

/** Those that were read last stay read. */
function kept(source: string, ignoresCase: boolean, node: RegexNode): RE2JS {
  const key = `${ignoresCase ? 'i' : ' '}${source}`
  const regex = known.get(key) ?? compiled(source, ignoresCase, node)
  known.delete(key)
  known.set(key, regex)
  const [oldest] = known.keys()
  if (known.size > MAX_KEPT && oldest !== undefined) known.delete(oldest)
  return regex
}

function compiled(source: string, ignoresCase: boolean, { offset, length }: RegexNode): RE2JS {
  // Loaded when a query first has a pattern: most have none, and it takes some MB. A dynamic import would not be synchronous.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const engine = require('re2js') as typeof import('re2js')
  try {
    return engine.RE2JS.compile(source, ignoresCase ? engine.RE2JS.CASE_INSENSITIVE : 0)
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
