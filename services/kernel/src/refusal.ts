import type { ErrorObject } from 'ajv'

/** So much of what a caller wrote is said again. */
const MAX_ECHO = 100
const FORMATS: Record<string, string> = {
  'date-time': 'must be a moment in time, as in 2026-11-30T12:00:00Z',
  date: 'must be a date, as in 2026-11-30',
  uuid: 'must be a UUID',
  uri: 'must be an address, as in https://example.org/',
  email: 'must be a mail address, as in ada@example.org',
}
const TYPES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
}
/** What is wrong with a value, for people: the place, as in `target.url`, and what should stand there. `where`: body, query, path. */
export function sentenceOf(errors: readonly ErrorObject[], where: string): string {
  const error = mostTelling(errors)
  if (!error) return `The ${where} does not fit.`
  const place = placeOf(error)
  if (error.keyword === 'required') return `${within(place, error.params['missingProperty'])} is missing.`
  if (error.keyword === 'dependentRequired') return `${within(place, error.params['missingProperty'])} is missing.`
  if (error.keyword === 'discriminator') return unionSentence(error, place)
  return `${place || `The ${where}`} ${claimOf(error, errors)}.`
}

/** Of a value that fits none of several forms, what is wrong with the one that it comes nearest to; else the first. */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const union = errors.find(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
  if (!union) return errors[0]
  const inside = errors.filter((error) => error !== union && !isOtherType(error, union))
  return inside.find(({ instancePath }) => instancePath.startsWith(union.instancePath)) ?? union
}

function isOtherType({ keyword, instancePath }: ErrorObject, union: ErrorObject): boolean {
  return keyword === 'type' && instancePath === union.instancePath
}

function unionSentence({ params, parentSchema }: ErrorObject, place: string): string {
  const field = within(place, params['tag'])
  const branches = (parentSchema?.['x-branches'] ?? []) as string[]
  return `${field} must be ${branches.length > 0 ? `one of ${branches.join(', ')}` : 'one of those that the document names'}.`
}

/** What should be so, as it follows the name of a place. */
function claimOf(error: ErrorObject, all: readonly ErrorObject[]): string {
  const { keyword, parentSchema } = error
  if (keyword === 'anyOf' || keyword === 'oneOf') return unionClaim(all)
  if (keyword === 'pattern') return patternClaim(parentSchema)
  return CLAIMS[keyword]?.(error.params) ?? 'is not of the documented form'
}

/** By keyword, from what ajv says of it. */
const CLAIMS: Record<string, (params: Record<string, unknown>) => string> = {
  type: ({ type }) => `must be ${typeNames([type as string | string[]].flat())}`,
  additionalProperties: ({ additionalProperty: name }) => `has an unknown field: ${echoed(String(name))}`,
  propertyNames: ({ propertyName: name }) => `has a field whose name does not fit: ${echoed(String(name))}`,
  enum: ({ allowedValues: values }) => `must be one of ${(values as unknown[]).join(', ')}`,
  const: ({ allowedValue: value }) => `must be ${JSON.stringify(value)}`,
  format: ({ format }) => FORMATS[String(format)] ?? `must have the form of ${String(format)}`,
  minimum: ({ limit }) => `must be at least ${numeral(limit)}`,
  maximum: ({ limit }) => `must be at most ${numeral(limit)}`,
  exclusiveMinimum: ({ limit }) => `must be greater than ${numeral(limit)}`,
  exclusiveMaximum: ({ limit }) => `must be less than ${numeral(limit)}`,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${numeral(multipleOf)}`,
  minLength: ({ limit }) => (limit === 1 ? 'must not be empty' : `must have at least ${counted(limit, 'character')}`),
  maxLength: ({ limit }) => `must have at most ${counted(limit, 'character')}`,
  minItems: ({ limit }) => `must have at least ${counted(limit, 'entry', 'entries')}`,
  maxItems: ({ limit }) => `must have at most ${counted(limit, 'entry', 'entries')}`,
  uniqueItems: ({ i, j }) => `must not have an entry twice: ${numeral(j)} and ${numeral(i)} are the same`,
  minProperties: ({ limit }) => `must have at least ${counted(limit, 'field')}`,
  maxProperties: ({ limit }) => `must have at most ${counted(limit, 'field')}`,
}

function unionClaim(all: readonly ErrorObject[]): string {
  const types = all.flatMap(({ keyword, params }) => (keyword === 'type' ? (params['type'] as string) : []))
  return types.length > 0 ? `must be ${typeNames([...new Set(types)])}` : 'is not of any of the documented forms'
}

/** The document says in words what a pattern wants: people read no regular expressions. */
function patternClaim(schema: ErrorObject['parentSchema']): string {
  const said: unknown = schema?.['x-form']
  if (typeof said === 'string') return `must be ${said}`
  return schema?.['pattern'] === '\\S' ? 'must not be blank' : 'has not the documented form'
}

function typeNames(types: readonly string[]): string {
  return types.map((type) => TYPES[type] ?? type).join(' or ')
}

/** `/target/hears/0` as `target.hears.0`. */
function placeOf({ instancePath }: ErrorObject): string {
  return instancePath.slice(1).split('/').map(unescaped).join('.')
}

function unescaped(part: string): string {
  return echoed(part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function within(place: string, field: unknown): string {
  return place === '' ? String(field) : `${place}.${String(field)}`
}

function echoed(text: string): string {
  return text.length <= MAX_ECHO ? text : `${[...text.slice(0, 2 * MAX_ECHO)].slice(0, MAX_ECHO).join('')}…`
}

function counted(count: unknown, one: string, many = `${one}s`): string {
  return `${numeral(count)} ${count === 1 ? one : many}`
}

/** As people write it in a JSON document. */
function numeral(value: unknown): string {
  return String(value)
}
