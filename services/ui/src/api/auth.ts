import { ok } from '@tgsentinel/kernel/errors'
import type { Call, Handlers } from '@tgsentinel/kernel/contract'
import { IDLE_MS, type Auth } from '../auth/auth'
import { setCookieHeader } from '../auth/cookie'
import type { Operations } from '../model'
import type { Store } from '../store/store'
import { callerOf, isSecure } from './caller'

type Ids =
  | 'getAuth'
  | 'setupPassword'
  | 'login'
  | 'logout'
  | 'changePassword'
  | 'listUiSessions'
  | 'revokeUiSession'
  | 'listAudit'
type AnyCall = Pick<Call<never>, 'request' | 'response'>

export function authHandlers(auth: Auth, store: Store, basePath: string): Handlers<Pick<Operations, Ids>> {
  const setCookie = ({ request, response }: AnyCall, value: string, maxAgeMs: number) => {
    response.setHeader('Set-Cookie', setCookieHeader(value, basePath, maxAgeMs / 1000, isSecure(request)))
  }
  return {
    getAuth: (call) => {
      const { headers } = call.request
      const signIn = auth.signInOf(headers)
      // The browser keeps the cookie as long as the session: from the last visit on.
      if (signIn) setCookie(call, signIn.cookie, IDLE_MS)
      return ok({ setup_needed: auth.isSetupNeeded, signed_in: signIn !== undefined || auth.hasToken(headers) })
    },
    setupPassword: async (call) => {
      setCookie(call, await auth.setUp(call.body.password, callerOf(call.request)), IDLE_MS)
      return ok({ setup_needed: false, signed_in: true }, 'Password set')
    },
    login: async (call) => {
      setCookie(call, await auth.signIn(call.body.password, callerOf(call.request)), IDLE_MS)
      return ok({ setup_needed: false, signed_in: true }, 'Signed in')
    },
    logout: (call) => {
      auth.signOut(sessionIdOf(auth, call), callerOf(call.request))
      setCookie(call, '', 0)
      return ok({ setup_needed: false, signed_in: false }, 'Signed out')
    },
    changePassword: async (call) => {
      const { current, new: password } = call.body
      await auth.changePassword(sessionIdOf(auth, call), current, password, callerOf(call.request))
      return ok({ setup_needed: false, signed_in: true }, 'Password changed')
    },
    listUiSessions: (call) => ok({ sessions: store.sessions.all(sessionIdOf(auth, call)) }),
    revokeUiSession: (call) => {
      auth.revoke(call.params.id, callerOf(call.request))
      return ok({ id: call.params.id }, 'Signed out there')
    },
    listAudit: () => ok({ entries: store.audit.list() }),
  }
}

/** The binding has let this call in by its cookie. */
function sessionIdOf(auth: Auth, { request }: AnyCall): number {
  return auth.sessionOf(request.headers) ?? 0
}
