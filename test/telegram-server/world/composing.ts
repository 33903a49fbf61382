import { entityParts, forwardPart, mediaPart, replyPart } from './message-parts'
import { findEntities, readMarkup } from './markup'
import type { Account, MessageOptions, StoredMessage, TextEntity } from './model'

export interface Circumstances {
  id: number
  date: number
  mediaId: number
  isPost: boolean
  replied: StoredMessage | undefined
  accounts: Account[]
}

export function composeMessage(options: MessageOptions, circumstances: Circumstances): StoredMessage {
  const { id, date, mediaId, isPost } = circumstances
  const { text, entities } = textOf(options)
  const message: StoredMessage = {
    id,
    chat: options.chat,
    isPost,
    date,
    text,
    isSilent: options.isSilent ?? false,
    mentionedAccounts: mentionedAccounts(options, text, entities, circumstances),
    edits: 0,
  }
  const replyTo = replyPart(options)
  if (options.from !== undefined && !isPost) message.from = options.from
  if (entities.length > 0) message.entities = entities.map(entityParts)
  if (replyTo) message.replyTo = replyTo
  if (options.forward) message.forward = forwardPart(options.forward, date)
  if (options.media) message.media = mediaPart(options.media, mediaId, date)
  const action = options.action ?? (options.pins === undefined ? undefined : { _: 'messageActionPinMessage' })
  if (action) message.action = action
  if (options.groupedId !== undefined) message.groupedId = options.groupedId
  if (options.postAuthor !== undefined) message.postAuthor = options.postAuthor
  if (options.fields) message.fields = options.fields
  if (options.wholeRichMessage) message.wholeRichMessage = options.wholeRichMessage
  return message
}

/** The text as it is shown, with what Telegram finds in it unless entities are given. */
export function textOf(options: Pick<MessageOptions, 'text' | 'markup' | 'entities'>) {
  const { text, markup, entities } = options
  if (entities) return { text, entities }
  return markup ? readMarkup(text) : { text, entities: findEntities(text) }
}

function mentionedAccounts(
  options: MessageOptions,
  text: string,
  entities: TextEntity[],
  { accounts, replied, isPost }: Circumstances,
): number[] {
  if (options.chat > 0 || isPost) return []
  const isMentioned = ({ user }: Account) =>
    replied?.from === user.id ||
    entities.some(({ type, offset, length, userId }) =>
      type === 'mentionName'
        ? userId === user.id
        : type === 'mention' && text.slice(offset + 1, offset + length) === user.username,
    )
  return accounts
    .filter((account) => account.user.id !== options.from && isMentioned(account))
    .map(({ user }) => user.id)
}
