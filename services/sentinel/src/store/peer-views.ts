import { CHANNEL_MARK, type Alert, type ChatKind, type MarkedId } from '../model'

/** What a row says of its chat and sender, as PEER_COLUMNS selects it. */
export interface PeerColumns {
  chat_id: number
  kind: ChatKind | null
  title: string | null
  chat_username: string | null
  sender_id: number | null
  sender_name: string | null
  sender_username: string | null
}

/** Of a row `m` of messages, joined by PEER_JOINS. */
export const PEER_COLUMNS = `
  m.chat_id, m.sender_id, c.kind, c.title, c.username AS chat_username,
  coalesce(u.name, s.title) AS sender_name, coalesce(u.username, s.username) AS sender_username`
export const PEER_JOINS = `
  LEFT JOIN chats c ON c.id = m.chat_id LEFT JOIN users u ON u.id = m.sender_id LEFT JOIN chats s ON s.id = m.sender_id`

export function chatView(row: PeerColumns): Alert['chat'] {
  const title = row.title ?? (row.chat_id > 0 ? row.sender_name : null) ?? `Chat ${row.chat_id}`
  return { id: String(row.chat_id), title, kind: row.kind ?? kindByMark(row.chat_id), username: row.chat_username }
}

export function senderView({
  sender_id: id,
  sender_name: name,
  sender_username: username,
}: PeerColumns): Alert['sender'] {
  return id === null ? null : { id: String(id), name: name ?? `User ${id}`, username }
}

/** Of a chat of which nothing but its id is known. */
export function kindByMark(chatId: MarkedId): ChatKind {
  if (chatId > 0) return 'private'
  return chatId < -CHANNEL_MARK ? 'channel' : 'group'
}
