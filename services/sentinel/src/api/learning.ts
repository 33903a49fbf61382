import { ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Learning } from '../learning/learning'

type Served = Pick<operations, 'getLearning' | 'restoreModel' | 'listLabels' | 'putLabel' | 'deleteLabel'>

export function learningHandlers(learning: Learning): Handlers<Served> {
  return {
    getLearning: ({ params }) => ok(learning.view(params.id)),
    restoreModel: ({ params: { id, version } }) => ok(learning.restore(id, version), `Model ${version} is in force`),
    listLabels: ({ params }) => ok({ labels: learning.labels(params.id) }),
    putLabel: ({ params: { id, chat_id, message_id }, body }) =>
      ok(learning.label(id, Number(chat_id), message_id, body.relevant), 'Kept; the profile learns from it'),
    deleteLabel: ({ params: { id, chat_id, message_id } }) => {
      learning.unlabel(id, Number(chat_id), message_id)
      return ok({ deleted: true as const }, 'Taken back')
    },
  }
}
