import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { OpenApiDocument, OperationSchema } from '@tgsentinel/kernel/validation'
import { BodyBudget } from '@tgsentinel/kernel/body-budget'
import { requestIdOf } from '@tgsentinel/kernel/contract'
import { SECOND } from '@tgsentinel/kernel/time'
import { failure } from '../model'
import type { SentinelConnection } from './connection'
import type { AddressCheck } from './address-check'
import { Deadline } from './deadline'
import { badReply, refusedToken, TIMEOUT_MS, toSentinelFailure } from './sentinel-failure'

/** An operation of the sentinel that a request asks for. */
export interface Forwardable {
  id: string
  method: string
  hasBody: boolean
  maxBodyBytes: number
  /** What its bodies may take together. */
  budget: BodyBudget | undefined
  /** Media types of its replies. */
  contentTypes: readonly string[]
  /** Strangers may ask for it, too. */
  isPublic: boolean
}

interface Route {
  pattern: RegExp
  /** By upper-case method. */
  operations: Map<string, Forwardable>
}

const JSON_TYPE = 'application/json'
const DEFAULT_MAX_BODY_BYTES = 512 * 1024
const STALLED_MS = 60 * SECOND
const MAX_REPLY_BYTES = 32 * 1024 * 1024
/** Files, however large: they are passed on as they come. */
const DOWNLOADS = ['application/gzip']
const PASSED_BACK = ['content-type', 'retry-after', 'allow', 'etag', 'cache-control'] as const
/**
 * What takes longer by its nature, in times of a call: a relay waits up to 120 s for replies, the last step of a sign-in puts
 * the session in force, and the others read or rewrite everything there is.
 */
const PATIENCE: Record<string, number> = {
  relayMessage: 5,
  refreshChats: 4,
  eraseData: 4,
  importSettings: 2,
  exportSettings: 2,
  submitSignInCode: 3,
  submitSignInPassword: 3,
}

/**
 * Passes on what the sentinel documents and the ui does not serve itself. The browser's cookies, credentials and other
 * headers stay here; the sentinel's status and body come back as they are.
 */
export class Forwarder {
  private readonly routes: Route[]

  constructor(
    document: OpenApiDocument,
    own: OpenApiDocument,
    private readonly connection: SentinelConnection,
    private readonly address: AddressCheck,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {
    // What is not under /api, such as /metrics, is for programs on the sentinel's own port.
    const paths = Object.entries(document.paths).filter(([path]) => path.startsWith('/api/') && !own.paths[path])
    this.routes = paths.map(([path, item]) => ({ pattern: patternOf(path), operations: operationsOf(item) }))
  }

  /** @throws ApiError 404 where the sentinel documents no such path, 405 where it does with another method */
  find(request: IncomingMessage, response: ServerResponse): Forwardable {
    const path = pathOf(request)
    const route = this.routeOf(path)
    if (!route) throw failure('NOT_FOUND', `There is no ${path.slice(0, 200)} here.`)
    const operation = route.operations.get(methodOf(request))
    if (!operation) throw refuseMethod(request, response, [...route.operations.keys()])
    return operation
  }

  /** Whether the sentinel documents it as `x-public`. */
  isPublic(request: IncomingMessage): boolean {
    return this.routeOf(pathOf(request))?.operations.get(methodOf(request))?.isPublic ?? false
  }

  /**
   * HTTP status of the sentinel's reply, which is passed back; `waitMs` is how long that may take where it is not as usual.
   * @throws ApiError when there is none that can be
   */
  async forward(
    operation: Forwardable,
    request: IncomingMessage,
    response: ServerResponse,
    waitMs = this.timeoutMs * (PATIENCE[operation.id] ?? 1),
  ): Promise<number> {
    const release = operation.budget?.take(request)
    try {
      return await this.exchange(operation, request, response, waitMs)
    } finally {
      release?.()
    }
  }

  private async exchange(
    { method, hasBody, maxBodyBytes, contentTypes }: Forwardable,
    request: IncomingMessage,
    response: ServerResponse,
    waitMs: number,
  ): Promise<number> {
    const body = hasBody ? await readBounded(request, maxBodyBytes) : undefined
    const gone = new AbortController()
    response.once('close', () => gone.abort(new Error('the caller went away')))
    const deadline = new Deadline(waitMs, [gone.signal])
    const headers = headersFor(request, contentTypes)
    const outgoing = { method, path: request.url ?? '', headers, signal: deadline.signal, maySilence: true }
    try {
      const reply = await this.connection.send(body ? { ...outgoing, body } : outgoing)
      if (isDownload(reply, contentTypes)) return await passOn(reply, request, response, deadline)
      const bytes = await readReply(reply, contentTypes, deadline)
      if (reply.statusCode === 401) throw refusedToken()
      if (reply.statusCode === 404) await this.address.insist()
      return passBack(reply, bytes, request, response)
    } catch (error) {
      throw await this.address.explain(error)
    } finally {
      deadline.end()
    }
  }

  private routeOf(path: string): Route | undefined {
    return this.routes.find(({ pattern }) => pattern.test(path))
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}

function methodOf({ method = '' }: IncomingMessage): string {
  return method === 'HEAD' ? 'GET' : method
}

async function readReply(reply: IncomingMessage, expected: readonly string[], deadline: Deadline): Promise<Buffer> {
  const bytes = await readAll(reply, MAX_REPLY_BYTES).catch((error: unknown) => {
    throw deadline.isOver ? toSentinelFailure(deadline.signal.reason) : badReply(error)
  })
  if (!bytes || !isExpected(reply, bytes, expected)) throw badReply()
  return bytes
}

/** An envelope, or another type that the document names for a success. */
function isExpected({ statusCode, headers }: IncomingMessage, bytes: Buffer, expected: readonly string[]): boolean {
  if (statusCode === 304) return bytes.length === 0
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1)
  if (type === JSON_TYPE) return isEnvelope(bytes)
  return statusCode === 200 && expected.includes(type)
}

function isDownload(reply: IncomingMessage, expected: readonly string[]): boolean {
  const [type = ''] = (reply.headers['content-type'] ?? '').split(';', 1)
  return reply.statusCode === 200 && DOWNLOADS.includes(type) && expected.includes(type)
}

/** Nothing of it is held here. What breaks off half way ends the connection, and the length tells the caller. */
async function passOn(
  reply: IncomingMessage,
  request: IncomingMessage,
  response: ServerResponse,
  deadline: Deadline,
): Promise<number> {
  deadline.end()
  takeHeaders(reply, request, response)
  for (const name of ['content-length', 'content-disposition'])
    if (reply.headers[name] !== undefined) response.setHeader(name, reply.headers[name])
  if (request.method === 'HEAD') {
    reply.destroy()
    response.writeHead(200).end()
    return 200
  }
  reply.setTimeout(STALLED_MS, () => reply.destroy(new Error('no byte for too long')))
  response.writeHead(200)
  await pipeline(reply, response).catch(() => response.destroy())
  return 200
}

function takeHeaders(reply: IncomingMessage, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store')
  for (const name of PASSED_BACK) {
    const value = reply.headers[name]
    if (value !== undefined) response.setHeader(name, value)
  }
  response.setHeader('X-Request-Id', requestIdOf(request))
}

function passBack(reply: IncomingMessage, bytes: Buffer, request: IncomingMessage, response: ServerResponse): number {
  const status = reply.statusCode ?? 502
  takeHeaders(reply, request, response)
  if (status !== 304) response.setHeader('Content-Length', bytes.length)
  response.writeHead(status).end(bytes)
  return status
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[\\w%-][\\w%.-]*')}$`)
}

function operationsOf(item: Record<string, unknown>): Route['operations'] {
  const entries = Object.entries(item).filter(([method]) => method !== 'parameters') as [string, OperationSchema][]
  return new Map(
    entries.map(([method, operation]) => [
      method.toUpperCase(),
      {
        id: operation.operationId,
        method: method.toUpperCase(),
        hasBody: operation.requestBody !== undefined,
        maxBodyBytes: operation['x-max-body-bytes'] ?? DEFAULT_MAX_BODY_BYTES,
        budget: budgetOf(operation),
        contentTypes: contentTypesOf(operation),
        isPublic: method === 'get' && operation['x-public'] === true,
      },
    ]),
  )
}

function budgetOf(operation: OperationSchema): BodyBudget | undefined {
  const { 'x-max-bytes-at-once': maxBytes, 'x-max-body-bytes': maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = operation
  return maxBytes === undefined ? undefined : new BodyBudget(maxBytes, maxBodyBytes)
}

/** JSON last: what an operation answers in any case, when it fails. */
function contentTypesOf(operation: OperationSchema): string[] {
  const replies = Object.values((operation as { responses?: Record<string, { content?: object }> }).responses ?? {})
  const types = replies.flatMap(({ content = {} }) => Object.keys(content)).filter((type) => type !== JSON_TYPE)
  return [...new Set(types), JSON_TYPE]
}

function refuseMethod(request: IncomingMessage, response: ServerResponse, allowed: string[]) {
  response.setHeader('Allow', allowed.join(', '))
  return failure('METHOD_NOT_ALLOWED', `${request.method} is not served here. Use ${allowed.join(' or ')}.`)
}

function headersFor(request: IncomingMessage, accepted: readonly string[]): Record<string, string> {
  const { 'content-type': contentType, 'content-encoding': encoding, 'if-none-match': known } = request.headers
  const { 'if-match': wanted, authorization } = request.headers
  return {
    Accept: accepted.join(', '),
    'X-Request-Id': requestIdOf(request),
    // Whoever has no token came by a browser's session.
    'X-Actor': authorization ? 'api' : 'page',
    ...(contentType ? { 'Content-Type': contentType } : {}),
    ...(encoding ? { 'Content-Encoding': encoding } : {}),
    ...(known ? { 'If-None-Match': known } : {}),
    ...(wanted ? { 'If-Match': wanted } : {}),
  }
}

async function readBounded(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () => failure('PAYLOAD_TOO_LARGE', `The body is larger than ${limit} bytes.`)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  // The request outlives a refusal: its connection carries the answer.
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  const bytes = await readAll(chunks, limit).catch((cause: unknown) => {
    throw failure('INVALID_REQUEST', 'The body did not arrive whole.', { cause })
  })
  if (!bytes) throw tooLarge()
  return bytes
}

/** All bytes of a stream, or undefined when there are more than `limit`. */
async function readAll(stream: AsyncIterable<Buffer>, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

function isEnvelope(bytes: Buffer): boolean {
  try {
    const value = JSON.parse(bytes.toString('utf8')) as { status?: unknown } | null
    return value?.status === 'ok' || value?.status === 'error'
  } catch {
    return false
  }
}
