import type { ServerResponse } from 'node:http'
import { ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Restraint as RestraintView } from '../model'
import { requireRevisionOf, tagOf } from '../profiles/revision-tag'
import type { Restraint } from '../restraint/restraint'

type Served = Pick<operations, 'getRestraint' | 'putRestraint'>

export function restraintHandlers(restraint: Restraint): Handlers<Served> {
  return {
    getRestraint: ({ response }) => ok(tagged(response, restraint.view)),
    putRestraint: ({ body, request, response }) => {
      const check = (present: { revision: number }) =>
        requireRevisionOf('restraint', present, request.headers['if-match'])
      return ok(tagged(response, restraint.set(body, check)), 'Set; what was held is looked at anew')
    },
  }
}

function tagged(response: ServerResponse, view: RestraintView): RestraintView {
  response.setHeader('ETag', tagOf(view))
  return view
}
