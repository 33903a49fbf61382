import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contractOf, generalStatuses, type Media, type ServiceName } from './openapi'

const REPORTS = join(__dirname, '../reports')

export interface SeenReply {
  service: ServiceName
  method: string
  pathname: string
  status: number
  contentType: string
  /** Text as it came; undefined for a stream. */
  text: string | undefined
}

const seen = new Map<ServiceName, Map<string, Set<number>>>()

/** Fails unless the reply is one that the document promises, and keeps what was seen for the report. */
export function checkReply(reply: SeenReply): void {
  const { service, method, pathname, status, contentType, text } = reply
  const operation = contractOf(service).find(method, pathname)
  record(reply, operation?.id ?? 'none')
  const what = `${method} ${pathname} -> ${status}`
  const documented = operation?.responses[String(status)]
  if (!documented && !generalStatuses(operation).includes(status)) throw new Error(`${what} is not documented: ${text}`)
  if (isOther(documented, contentType)) return
  if (contentType !== 'application/json; charset=utf-8') throw new Error(`${what} is ${contentType}`)
  if (text === undefined || method === 'HEAD') return
  checkJson(what, service, documented?.['application/json']?.schema, text)
}

function checkJson(what: string, service: ServiceName, schema: Media['schema'] | undefined, text: string): void {
  const problem = bodyProblem(service, schema, JSON.parse(text))
  if (problem) throw new Error(`${what} breaks the contract: ${problem}\n${text.slice(0, 500)}`)
}

/** A reply without a body, or of a documented type that is no JSON: there is no schema to check. */
function isOther(documented: Record<string, Media> | undefined, contentType: string): boolean {
  if (!documented) return false
  const type = contentType.split(';')[0] ?? ''
  return Object.keys(documented).length === 0 ? type === '' : type !== 'application/json' && type in documented
}

/** What no schema is documented for has to be the envelope of a failure. */
function bodyProblem(service: ServiceName, schema: Media['schema'] | undefined, body: unknown): string | null {
  const contract = contractOf(service)
  return schema ? contract.problem(schema, body) : contract.failureProblem(body)
}

/** Statuses seen by this file's tests, by operationId. */
export function statusesSeen(service: ServiceName): ReadonlyMap<string, ReadonlySet<number>> {
  return seen.get(service) ?? new Map()
}

export function writeReport(name: string, content: unknown): void {
  mkdirSync(REPORTS, { recursive: true })
  writeFileSync(join(REPORTS, name), `${JSON.stringify(content, null, 1)}\n`)
}

function record({ service, method, pathname, status }: SeenReply, operation: string): void {
  const statuses = seen.get(service) ?? new Map<string, Set<number>>()
  seen.set(service, statuses.set(operation, (statuses.get(operation) ?? new Set()).add(status)))
  mkdirSync(REPORTS, { recursive: true })
  const line = JSON.stringify({ operation, method, pathname, status })
  appendFileSync(join(REPORTS, `${service}-${process.env['JEST_WORKER_ID'] ?? '0'}.jsonl`), `${line}\n`)
}
