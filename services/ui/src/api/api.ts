import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { bindContract, requestIdOf, sendJson } from '@tgsentinel/kernel/contract'
import { ApiError, ok } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import type { OpenApiDocument } from '@tgsentinel/kernel/validation'
import type { Auth } from '../auth/auth'
import type { Cache } from '../cache/cache'
import type { CachedReplies } from '../cache/cached-replies'
import type { Live } from '../live/live'
import type { Metrics } from '../metrics'
import type { Operations } from '../model'
import type { Forwardable, Forwarder } from '../sentinel/forwarder'
import { isAway } from '../sentinel/sentinel-failure'
import type { SentinelClient } from '../sentinel/sentinel-client'
import type { Store } from '../store/store'
import type { Upload } from '../upload/upload'
import { Access } from './access'
import { answerHandlers } from './answers'
import { authHandlers } from './auth'
import { callerOf } from './caller'
import { draftHandlers } from './drafts'
import { liveHandlers } from './live'
import { metricsHandlers } from './metrics'
import { sessionHandlers } from './session'

interface Parts {
  auth: Auth
  store: Store
  upload: Upload
  client: SentinelClient
  live: Live
  forwarder: Forwarder
  cache: Cache
  cachedReplies: CachedReplies
  metrics: Metrics
  /** Whether a request may read the numbers without credentials. */
  isLocalReader: (request: IncomingMessage) => boolean
  log: Logger
}

/** Everything under `/api`: access first, then what the ui serves itself, then what the sentinel documents. */
export function apiRoutes(document: OpenApiDocument, basePath: string, parts: Parts): RequestHandler[] {
  const { auth, store, forwarder, log } = parts
  const access = new Access(auth, document, (request) => forwarder.isPublic(request))
  const { cookie, bearer } = access.schemes
  const schemes = { cookie, bearer: (request: IncomingMessage) => bearer(request) || parts.isLocalReader(request) }
  const own = bindContract<Operations>(
    document,
    {
      getUiHealth: wellBeing,
      getUiLiveness: wellBeing,
      getUiReadiness: () => {
        store.transaction(() => undefined)
        return wellBeing()
      },
      ...authHandlers(auth, store, basePath),
      ...sessionHandlers(parts.upload, store.audit, parts.metrics, basePath),
      ...draftHandlers(auth, store.profileDrafts),
      ...metricsHandlers(parts.metrics),
      ...answerHandlers(parts.client, store.audit, basePath),
      ...liveHandlers(parts.live, auth),
    },
    { log, schemes },
  )
  return [onlyApi((request, _response, next) => (access.check(request), next())), own, onlyApi(forwarding(parts))]
}

function wellBeing() {
  return { status: 'ok' as const, service: 'tgsentinel-ui' as const, timestamp: isoMoment(Date.now()) }
}

/** A click on an alert each time: they would push everything else out of the log. */
const UNNOTED = ['updateAlert']

/** How long a reply is waited for that is kept here, while the sentinel was not heard. */
const AWAY_MS = 3 * SECOND

function forwarding(parts: Parts): RequestHandler {
  const { forwarder, store, cache, cachedReplies } = parts
  return async (request, response) => {
    const operation = forwarder.find(request, response)
    response.locals['operation'] = operation.id
    const note = (status: number) => {
      const { address } = callerOf(request)
      if (isNoted(operation)) store.audit.add('operation_forwarded', `${operation.id} ${status}`, address)
      if (operation.id === 'eraseData') cache.readAnew()
    }
    const waitMs = !cache.isReachable && cachedReplies.has(operation.id) ? AWAY_MS : undefined
    try {
      await forwarder.forward(operation, request, response, waitMs).then(note)
    } catch (error) {
      // What got no answer may have been done all the same.
      if (!response.headersSent) note(error instanceof ApiError ? error.status : 500)
      const kept = isAway(error) && !response.headersSent ? cachedReplies.reply(operation.id, request.url) : undefined
      if (kept === undefined) throw error
      response.setHeader('X-Request-Id', requestIdOf(request))
      sendJson(response, 200, ok(kept))
    }
  }
}

function isNoted({ id, method }: Forwardable): boolean {
  return method !== 'GET' && !UNNOTED.includes(id)
}

function onlyApi(handler: RequestHandler): RequestHandler {
  return (request, response, next) => (/^\/api(\/|$)/i.test(request.path) ? handler(request, response, next) : next())
}
