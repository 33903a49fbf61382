import type { Document } from 'yaml'
import { failure } from '../../model'

/** Aliases of a file may make it so many times as long: more is no profile but a bomb. */
const MAX_ALIASES = 100

/**
 * The value that a file holds: JSON, or YAML 1.2 with merge keys, without tags of anybody's own.
 * @throws ApiError INVALID_IMPORT, with line and column where the syntax is wrong
 */
export async function parseContent(content: string): Promise<unknown> {
  return jsonIn(content) ?? parsedYaml(content)
}

/** The value of a file that is JSON; undefined where it may be YAML. @throws ApiError INVALID_IMPORT */
export function jsonIn(content: string): unknown {
  // A null character is refused wherever it would come in; no such file was written by a program of ours.
  if (content.includes('\0')) throw failure('INVALID_IMPORT', 'The file has a null character. Is it a text file?')
  return parsedJson(content)
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
    return parseDocument(content, { version: '1.2', schema: 'core', merge: true, prettyErrors: true })
  } catch (cause) {
    // The parser descends: what is nested ten thousand deep ends its stack.
    throw failure('INVALID_IMPORT', 'The file is nested too deep. Profiles are lists and fields.', cause)
  }
}
