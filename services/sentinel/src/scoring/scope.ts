import type { ChatKind, MarkedId, Profile } from '../model'
import type { StoredMessage } from '../store/messages'

/** Ids (as text) and lower-case usernames, as a profile names chats and senders. */
export type Names = ReadonlySet<string>

export interface ScopeRules {
  chats: Names
  excludedChats: Names
  kinds: ReadonlySet<ChatKind>
}

/** Where a message was posted. */
export type Place = Pick<StoredMessage, 'chatId' | 'chatKind' | 'chatUsername' | 'chatUsernames'>

/** `@Name` becomes `@name`; an id stays. */
export function namesOf(entries: readonly string[] = []): Names {
  return new Set(entries.map((entry) => entry.toLowerCase()))
}

/** `usernames`: all of them, between blanks and in lower case, where there is more than one. */
export function isNamed(
  names: Names,
  id: MarkedId | null,
  username: string | null,
  usernames?: string | null,
): boolean {
  if (id !== null && names.has(String(id))) return true
  if (username !== null && names.has(`@${username.toLowerCase()}`)) return true
  return usernames != null && usernames.split(' ').some((name) => names.has(`@${name}`))
}

export function scopeOf(scope: Profile['scope']): ScopeRules {
  return { chats: namesOf(scope.chats), excludedChats: namesOf(scope.exclude_chats), kinds: new Set(scope.kinds ?? []) }
}

/** Whether a profile listens where the message was posted. */
export function isInScope(scope: ScopeRules, message: Place): boolean {
  if (scope.kinds.size > 0 && !(message.chatKind && scope.kinds.has(message.chatKind))) return false
  const { chatId, chatUsername, chatUsernames } = message
  if (scope.chats.size > 0 && !isNamed(scope.chats, chatId, chatUsername, chatUsernames)) return false
  return scope.excludedChats.size === 0 || !isNamed(scope.excludedChats, chatId, chatUsername, chatUsernames)
}
