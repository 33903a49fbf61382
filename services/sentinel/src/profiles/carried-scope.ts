import type { MarkedId, Profile } from '../model'

/** A scope in which whatever names a chat names what the chat became, too. Pure. */
export function carriedScope(scope: Profile['scope'], fromChatId: MarkedId, toChatId: MarkedId): Profile['scope'] {
  const carried = (chats: string[]) =>
    chats.includes(String(fromChatId)) ? [...new Set([...chats, String(toChatId)])] : chats
  return {
    ...scope,
    ...(scope.chats ? { chats: carried(scope.chats) } : {}),
    ...(scope.exclude_chats ? { exclude_chats: carried(scope.exclude_chats) } : {}),
  }
}
