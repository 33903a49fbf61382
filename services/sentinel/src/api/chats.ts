import { httpError, ok } from '@tgsentinel/kernel/errors'
import { Payload, type Handlers } from '@tgsentinel/kernel/contract'
import { SECOND } from '@tgsentinel/kernel/time'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Chats } from '../chats'
import type { Relay } from '../relay'
import type { WatchList } from '../watch'

type Served = Pick<
  operations,
  | 'listChats'
  | 'refreshChats'
  | 'listUsers'
  | 'getChat'
  | 'listParticipants'
  | 'getChatPhoto'
  | 'listChatMessages'
  | 'getWatch'
  | 'putWatch'
  | 'relayMessage'
  | 'sendTestMessage'
>

const REPLIES = 1
const REPLY_TIMEOUT_S = 15

export function chatHandlers(chats: Chats, watch: WatchList, relay: Relay, onWatched: () => void): Handlers<Served> {
  return {
    listChats: ({ query: { kind, folder, q, limit = 50, cursor } }) =>
      ok(chats.list({ kind, folder, q, limit, after: placeOf(cursor) })),
    refreshChats: async () => ok(await chats.refresh('interactive'), 'List of chats refreshed'),
    listUsers: ({ query: { q, limit = 50, cursor } }) => ok(chats.users(q, placeOf(cursor), limit)),
    getChat: async ({ params, signal }) => ok(await chats.details(Number(params.id), signal)),
    listParticipants: async ({ params, query: { q, limit = 50, cursor }, signal }) =>
      ok(await chats.participants(Number(params.id), { q, limit, offset: placeOf(cursor) }, signal)),
    getChatPhoto: async ({ params, signal }) => {
      const { id, bytes } = await chats.photo(Number(params.id), signal)
      return new Payload('image/jpeg', bytes, `"${id}"`)
    },
    listChatMessages: async ({ params, query: { limit = 50, before }, signal }) =>
      ok(await chats.messages(Number(params.id), { limit, before }, signal)),
    getWatch: () => ok(watch.view),
    putWatch: ({ body }) => {
      const rules = watch.choose(chats.accountId, body)
      onWatched()
      return ok(rules, 'Watched chats set')
    },
    relayMessage: async ({ body: { chat, text, limit = REPLIES, timeout_s = REPLY_TIMEOUT_S }, signal }) => {
      const outcome = await relay.exchange({ chat, text, limit, timeoutMs: timeout_s * SECOND }, signal)
      return ok({ sent: outcome.sent, replies: outcome.replies, is_complete: outcome.isComplete })
    },
    sendTestMessage: async ({ body, signal }) =>
      ok(await relay.sendTest(body.chat ?? 'me', signal), 'Test message sent'),
  }
}

/** The place in a list that a cursor names; 0 is its begin. */
function placeOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  if (!/^[1-9]\d{0,15}$/.test(cursor)) throw httpError('INVALID_REQUEST', 'cursor is not the next_cursor of a page.')
  return Number(cursor)
}
