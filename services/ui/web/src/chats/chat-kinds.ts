import type { ChatKind } from '../model'

export const KINDS: Record<ChatKind, string> = {
  private: 'Private',
  bot: 'Bot',
  group: 'Group',
  supergroup: 'Supergroup',
  channel: 'Channel',
}

/** Chats of two have no list of members. */
export function hasParticipants(kind: ChatKind): boolean {
  return kind !== 'private' && kind !== 'bot'
}
