import { Payload, type Handlers } from '@tgsentinel/kernel/contract'
import { ok } from '@tgsentinel/kernel/errors'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Feeds } from '../feeds/feeds'

type Served = Pick<operations, 'getFeed' | 'putFeed' | 'deleteFeed' | 'readFeed'>

export function feedHandlers(feeds: Feeds): Handlers<Served> {
  return {
    getFeed: ({ params }) => ok(feeds.view(params.id)),
    putFeed: ({ params }) => ok(feeds.renew(params.id), 'The feed has a new address'),
    deleteFeed: ({ params }) => ok(feeds.switchOff(params.id), 'Feed switched off'),
    readFeed: async ({ params: { secret, format } }) => {
      const { contentType, bytes, etag } = await feeds.read(secret, format)
      return new Payload(contentType, bytes, etag)
    },
  }
}
