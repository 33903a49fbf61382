import schemaText from '../../../generated/api-schema'

/** What a field of a TL object holds (core.telegram.org/mtproto/TL). */
export type FieldType =
  | { kind: 'flags' | 'true' | 'int' | 'long' | 'int128' | 'int256' | 'double' | 'string' | 'bytes' | 'Bool' }
  | { kind: 'vector'; isBare: boolean; item: FieldType }
  /** `type`: of the schema, such as `Message`. */
  | { kind: 'object'; type: string }

export interface Field {
  /** As GramJS spells it. */
  name: string
  type: FieldType
  /** Whether it is there is said by a bit of another field. */
  condition: { flags: string; mask: number } | null
}

export interface Definition {
  id: number
  /** The type that it is a constructor of. */
  type: string
  fields: readonly Field[]
}

const PRIMITIVES = new Set(['true', 'int', 'long', 'int128', 'int256', 'double', 'string', 'bytes', 'Bool'])

let lines: Map<number, string> | undefined
const definitions = new Map<number, Definition>()

/** A constructor of the schema that GramJS speaks; undefined where it has none of this id. A line is read when it is asked for. */
export function definitionOf(id: number): Definition | undefined {
  const known = definitions.get(id)
  if (known) return known
  lines ??= indexed(schemaText)
  const line = lines.get(id)
  if (line === undefined) return undefined
  const definition = readLine(id, line)
  definitions.set(id, definition)
  return definition
}

function indexed(text: string): Map<number, string> {
  const types = text.slice(0, text.indexOf('---functions---')).split('\n')
  return new Map(types.filter(Boolean).map((line) => [parseInt(line.slice(line.indexOf('#') + 1), 16), line]))
}

function readLine(id: number, line: string): Definition {
  const [head = '', type = ''] = line.slice(0, -1).split(' = ')
  return { id, type, fields: head.split(' ').slice(1).map(readField) }
}

function readField(text: string): Field {
  const [snake = '', rest = ''] = text.split(':')
  const name = snake.replaceAll(/_[a-z]/g, (letter) => letter.charAt(1).toUpperCase())
  const [, flags, bit, conditional] = /^(flags\d*)\.(\d+)\?(.+)$/.exec(rest) ?? []
  if (flags === undefined) return { name, type: readType(rest), condition: null }
  return { name, type: readType(conditional as string), condition: { flags, mask: 1 << Number(bit) } }
}

function readType(text: string): FieldType {
  if (text === '#') return { kind: 'flags' }
  const [, vector, item] = /^([Vv])ector<(.+)>$/.exec(text) ?? []
  if (item !== undefined) return { kind: 'vector', isBare: vector === 'v', item: readType(item) }
  return PRIMITIVES.has(text) ? ({ kind: text } as FieldType) : { kind: 'object', type: text }
}
