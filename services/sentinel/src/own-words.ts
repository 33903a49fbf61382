import { MessageFlag } from './model'
import type { StoredMessage } from './store/messages'
import type { Store } from './store/store'

/**
 * Whether this program wrote a message itself, which would else be told again without end.
 * @param botId the user that our own bot is
 */
export function isOurOwn(message: StoredMessage, store: Store, botId: number | undefined): boolean {
  const { senderId, chatId, flags, ownText } = message
  // A preview that Telegram adds to it was not told.
  const text = ownText ?? message.text
  if (botId !== undefined && senderId === botId) return true
  if (store.toldTexts.hasIn(chatId, text)) return true
  // In Saved Messages nothing is outgoing (core.telegram.org/constructor/message, `out`). Others may say the same words, and are heard.
  const isMine = (flags & MessageFlag.outgoing) !== 0 || chatId === store.settings.number('chats_account')
  return isMine && store.toldTexts.has(text)
}
