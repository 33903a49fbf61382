import type { Intake } from '../intake'
import { MessageFlag, type MarkedId, type Message } from '../model'
import type { Store } from '../store/store'

/**
 * Chats in which something was posted for the first time since the account's list was read: they are in the list at once, watched or
 * not, with what is known of them. The next reading of the list tells the rest.
 */
export class Newcomers {
  constructor(private readonly store: Pick<Store, 'chats' | 'dialogs' | 'events' | 'settings'>) {}

  /** Whether one was listed, and told of. To be called in the transaction that stores the intake. */
  list(accountId: MarkedId, intake: Intake): boolean {
    const { dialogs, chats, events, settings } = this.store
    const newest = newestOf(intake)
    const unlisted = [...newest.keys()].filter((chatId) => !dialogs.has(accountId, chatId))
    if (unlisted.length === 0) return false
    // Before the first list is there, it is what is added to.
    const isRead = settings.number('chats_account') === accountId
    for (const user of intake.users) chats.saveUser(user)
    for (const chat of intake.chats) chats.saveChat(chat)
    const listed = unlisted.filter((chatId) => this.add(accountId, chatId, newest.get(chatId) ?? null, isRead))
    if (listed.length > 0) events.add('chats', { chats: dialogs.count(accountId) })
    return listed.length > 0
  }

  private add(accountId: MarkedId, chatId: MarkedId, message: Message | null, isRead: boolean): boolean {
    const { chats, dialogs } = this.store
    // Of whom nothing is known, there is nothing to show.
    if (!chats.findChat(chatId)) return false
    const isIncoming = message !== null && !(message.flags & MessageFlag.outgoing)
    const [topMessageId, topMessageAt] = [message?.messageId ?? null, message?.date ?? null]
    const flags = { isPinned: false, isArchived: false, isMuted: false, isForum: chats.isForum(chatId) }
    const known = { chatId, members: null, unread: Number(isIncoming), topMessageId, topMessageAt, folders: [] }
    if (isRead) return dialogs.add(accountId, { ...known, ...flags }, Date.now())
    dialogs.expect(accountId, { ...known, ...flags }, Date.now())
    return false
  }
}

/** By chat, null where nobody watches it; what was read from a history says nothing of the list. */
function newestOf({ messages, skipped = [] }: Intake): Map<MarkedId, Message | null> {
  const newest = new Map<MarkedId, Message | null>(skipped.map((chatId) => [chatId, null]))
  for (const message of messages) if (!(message.flags & MessageFlag.backfilled)) newest.set(message.chatId, message)
  return newest
}
