import { CHANNEL_MARK, type ChatKind } from './model'

/** Where a message is, as far as an address needs it. */
export interface Linkable {
  chat: { id: string; kind: ChatKind; username: string | null }
  messageId: number
  topicId: number | null
}

/**
 * Address of a message (core.telegram.org/api/links); t.me opens what the reader may see. A chat of two and a basic group have
 * no such thing: null.
 */
export function messageLink({ chat, messageId, topicId }: Linkable): string | null {
  if (chat.kind !== 'channel' && chat.kind !== 'supergroup') return null
  const place = chat.username ?? `c/${-Number(chat.id) - CHANNEL_MARK}`
  // The message that opens a topic is the topic.
  const topic = topicId === null || topicId === messageId ? '' : `${topicId}/`
  return `https://t.me/${place}/${topic}${messageId}`
}

/** Address of a message, else of the person or bot whom one talks with; null in a basic group. */
export function deepLink(message: Linkable): string | null {
  const { chat } = message
  if (chat.kind !== 'private' && chat.kind !== 'bot') return messageLink(message)
  return chat.username ? `https://t.me/${chat.username}` : `tg://user?id=${chat.id}`
}
