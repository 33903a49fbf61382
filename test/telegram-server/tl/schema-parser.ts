/** Reads the text of a TL schema. Lines without an explicit constructor id are not part of any wire format here and are left out. */

export type TypeExpression =
  | { kind: 'flags' }
  | { kind: 'true' }
  | { kind: 'primitive'; name: PrimitiveName }
  | { kind: 'vector'; bare: boolean; item: TypeExpression }
  | { kind: 'bare'; constructorName: string }
  | { kind: 'boxed' }

export type PrimitiveName = 'int' | 'long' | 'double' | 'string' | 'bytes' | 'int128' | 'int256' | 'Bool'

export interface Field {
  name: string
  type: TypeExpression
  condition?: { flagsField: string; bit: number }
}

export interface Definition {
  name: string
  id: number
  fields: Field[]
  isFunction: boolean
}

const LINE = /^([\w.]+)#([0-9a-f]+)\s*(.*?)\s*=\s*[^=]+;$/
const CONDITION = /^(\w+)\.(\d+)\?(.+)$/
const PRIMITIVES = new Set<string>(['int', 'long', 'double', 'string', 'bytes', 'int128', 'int256', 'Bool'])

export function parseSchema(text: string): Definition[] {
  const definitions: Definition[] = []
  let isFunction = false
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (line.startsWith('---')) isFunction = line.includes('functions')
    const definition = parseLine(line, isFunction)
    if (definition) definitions.push(definition)
  }
  return definitions
}

function parseLine(line: string, isFunction: boolean): Definition | undefined {
  const match = LINE.exec(line)
  if (!match || match[1] === 'vector') return undefined
  const fields = match[3]!.split(' ').filter((part) => part.includes(':') && !part.startsWith('{'))
  return { name: match[1]!, id: parseInt(match[2]!, 16), fields: fields.map(parseField), isFunction }
}

function parseField(text: string): Field {
  const colon = text.indexOf(':')
  const name = text.slice(0, colon)
  const type = text.slice(colon + 1)
  const conditional = CONDITION.exec(type)
  if (!conditional) return { name, type: parseType(type) }
  const condition = { flagsField: conditional[1]!, bit: Number(conditional[2]) }
  return { name, type: parseType(conditional[3]!), condition }
}

function parseType(text: string): TypeExpression {
  if (text === '#') return { kind: 'flags' }
  if (text === 'true') return { kind: 'true' }
  if (PRIMITIVES.has(text)) return { kind: 'primitive', name: text as PrimitiveName }
  const vector = /^([Vv])ector<(.+)>$/.exec(text)
  if (vector) return { kind: 'vector', bare: vector[1] === 'v', item: parseType(vector[2]!) }
  const lastName = text.slice(text.lastIndexOf('.') + 1)
  if (/^%?[a-z]/.test(lastName) && !text.startsWith('!'))
    return { kind: 'bare', constructorName: text.replace('%', '') }
  return { kind: 'boxed' }
}
