import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import type { OpenApiDocument, OperationSchema } from '@tgsentinel/kernel/validation'
import type { Auth } from '../auth/auth'
import { isPrivateHost, originOf } from '../auth/origin'
import { failure } from '../model'
import { callerOf, hostOf, isSecure } from './caller'

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/** Who may come in, and from where: in front of every `/api` request. */
export class Access {
  /** Paths with an operation that is open to strangers. */
  private readonly openPaths: ReadonlySet<string>

  constructor(
    private readonly auth: Auth,
    document: OpenApiDocument,
    /** Whether a request asks for what is forwarded for anybody. */
    private readonly isPublic: (request: IncomingMessage) => boolean,
  ) {
    const entries = Object.entries(document.paths).filter(([, item]) => Object.values(item).some(isOpen))
    this.openPaths = new Set(entries.map(([path]) => path))
  }

  readonly schemes = {
    cookie: (request: IncomingMessage) => this.auth.sessionOf(request.headers) !== undefined,
    bearer: (request: IncomingMessage) => this.auth.hasToken(request.headers),
  }

  /** @throws ApiError 401 for a stranger wherever strangers have no business, 403 for a request of another site */
  check(request: IncomingMessage): void {
    const [path = ''] = (request.url ?? '').split('?', 1)
    const isForStrangers = this.openPaths.has(path)
    const sessionId = this.auth.sessionOf(request.headers)
    if (!SAFE_METHODS.includes(request.method ?? '')) this.checkOrigin(request, isForStrangers, sessionId)
    if (sessionId !== undefined) this.auth.touch(sessionId, callerOf(request))
    if (isForStrangers || sessionId !== undefined || this.auth.hasToken(request.headers)) return
    if (this.isPublic(request)) return
    throw failure('UNAUTHORIZED', 'Sign in first, or send a valid token.')
  }

  private checkOrigin(request: IncomingMessage, isForStrangers: boolean, sessionId: number | undefined): void {
    // No page can make a browser send our token, so what has it was meant.
    if (this.auth.hasToken(request.headers)) return
    if (isForStrangers) this.checkName(request)
    if (!isForStrangers && sessionId === undefined) return
    if (originOf(request.headers, hostOf(request)) !== 'foreign') return
    throw failure('FORBIDDEN', 'This request does not come from this page. Reload the page, then try again.')
  }

  /** While anybody may set the password, a stranger's name that was made to point here must not reach it. */
  private checkName(request: IncomingMessage): void {
    if (!this.auth.isSetupNeeded || isSecure(request) || isPrivateHost(hostOf(request))) return
    const message = 'Set the password at an address such as http://127.0.0.1:5001, over TLS, or by UI_ADMIN_PASSWORD.'
    throw failure('FORBIDDEN', message)
  }
}

function isOpen(operation: unknown): boolean {
  return (operation as OperationSchema).security?.length === 0
}

/** Everything stands under the base path; what asks for something else finds nothing. */
export function underBasePath(basePath: string): RequestHandler {
  const prefix = basePath.slice(0, -1)
  return (request, response, next) => {
    if (isSecure(request)) response.setHeader('Strict-Transport-Security', 'max-age=31536000')
    if (prefix === '') return next()
    const [path = '', query] = request.url.split(/\?(.*)/s, 2)
    if (path === prefix) return redirect(response, query === undefined ? basePath : `${basePath}?${query}`)
    if (!path.startsWith(basePath)) throw failure('NOT_FOUND', `There is nothing here. The page is at ${basePath}`)
    request.url = request.url.slice(prefix.length)
    next()
  }
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(308, { Location: location }).end()
}
