import type { Chats } from '../chats'
import { failure, type ChatDetails, type MarkedId } from '../model'

type Payload = Record<string, unknown>

/**
 * Who somebody is in a chat, in the original's shape: `chat`, and where a user is named `user` and `participant`.
 * @throws ApiError
 */
export async function participantInfo(chats: Chats, payload: Payload, signal: AbortSignal): Promise<Payload> {
  const chatId = idOf(payload['chat_id'], 'chat_id')
  const userId = payload['user_id'] === null || payload['user_id'] === undefined ? null : payload['user_id']
  if (userId === null) return { chat: chatView(await chats.details(chatId, signal)) }
  const { user, role, joined_at } = await chats.participant(chatId, idOf(userId, 'user_id'), signal)
  return {
    chat: chatView(await chats.details(chatId, signal)),
    user: { ...user, id: Number(user.id), phone: null },
    participant: { role, joined_at },
  }
}

function chatView({ id, title, kind, username, members, about }: ChatDetails): Payload {
  return { id: Number(id), title, type: kind, username, participants_count: members, description: about }
}

function idOf(value: unknown, name: string): MarkedId {
  const id = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value
  if (typeof id === 'number' && Number.isSafeInteger(id) && id !== 0) return id
  throw failure('INVALID_REQUEST', `${name} must be a marked id.`)
}
