import { ok } from '@tgsentinel/kernel/errors'
import type { Call, Handlers } from '@tgsentinel/kernel/contract'
import type { Auth } from '../auth/auth'
import type { Operations } from '../model'
import type { ProfileDrafts } from '../store/profile-drafts'

type Ids = 'getProfileDraft' | 'putProfileDraft' | 'deleteProfileDraft'

/** Each browser has its own: the binding has let it in by its cookie. */
export function draftHandlers(auth: Auth, drafts: ProfileDrafts): Handlers<Pick<Operations, Ids>> {
  const sessionOf = ({ request }: Pick<Call<never>, 'request'>) => auth.sessionOf(request.headers) ?? 0
  return {
    getProfileDraft: (call) => ok({ draft: drafts.get(sessionOf(call), call.params.profile) }),
    putProfileDraft: (call) => {
      drafts.put(sessionOf(call), call.params.profile, call.body, Date.now())
      return ok({ draft: drafts.get(sessionOf(call), call.params.profile) })
    },
    deleteProfileDraft: (call) => {
      drafts.delete(sessionOf(call), call.params.profile)
      return ok({ draft: null })
    },
  }
}
