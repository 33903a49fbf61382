import type { Document, Pair, YAMLMap } from 'yaml'
import { ApiError } from '@tgsentinel/kernel/errors'
import { failure } from '../../model'

/** Aliases of a file may make it so many times as long: more is no profile but a bomb. */
const MAX_ALIASES = 100
const READING = { version: '1.2', schema: 'core', merge: true, prettyErrors: true } as const
const MERGE = '<<'

/**
 * The value that a file holds: JSON, or YAML 1.2 with merge keys, without tags of anybody's own.
 * @throws ApiError INVALID_IMPORT, with line and column where the syntax is wrong
 */
export async function parseContent(content: string): Promise<unknown> {
  // A null character is refused wherever it would come in; no such file was written by a program of ours.
  if (content.includes('\0')) throw failure('INVALID_IMPORT', 'The file has a null character. Is it a text file?')
  return parsedJson(content) ?? parsedYaml(content)
}

function parsedJson(content: string): unknown {
  try {
    return JSON.parse(content) as unknown
  } catch {
    // Not an error yet: YAML reads what is almost JSON, and says where it is wrong.
    return undefined
  }
}

async function parsedYaml(content: string): Promise<unknown> {
  const document = await documentOf(content)
  const [problem] = [...document.errors, ...document.warnings]
  if (problem) {
    const [{ line, col } = { line: 1, col: 1 }] = problem.linePos ?? []
    const [sentence = ''] = problem.message.split(/ at line \d+|\n/)
    throw failure('INVALID_IMPORT', `The file cannot be read at line ${line}, column ${col}: ${sentence}.`, problem)
  }
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown
  } catch (cause) {
    throw failure('INVALID_IMPORT', 'The file refers to itself too often. Write out what its aliases stand for.', cause)
  }
}

async function documentOf(content: string): Promise<Document.Parsed> {
  const { parseDocument } = await import('yaml')
  try {
    // Keys are looked at below: the parser compares each with all others, which takes a minute of 25,000.
    const document = parseDocument(content, { ...READING, uniqueKeys: false })
    const place = await repeatedKey(document)
    if (place !== undefined) refuseKey(content, place)
    return document
  } catch (cause) {
    if (cause instanceof ApiError) throw cause
    // The parser descends: what is nested ten thousand deep ends its stack.
    throw failure('INVALID_IMPORT', 'The file is nested too deep. Profiles are lists and fields.', cause)
  }
}

/** Where a key stands that its fields have before already. */
async function repeatedKey(document: Document.Parsed): Promise<number | undefined> {
  const { visit } = await import('yaml')
  let place: number | undefined
  visit(document, {
    Map: (_key, map) => {
      place = repeatedIn(map)
      return place === undefined ? undefined : visit.BREAK
    },
  })
  return place
}

function repeatedIn({ items }: YAMLMap): number | undefined {
  const seen = new Set<unknown>()
  for (const { key } of items as Pair<{ value?: unknown; range?: [number, number, number] | null } | null>[]) {
    const value = key?.value
    if (typeof value === 'object' || value === undefined || value === MERGE) continue
    if (seen.has(value)) return key?.range?.[0] ?? 0
    seen.add(value)
  }
  return undefined
}

function refuseKey(content: string, place: number): never {
  const before = content.slice(0, place).split('\n')
  const [line, column] = [before.length, (before.at(-1) ?? '').length + 1]
  throw failure(
    'INVALID_IMPORT',
    `The file cannot be read at line ${line}, column ${column}: this field stands there before already.`,
  )
}
