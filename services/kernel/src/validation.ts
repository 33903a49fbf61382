import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import { httpError } from './errors'
import { sentenceOf } from './refusal'

type Schema = Record<string, unknown>

interface ParameterSchema {
  name: string
  in: string
  required?: boolean
  schema: Schema
}

export interface OperationSchema {
  operationId: string
  security?: Record<string, unknown>[]
  parameters?: (ParameterSchema | { $ref: string })[]
  requestBody?: { content: Record<string, { schema: { $ref: string } }> }
  responses: Record<string, unknown>
  'x-max-body-bytes'?: number
  'x-max-file-bytes'?: number
  /** Of all its bodies together; without it each is bounded alone. */
  'x-max-bytes-at-once'?: number
  'x-too-large-hint'?: string
  /** A GET that a service in front passes on for whoever asks. */
  'x-public'?: boolean
}

/** The part of an OpenAPI 3.1 document that the binding reads. */
export interface OpenApiDocument {
  paths: Record<string, Record<string, unknown>>
  security?: Record<string, unknown>[]
  components: { parameters?: Record<string, unknown>; schemas: Record<string, unknown> }
}

/** One operation's rules; each is compiled when it is first needed. Every check throws a 400 that names the field. */
export interface Validator {
  operationId: string
  security: { schemes: string[]; optional: boolean }
  successStatus: number
  maxBodyBytes: number
  maxFileBytes: number
  maxBytesAtOnce: number | undefined
  tooLargeHint: string | undefined
  /** Media types of the request, empty where it has no body. */
  mediaTypes: string[]
  /** Field of a multipart request that is a file. */
  fileField: string | undefined
  params(values: unknown): unknown
  query(url: string): unknown
  headers(values: unknown): void
  body(value: unknown): unknown
}

const DEFAULT_MAX_BODY_BYTES = 512 * 1024
const DEFAULT_MAX_FILE_BYTES = 10 * 1024 * 1024

interface Compilers {
  strict: () => Ajv2020
  coercing: () => Ajv2020
}

const compilers = new WeakMap<OpenApiDocument, Compilers>()

/** Costs nothing at the start but what is read of the document: a hundred compiled operations take half a second. */
export function compileOperation(document: OpenApiDocument, path: string, method: string): Validator {
  const item = document.paths[path] as Record<string, unknown>
  const operation = item[method] as OperationSchema
  const { strict, coercing } = compilersOf(document)
  const parameters = parametersOf(document, item, operation)
  const content = operation.requestBody?.content ?? {}
  const numbers = numericNames(document, parameters)
  const params = checkOf(coercing, parameters, 'path')
  const query = checkOf(coercing, parameters, 'query')
  const headers = checkOf(coercing, parameters, 'header')
  const json = content['application/json']
  const body = json && once(() => strict().compile({ $ref: `contract${json.schema.$ref}` }))
  return {
    operationId: operation.operationId,
    security: securityOf(operation.security ?? document.security ?? []),
    successStatus: operation.responses['201'] ? 201 : 200,
    maxBodyBytes: operation['x-max-body-bytes'] ?? DEFAULT_MAX_BODY_BYTES,
    maxFileBytes: operation['x-max-file-bytes'] ?? DEFAULT_MAX_FILE_BYTES,
    maxBytesAtOnce: operation['x-max-bytes-at-once'],
    tooLargeHint: operation['x-too-large-hint'],
    mediaTypes: Object.keys(content),
    fileField: fileFieldOf(document, content['multipart/form-data']?.schema.$ref),
    params: (values) => params(plainNumbers({ ...(values as object) }, numbers)),
    query: (url) => query(plainNumbers(parseQuery(url), numbers)),
    headers: (values) => void headers({ ...(values as object) }),
    body: (value) => (body ? checked(body(), value, 'body') : value),
  }
}

/** What is wrong with a value by a schema of the document, as a sentence; null for nothing. */
export function problemFinder(document: OpenApiDocument, schema: string): (value: unknown) => string | null {
  const strict = bodyCompiler(document)
  const validate = once(() => strict().compile({ $ref: `contract#/components/schemas/${schema}` }))
  return (value) => (validate()(value) ? null : sentenceOf(validate().errors ?? [], 'file'))
}

/** What bodies are checked with; made when it is first needed. */
export function bodyCompiler(document: OpenApiDocument): () => Ajv2020 {
  return compilersOf(document).strict
}

function compilersOf(document: OpenApiDocument): Compilers {
  let pair = compilers.get(document)
  if (!pair) {
    pair = { strict: once(() => compilerOf(document, false)), coercing: once(() => compilerOf(document, true)) }
    compilers.set(document, pair)
  }
  return pair
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function compilerOf(document: OpenApiDocument, coerceTypes: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    coerceTypes,
    useDefaults: coerceTypes,
    validateSchema: false,
    discriminator: true,
    // An error brings its schema, which says in words what it wants.
    verbose: true,
  })
  addFormats(ajv)
  const components: unknown = JSON.parse(JSON.stringify(document.components), (_key, value: unknown) => asUnion(value))
  ajv.addSchema({ $id: 'contract', components } as Schema)
  return ajv
}

/**
 * Each branch of a union says itself which value is its own; ajv takes no mapping beside that. It looks at the branches of an object alone,
 * and lets anything else pass.
 */
function asUnion(schema: unknown): unknown {
  const { discriminator, oneOf } = (schema ?? {}) as {
    discriminator?: { propertyName?: string; mapping?: object }
    oneOf?: unknown
  }
  if (!oneOf || !discriminator?.propertyName) return schema
  const { propertyName, mapping } = discriminator
  return {
    ...(schema as Schema),
    type: 'object',
    discriminator: { propertyName },
    'x-branches': Object.keys(mapping ?? {}),
  }
}

function parametersOf(
  document: OpenApiDocument,
  item: Record<string, unknown>,
  operation: OperationSchema,
): ParameterSchema[] {
  const all = [...((item['parameters'] as OperationSchema['parameters']) ?? []), ...(operation.parameters ?? [])]
  return all.map((entry) =>
    '$ref' in entry ? (document.components.parameters?.[entry.$ref.split('/').at(-1) ?? ''] as ParameterSchema) : entry,
  )
}

function checkOf(ajv: () => Ajv2020, parameters: ParameterSchema[], where: string): (values: object) => unknown {
  const own = parameters.filter((parameter) => parameter.in === where)
  if (own.length === 0 && where !== 'query') return (values) => values
  const name = (parameter: ParameterSchema) => (where === 'header' ? parameter.name.toLowerCase() : parameter.name)
  const validate = once(() =>
    ajv().compile({
      type: 'object',
      additionalProperties: where === 'header',
      required: own.filter((parameter) => parameter.required).map(name),
      properties: Object.fromEntries(own.map((parameter) => [name(parameter), absolute(parameter.schema)])),
    }),
  )
  return (values) => checked(validate(), values, where)
}

function numericNames(document: OpenApiDocument, parameters: ParameterSchema[]): string[] {
  const resolve = ({ $ref, ...schema }: Schema): Schema =>
    typeof $ref === 'string' ? (document.components.schemas[$ref.split('/').at(-1) ?? ''] as Schema) : schema
  return parameters
    .filter(({ schema }) => /^(integer|number)$/.test(String(resolve(schema)['type'])))
    .map(({ name }) => name)
}

/** Coercion alone would take `1e3`, `0x10` and `Infinity` for numbers. */
function plainNumbers(values: object, names: readonly string[]): object {
  for (const name of names) {
    const text = (values as Record<string, unknown>)[name]
    if (typeof text === 'string' && !/^-?\d{1,16}(\.\d{1,16})?$/.test(text)) {
      throw httpError('INVALID_REQUEST', `${name} must be a number.`)
    }
  }
  return values
}

/** References inside a parameter are relative to the document. */
function absolute(schema: Schema): Schema {
  return typeof schema['$ref'] === 'string' ? { ...schema, $ref: `contract${schema['$ref']}` } : schema
}

function checked(validate: ValidateFunction, value: unknown, where: string): unknown {
  if (!validate(value)) throw httpError('INVALID_REQUEST', sentenceOf(validate.errors ?? [], where))
  return value
}

function securityOf(security: Record<string, unknown>[]) {
  const schemes = security.flatMap((entry) => Object.keys(entry))
  return { schemes, optional: security.length === 0 || security.some((entry) => Object.keys(entry).length === 0) }
}

function fileFieldOf(document: OpenApiDocument, reference: string | undefined): string | undefined {
  const schema = document.components.schemas[reference?.split('/').at(-1) ?? ''] as
    { properties?: Record<string, Schema> } | undefined
  return Object.entries(schema?.properties ?? {}).find(([, property]) => 'contentMediaType' in property)?.[0]
}

const NO_QUERY = Object.freeze({})

/** Values of a URL's query; a repeated name becomes an array, so that its check fails. */
function parseQuery(url: string): object {
  const at = url.indexOf('?')
  if (at < 0) return { ...NO_QUERY }
  const values: Record<string, string | string[]> = Object.create(null) as Record<string, string>
  for (const part of url.slice(at + 1).split('&')) {
    if (part === '') continue
    const [name = '', value = ''] = part.split(/=(.*)/s, 2).map(decodeQuery)
    const before = values[name]
    values[name] = before === undefined ? value : [before, value].flat()
  }
  return { ...values }
}

function decodeQuery(text: string): string {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '))
    if (!decoded.includes('\0')) return decoded
  } catch {
    // Falls through to the refusal: the text is no UTF-8.
  }
  throw httpError('INVALID_REQUEST', 'The query is not well-formed UTF-8 text.')
}
