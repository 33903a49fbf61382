import { ok } from '@tgsentinel/kernel/errors'
import { actorOf } from './actor'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Embeddings } from '../embedding/embeddings'
import type { Learning } from '../learning/learning'

type Served = Pick<
  operations,
  'getEmbedding' | 'getLearning' | 'restoreModel' | 'listLabels' | 'putLabel' | 'deleteLabel'
>

export function learningHandlers(learning: Learning, embeddings: Embeddings): Handlers<Served> {
  return {
    getEmbedding: () => ok(embeddings.view),
    getLearning: ({ params }) => ok(learning.view(params.id)),
    restoreModel: ({ params: { id, version } }) => ok(learning.restore(id, version), `Model ${version} is in force`),
    listLabels: ({ params }) => ok({ labels: learning.labels.list(params.id) }),
    putLabel: ({ params: { id, chat_id, message_id }, body, request }) => {
      const label = learning.labels.put(id, Number(chat_id), message_id, body.relevant, actorOf(request))
      return ok(label, 'Kept; the profile learns from it')
    },
    deleteLabel: ({ params: { id, chat_id, message_id } }) => {
      learning.labels.delete(id, Number(chat_id), message_id)
      return ok({ deleted: true as const }, 'Taken back')
    },
  }
}
