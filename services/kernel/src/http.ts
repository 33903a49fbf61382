import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { finished } from 'node:stream'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { requestIdOf, sendJson, writeJsonHead } from './contract'
import { ApiError, failureEnvelope, httpError } from './errors'
import type { HttpObserver } from './http-tally'
import type { Logger } from './log'
import { isStorageFailure } from './sqlite'
import { SECOND } from './time'

/** A body that was refused is read and thrown away, as nginx does: so long nothing may come of it, so long and so large it may be in all. */
const LINGER_MS = 5 * SECOND
const LONGEST_LINGER_MS = 30 * SECOND
const LINGER_BYTES = 64 * 1024 * 1024

/** How long an unused connection is kept: longer than most clients and proxies keep theirs, so that whoever asks is who closes it. */
const TIMES = { keepAliveTimeout: 75 * SECOND, headersTimeout: 80 * SECOND, requestTimeout: 120 * SECOND }

/**
 * An application whose every reply is JSON: `routes` first, then 404, then the one funnel of errors.
 * @param onStorageFailure hears of each request that the database did not serve
 */
export function createApp(
  routes: RequestHandler[],
  log: Logger,
  observer: HttpObserver,
  onStorageFailure: () => void,
): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.use(tellOf(observer), logRequests(log), requireHost, ...routes)
  app.use(() => {
    throw httpError('NOT_FOUND', 'There is nothing here. GET /api/status tells how the service is.')
  })
  app.use(errorFunnel(log, onStorageFailure))
  return app
}

/** Who goes away before the answer begins counts as 499, as nginx has it. */
function tellOf(observer: HttpObserver): RequestHandler {
  return (_request, response, next) => {
    const startedAt = performance.now()
    response.once('close', () => {
      const { operation = 'none' } = response.locals as { operation?: string }
      const isStream = String(response.getHeader('Content-Type')).startsWith('text/event-stream')
      const seconds = isStream ? null : (performance.now() - startedAt) / 1000
      observer(operation, response.headersSent ? response.statusCode : 499, seconds)
    })
    next()
  }
}

/** Reads at `debug`, everything that changes something at `info`. */
function logRequests(log: Logger): RequestHandler {
  return (request, response, next) => {
    const level = request.method === 'GET' ? 'debug' : 'info'
    if (!log.isLevelEnabled(level)) return next()
    const startedAt = performance.now()
    const { method, path } = request
    response.once('finish', () => {
      const fields = {
        method,
        path: withoutSecrets(path),
        status: response.statusCode,
        duration_ms: Math.round(performance.now() - startedAt),
      }
      log[level]({ ...fields, request_id: response.getHeader('X-Request-Id') }, 'request')
    })
    next()
  }
}

/** Ids and names are short: what is longer may be a secret in an address, also of one that is mistyped and not served. */
function withoutSecrets(path: string): string {
  return path.replace(/[^/]{33,}/g, '*')
}

/** Node's own refusal would have no body. */
const requireHost: RequestHandler = (request, _response, next) => {
  if (request.headers.host !== undefined || request.httpVersion === '1.0') return next()
  throw httpError('INVALID_REQUEST', 'The Host header is missing.')
}

function errorFunnel(log: Logger, onStorageFailure: () => void): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const requestId = requestIdOf(request)
    if (isStorageFailure(error)) onStorageFailure()
    const known = toApiError(error, requestId)
    logFailure(log, requestId, known, error)
    if (response.headersSent) return void response.destroy()
    response.setHeader('X-Request-Id', requestId)
    if (known.options.retryAfterS !== undefined) response.setHeader('Retry-After', Math.ceil(known.options.retryAfterS))
    const envelope = failureEnvelope(known.code, known.message, known.options.wrong)
    if (isBodyUnderWay(request)) sendOverBody(request, response, known.status, envelope)
    else sendJson(response, known.status, envelope)
  }
}

/** A failure that was foreseen is one line; one that was not brings its stack. */
function logFailure(log: Logger, requestId: string, known: ApiError, error: unknown): void {
  const fields = { request_id: requestId, code: known.code }
  if (known !== error && known.status >= 500) log.error({ ...fields, err: error }, 'request failed')
  else if (known.status >= 500) log.warn({ ...fields, reason: known.message }, 'request not served')
}

function isBodyUnderWay({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)
}

/**
 * Answers before the body has come, and goes on reading for a while: a connection that is closed over unread bytes is
 * reset, and the sender may never see the answer (nginx calls it a lingering close).
 */
function sendOverBody(request: IncomingMessage, response: ServerResponse, status: number, envelope: object): void {
  response.setHeader('Connection', 'close')
  response.write(writeJsonHead(response, status, envelope))
  let discarded = 0
  const idle = setTimeout(() => response.end(), LINGER_MS).unref()
  const longest = setTimeout(() => response.end(), LONGEST_LINGER_MS).unref()
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length
    if (discarded > LINGER_BYTES) response.end()
    else idle.refresh()
  })
  finished(request, () => {
    clearTimeout(idle)
    clearTimeout(longest)
    response.end()
  })
  request.resume()
}

function toApiError(error: unknown, requestId: string): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof URIError) return httpError('INVALID_REQUEST', 'The URL is not well-formed.')
  if (isStorageFailure(error)) {
    return httpError('STORAGE_UNAVAILABLE', 'The database does not take writes now. Check the disk, then try again.')
  }
  return httpError('INTERNAL', `Something went wrong here. Look for request ${requestId} in the log.`)
}

export interface Listener {
  port: number
  server: Server
  /** Stops listening, ends idle connections and streams, waits for requests under way. */
  close(): Promise<void>
}

/** @throws Error with a sentence for people when the address is taken or not ours */
export async function listen(app: Express, host: string, port: number): Promise<Listener> {
  const server = createServer({ ...TIMES, requireHostHeader: false }, app)
  // An expectation that we do not know is no reason for an answer without an envelope.
  server.on('checkExpectation', app)
  server.on('clientError', answerMalformed)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Error(`Cannot listen on ${host}:${port}. Is another one running there?`, { cause })),
    )
    server.listen(port, host, resolve)
  })
  return { port: (server.address() as AddressInfo).port, server, close: () => closeServer(server) }
}

function answerMalformed(_error: Error, socket: Socket): void {
  if (!socket.writable) return
  const body = JSON.stringify(failureEnvelope('INVALID_REQUEST', 'This is not a well-formed HTTP request.'))
  const head = `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close`
  socket.end(`HTTP/1.1 400 Bad Request\r\n${head}\r\n\r\n${body}`)
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    // Requests under way get a moment; what streams on after that is cut.
    setTimeout(() => server.closeAllConnections(), 500).unref()
  })
}

/** Ends a stream of events after what it wrote has gone out. */
export function endStream(response: ServerResponse): void {
  if (!response.writableEnded) response.end()
}
