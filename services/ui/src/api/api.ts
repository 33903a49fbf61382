import type { RequestHandler } from 'express'
import { bindContract } from '@tgsentinel/kernel/contract'
import { ApiError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import type { OpenApiDocument } from '@tgsentinel/kernel/validation'
import type { Auth } from '../auth/auth'
import type { Live } from '../live/live'
import type { Operations } from '../model'
import type { Forwardable, Forwarder } from '../sentinel/forwarder'
import type { Store } from '../store/store'
import type { Upload } from '../upload/upload'
import { Access } from './access'
import { authHandlers } from './auth'
import { callerOf } from './caller'
import { liveHandlers } from './live'
import { sessionHandlers } from './session'

interface Parts {
  auth: Auth
  store: Store
  upload: Upload
  live: Live
  forwarder: Forwarder
  log: Logger
}

/** Everything under `/api`: access first, then what the ui serves itself, then what the sentinel documents. */
export function apiRoutes(document: OpenApiDocument, basePath: string, parts: Parts): RequestHandler[] {
  const { auth, store, forwarder, log } = parts
  const access = new Access(auth, document, (request) => forwarder.isPublic(request))
  const own = bindContract<Operations>(
    document,
    {
      getUiHealth: () => ({ status: 'ok', service: 'tgsentinel-ui', timestamp: new Date().toISOString() }),
      ...authHandlers(auth, store, basePath),
      ...sessionHandlers(parts.upload, store.audit, basePath),
      ...liveHandlers(parts.live, auth),
    },
    { log, schemes: access.schemes },
  )
  return [onlyApi((request, _response, next) => (access.check(request), next())), own, onlyApi(forwarding(parts))]
}

/** A click on an alert each time: they would push everything else out of the log. */
const UNNOTED = ['updateAlert']

function forwarding({ forwarder, store }: Parts): RequestHandler {
  return async (request, response) => {
    const operation = forwarder.find(request, response)
    const note = (status: number) => {
      const { address } = callerOf(request)
      if (isNoted(operation)) store.audit.add('operation_forwarded', `${operation.id} ${status}`, address)
    }
    try {
      await forwarder.forward(operation, request, response).then(note)
    } catch (error) {
      // What got no answer may have been done all the same.
      if (!response.headersSent) note(error instanceof ApiError ? error.status : 500)
      throw error
    }
  }
}

function isNoted({ id, method }: Forwardable): boolean {
  return method !== 'GET' && !UNNOTED.includes(id)
}

function onlyApi(handler: RequestHandler): RequestHandler {
  return (request, response, next) => (/^\/api(\/|$)/i.test(request.path) ? handler(request, response, next) : next())
}
