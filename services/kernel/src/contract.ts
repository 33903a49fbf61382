import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline, type Readable } from 'node:stream'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import { readBody, type Body, type UploadedFile } from './body'
import { BodyBudget } from './body-budget'
import { compileAhead } from './compile-ahead'
import { httpError } from './errors'
import type { Logger } from './log'
import { Turns } from './turns'
import {
  bodyCompiler,
  compileOperation,
  type OpenApiDocument,
  type OperationSchema,
  type Validator,
} from './validation'

type Json<C> = C extends { content: { 'application/json': infer B } } ? B : never
type RawType = 'image/jpeg' | 'text/plain' | 'application/rss+xml' | 'application/yaml'
type FileType = 'application/gzip'
type Raw<C> = C extends { content: infer M } ? (RawType & keyof M extends never ? never : Payload) : never
type Downloaded<C> = C extends { content: infer M } ? (FileType & keyof M extends never ? never : Download) : never
type Redirected<Op> = Op extends { responses: { 303: unknown } } ? Redirect : never
type Streamed<C> = C extends { content: { 'text/event-stream': unknown } } ? EventStream : never
type Parameters<Op, Where extends string> = Op extends { parameters: infer P }
  ? Where extends keyof P
    ? Exclude<P[Where], undefined>
    : never
  : never
type Reply200<Op> = Op extends { responses: infer R } ? R[Extract<keyof R, 200 | 201>] : never

/** Body of an operation's success; a stream of events where the document says so. */
export type ReplyOf<Op> =
  Redirected<Op> | Json<Reply200<Op>> | Streamed<Reply200<Op>> | Raw<Reply200<Op>> | Downloaded<Reply200<Op>>
/** JSON body of an operation's request. */
export type BodyOf<Op> = Op extends { requestBody?: infer B } ? Json<Exclude<B, undefined>> : never

/** A success that is no JSON. Where it has an ETag, who has that already gets a 304. */
export class Payload {
  constructor(
    readonly contentType: string,
    readonly bytes: Buffer,
    readonly etag: string | null = null,
  ) {}
}

/** Where a browser is to look instead (303). */
export class Redirect {
  constructor(readonly location: string) {}
}

/** A file, however large: it is read as fast as it is taken. */
export class Download {
  constructor(
    readonly contentType: string,
    /** What it is saved as. Harmless in a header. */
    readonly name: string,
    readonly size: number,
    readonly open: () => Readable,
  ) {}
}

/** Writes server-sent events until the response ends; the binding has sent the head. */
export type EventStream = (response: ServerResponse) => void

/** What a handler gets: everything in it is validated. */
export interface Call<Op> {
  params: Parameters<Op, 'path'>
  query: NonNullable<Parameters<Op, 'query'>>
  body: BodyOf<Op>
  /** The file of a multipart request, or null where it carries none. */
  file: UploadedFile | null
  /** The body is needed no more: its file becomes empty, and another request may take its room. */
  releaseBody: () => void
  /** Text fields of a multipart request: not validated. */
  fields: Readonly<Record<string, string>>
  /** Scheme that let the caller in, or null where nobody had to be known. */
  scheme: string | null
  requestId: string
  log: Logger
  request: IncomingMessage
  response: ServerResponse
  /** Aborts when the caller goes away. */
  signal: AbortSignal
}

/** One handler an operation, named by its operationId: a missing one or an incomplete reply does not compile. */
export type Handlers<Ops> = { [Id in keyof Ops]: (call: Call<Ops[Id]>) => ReplyOf<Ops[Id]> | Promise<ReplyOf<Ops[Id]>> }

export interface BindingOptions {
  log: Logger
  /** Security scheme of the document -> whether the request carries valid credentials of it. */
  schemes: Record<string, (request: IncomingMessage) => boolean>
  /** Refuses a request by throwing, before anything of it is read. */
  guard?: (request: IncomingMessage, schemes: readonly string[]) => void
}

type AnyHandler = (call: Call<never>) => unknown

/** Routes every operation of `document` to its handler; another method on a documented path is a 405. */
export function bindContract<Ops>(document: OpenApiDocument, handlers: Handlers<Ops>, options: BindingOptions): Router {
  const router = Router({ caseSensitive: true, strict: true })
  for (const [path, item] of Object.entries(document.paths)) {
    const route = path.replace(/\{(\w+)\}/g, ':$1')
    const operations = Object.entries(item).filter(([method]) => method !== 'parameters')
    for (const [method, operation] of operations) {
      const id = (operation as OperationSchema).operationId
      const validator = compileOperation(document, path, method)
      const handler = handlers[id as keyof Ops] as AnyHandler
      router[method as 'get'](route, serve(validator, handler, options))
    }
    router.all(route, refuseMethod(operations.map(([method]) => method.toUpperCase())))
  }
  compileAhead(document, bodyCompiler(document))
  return router
}

function refuseMethod(allowed: readonly string[]): RequestHandler {
  return (request, response) => {
    response.setHeader('Allow', allowed.join(', '))
    throw httpError('METHOD_NOT_ALLOWED', `${request.method} is not served here. Use ${allowed.join(' or ')}.`)
  }
}

const turns = new Turns()

function serve(validator: Validator, handler: AnyHandler, options: BindingOptions): RequestHandler {
  const { maxBytesAtOnce, maxBodyBytes } = validator
  const budget = maxBytesAtOnce === undefined ? undefined : new BodyBudget(maxBytesAtOnce, maxBodyBytes)
  return async (request, response) => {
    response.locals['operation'] = validator.operationId
    const scheme = authorize(request, validator.security, options)
    const requestId = requestIdOf(request)
    response.setHeader('X-Request-Id', requestId)
    const release = budget?.take(request)
    try {
      const body = await readBody(request, validator)
      await turns.take()
      const call = new ServedCall(request, response, scheme, requestId, options.log, body, validator, release)
      send(response, validator.successStatus, await handler(call as unknown as Call<never>))
    } finally {
      release?.()
    }
  }
}

class ServedCall {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly file: UploadedFile | null
  readonly fields: Readonly<Record<string, string>>
  private controller: AbortController | undefined

  constructor(
    readonly request: Request,
    readonly response: Response,
    readonly scheme: string | null,
    readonly requestId: string,
    private readonly parentLog: Logger,
    { body, file, fields }: Body,
    validator: Validator,
    private readonly release: (() => void) | undefined,
  ) {
    this.body = body
    this.file = file
    this.fields = fields
    this.params = validator.params(request.params)
    this.query = validator.query(request.url)
    validator.headers(request.headers)
  }

  readonly releaseBody = (): void => {
    if (this.file) this.file.bytes = Buffer.alloc(0)
    this.release?.()
  }

  get log(): Logger {
    return this.parentLog.child({ request_id: this.requestId })
  }

  get signal(): AbortSignal {
    if (!this.controller) {
      const controller = new AbortController()
      this.controller = controller
      this.response.once('close', () => controller.abort(new Error('the caller went away')))
    }
    return this.controller.signal
  }
}

/** The first of the operation's schemes that lets the request in, or null where it is open. */
function authorize(request: IncomingMessage, security: Validator['security'], options: BindingOptions): string | null {
  options.guard?.(request, security.schemes)
  for (const scheme of security.schemes) if (options.schemes[scheme]?.(request)) return scheme
  if (security.optional) return null
  const elsewhere = Object.entries(options.schemes).some(
    ([name, valid]) => !security.schemes.includes(name) && valid(request),
  )
  if (elsewhere) throw httpError('WRONG_SCOPE', 'A token cannot do this; sign in on the page.')
  throw httpError('UNAUTHORIZED', 'Sign in first, or send a valid token.')
}

/** A caller's own id when it is harmless in a log, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (body instanceof Redirect)
    return void response.writeHead(303, { Location: body.location, 'Cache-Control': 'no-store' }).end()
  if (body instanceof Payload) return sendPayload(response, status, body)
  if (body instanceof Download) return sendDownload(response, status, body)
  if (typeof body !== 'function') return sendJson(response, status, body)
  response.writeHead(status, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  })
  response.flushHeaders()
  // Who asks for the head alone gets it; a stream would never end.
  if (response.req.method === 'HEAD') response.end()
  else (body as EventStream)(response)
}

function sendPayload(response: ServerResponse, status: number, { contentType, bytes, etag }: Payload): void {
  const headers = { 'Cache-Control': etag === null ? 'no-store' : 'private, no-cache', ...(etag ? { ETag: etag } : {}) }
  const known = response.req.headers['if-none-match']
  if (etag !== null && known && isKnown(known, etag)) {
    response.writeHead(304, headers).end()
    return
  }
  const described = { 'Content-Type': contentType, 'Content-Length': bytes.length, 'X-Content-Type-Options': 'nosniff' }
  response.writeHead(status, { ...headers, ...described })
  response.end(bytes)
}

function sendDownload(response: ServerResponse, status: number, { contentType, name, size, open }: Download): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': size,
    'Content-Disposition': `attachment; filename="${name}"`,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  if (response.req.method === 'HEAD') response.end()
  // A file that cannot be read to its end ends the connection: the length tells the caller.
  else pipeline(open(), response, () => undefined)
}

/** Compared weakly (RFC 9110 section 13.1.2): a proxy may have weakened what it passed on. */
function isKnown(header: string, etag: string): boolean {
  const known = header.split(',').map((one) => one.trim().replace(/^W\//, ''))
  return known.includes('*') || known.includes(etag)
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.end(writeJsonHead(response, status, body))
}

/** Writes the head of a JSON reply; its body is returned, still to be sent. */
export function writeJsonHead(response: ServerResponse, status: number, body: unknown): Buffer {
  const bytes = render(body)
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  return bytes
}

const rendered = new WeakMap<object, Buffer>()

/** A reply that its handler froze, because it gives the same one again, is rendered once. */
function render(body: unknown): Buffer {
  const isKept = typeof body === 'object' && body !== null && Object.isFrozen(body)
  const known = isKept ? rendered.get(body) : undefined
  if (known) return known
  const bytes = Buffer.from(JSON.stringify(body))
  if (isKept) rendered.set(body, bytes)
  return bytes
}
