import type { RequestHandler } from 'express'
import { bindContract } from '@tgsentinel/kernel/contract'
import type { Logger } from '@tgsentinel/kernel/log'
import type { OpenApiDocument } from '@tgsentinel/kernel/validation'
import type { Auth } from '../auth/auth'
import type { Live } from '../live/live'
import type { Operations } from '../model'
import type { Forwarder } from '../sentinel/forwarder'
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
  const { auth, store, log } = parts
  const access = new Access(auth, document)
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

function forwarding({ forwarder, store }: Parts): RequestHandler {
  return async (request, response) => {
    const { operationId, status } = await forwarder.forward(request, response)
    if (operationId === 'putTelegramApp' && status === 200) {
      store.audit.add('telegram_app_set', '', callerOf(request).address)
    }
  }
}

function onlyApi(handler: RequestHandler): RequestHandler {
  return (request, response, next) => (/^\/api(\/|$)/i.test(request.path) ? handler(request, response, next) : next())
}
