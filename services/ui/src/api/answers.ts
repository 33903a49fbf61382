import { Redirect, type Call, type Handlers } from '@tgsentinel/kernel/contract'
import { ApiError, ok } from '@tgsentinel/kernel/errors'
import type { Operations } from '../model'
import type { SentinelClient } from '../sentinel/sentinel-client'
import type { AuditLog } from '../store/audit-log'
import { callerOf } from './caller'

type Followed = Call<Operations['followAnswerLink']>

/** What a stranger's guess is answered is not noted: it would push everything else out of the log. */
const NOTED = ['LINK_USED', 'LINK_EXPIRED', 'CONFLICT']

export function answerHandlers(
  client: SentinelClient,
  audit: AuditLog,
  basePath: string,
): Handlers<Pick<Operations, 'openAnswerLink' | 'followAnswerLink'>> {
  const follow = async (call: Followed) => {
    const { address } = callerOf(call.request)
    try {
      const { answered, message } = await client.useAnswerLink(call.params.token, call)
      audit.add('alert_answered', `${answered.answer} of alert ${answered.alert_id}`, address)
      return ok(answered, message)
    } catch (error) {
      if (error instanceof ApiError && NOTED.includes(error.code))
        audit.add('alert_answer_refused', error.code, address)
      throw error
    }
  }
  return {
    openAnswerLink: ({ params }) => new Redirect(`${basePath}#/answers/${params.token}`),
    followAnswerLink: (call) => {
      // The page of an ntfy server asks for it, too; the token is all that counts.
      call.response.setHeader('Access-Control-Allow-Origin', '*')
      return follow(call)
    },
  }
}
