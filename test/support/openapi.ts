import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

export type ServiceName = 'sentinel' | 'ui'
type Node = Record<string, unknown>

export interface Media {
  schema: Node
  example?: unknown
}

export interface Operation {
  id: string
  /** In capitals. */
  method: string
  /** As documented, with {parameters}. */
  path: string
  pattern: RegExp
  tags: string[]
  /** Status -> media type -> schema; references are resolved. */
  responses: Record<string, Record<string, Media>>
  requestBody: Record<string, Media>
  parameters: { name: string; in: string; schema: Node }[]
  /** Names of the schemes, any of which lets in; `optional` where it is open as well. */
  security: { schemes: string[]; optional: boolean }
  /** The ui forwards it for anybody. */
  isPublic: boolean
}

/** Statuses that any operation may answer with, in the general envelope (the document's own description). */
export const GENERAL_STATUSES: readonly number[] = [400, 403, 404, 405, 500, 503]

/** Statuses of whatever asks Telegram. */
const TELEGRAM_STATUSES: readonly number[] = [409, 429, 502, 504]
const ASKING_TAGS = ['Telegram', 'Sign-in']

/** What an operation may answer with though it does not list it. */
export function generalStatuses(operation: Operation | undefined): readonly number[] {
  const asks = operation?.tags.some((tag) => ASKING_TAGS.includes(tag)) || operation?.id === 'signOut'
  return asks ? [...GENERAL_STATUSES, ...TELEGRAM_STATUSES] : GENERAL_STATUSES
}

/** Its path with an id, the same wherever it asks for one. */
export function targetWith({ path }: Pick<Operation, 'path'>, id: string): string {
  return path.replace(/\{\w+\}/g, id)
}

/** An OpenAPI document as the tests see it: read from the yaml, apart from the services' own reading of it. */
export class Contract {
  readonly document: Node
  readonly operations: Operation[]
  private readonly ajv: Ajv2020

  constructor(readonly service: ServiceName) {
    this.document = documentOf(service)
    this.ajv = new Ajv2020({ strict: false, allErrors: true })
    addFormats(this.ajv)
    this.ajv.addSchema({ ...this.document, $id: 'contract' })
    this.operations = Object.entries(this.document['paths'] as Node).flatMap(([path, item]) =>
      Object.entries(item as Node)
        .filter(([method]) => method !== 'parameters')
        .map(([method, operation]) => this.read(path, method, item as Node, operation as Node)),
    )
  }

  find(method: string, pathname: string): Operation | undefined {
    return this.operations.find((operation) => operation.method === method && operation.pattern.test(pathname))
  }

  operation(id: string): Operation {
    const found = this.operations.find((operation) => operation.id === id)
    if (!found) throw new Error(`No operation ${id} in ${this.service}.yaml`)
    return found
  }

  /** What is wrong with a value, or null. */
  problem(schema: Node, value: unknown): string | null {
    const validate = this.compile(schema)
    return validate(value) ? null : this.ajv.errorsText(validate.errors, { dataVar: 'value' })
  }

  failureProblem(value: unknown): string | null {
    return this.problem({ $ref: '#/components/schemas/Failure' }, value)
  }

  private readonly compiled = new Map<string, ValidateFunction>()

  private compile(schema: Node): ValidateFunction {
    const key = JSON.stringify(schema)
    const known = this.compiled.get(key)
    if (known) return known
    const validate = this.ajv.compile(JSON.parse(key.replaceAll('"$ref":"#/', '"$ref":"contract#/')) as Node)
    this.compiled.set(key, validate)
    return validate
  }

  private read(path: string, method: string, item: Node, operation: Node): Operation {
    const parameters = [...((item['parameters'] as Node[]) ?? []), ...((operation['parameters'] as Node[]) ?? [])]
    const responses = Object.entries(operation['responses'] as Node).map(([status, response]) => {
      return [status, (this.resolve(response as Node)['content'] ?? {}) as Record<string, Media>] as const
    })
    return {
      id: operation['operationId'] as string,
      method: method.toUpperCase(),
      path,
      pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
      tags: (operation['tags'] as string[] | undefined) ?? [],
      responses: Object.fromEntries(responses),
      requestBody: ((operation['requestBody'] as Node | undefined)?.['content'] ?? {}) as Record<string, Media>,
      parameters: parameters.map((parameter) => this.resolve(parameter) as unknown as Operation['parameters'][number]),
      isPublic: operation['x-public'] === true,
      security: securityOf((operation['security'] ?? this.document['security'] ?? []) as Node[]),
    }
  }

  private resolve(node: Node): Node {
    const reference = node['$ref']
    if (typeof reference !== 'string') return node
    const steps = reference.slice(2).split('/')
    return this.resolve(steps.reduce((at, step) => at[step] as Node, this.document))
  }
}

/** As it is written; `npm run generate` has parsed it already, which would take seconds of each suite. */
function documentOf(service: ServiceName): Node {
  const folder = join(__dirname, '../../openapi')
  const [written, generated] = [join(folder, `${service}.yaml`), join(folder, 'generated', `${service}.json`)]
  const isCurrent = (statSync(generated, { throwIfNoEntry: false })?.mtimeMs ?? 0) > statSync(written).mtimeMs
  return (isCurrent ? JSON.parse(readFileSync(generated, 'utf8')) : parse(readFileSync(written, 'utf8'))) as Node
}

function securityOf(security: Node[]): Operation['security'] {
  const optional = security.length === 0 || security.some((entry) => Object.keys(entry).length === 0)
  return { schemes: security.flatMap((entry) => Object.keys(entry)), optional }
}

const contracts = new Map<ServiceName, Contract>()

export function contractOf(service: ServiceName): Contract {
  const known = contracts.get(service) ?? new Contract(service)
  contracts.set(service, known)
  return known
}
