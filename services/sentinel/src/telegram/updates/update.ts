import type { Change, Intake } from '../../intake'
import { CHANNEL_MARK, type MarkedId, type Message } from '../../model'
import { readMessage, readShortMessage, type Self } from '../message'
import { isMin, reactionsOf, votesOf } from '../message-content'
import { markedPeer } from '../peers'
import { isUnreadable, type UnreadablePart } from '../tolerant/unreadable'
import { isTl, tlNumber, tlText, type TlObject } from '../tl'

/** The box of the account: private chats and basic groups. A channel's box is its unmarked id. */
export const ACCOUNT_BOX = 0

/** Updates that say something to us; of all others only their steps count. */
export const UPDATES_READ = [
  'UpdateNewMessage',
  'UpdateNewChannelMessage',
  'UpdateEditMessage',
  'UpdateEditChannelMessage',
  'UpdateDeleteMessages',
  'UpdateDeleteChannelMessages',
  'UpdatePinnedMessages',
  'UpdatePinnedChannelMessages',
  'UpdateChannelMessageViews',
  'UpdateChannelMessageForwards',
  'UpdateMessageReactions',
  'UpdateMessagePoll',
  'UpdateChatParticipantAdmin',
  'UpdatePtsChanged',
  'UpdateChannelTooLong',
  'UpdateChannel',
] as const

/** What an update asks of us beside what it brings. */
export type Demand = 'account_difference' | 'channel_difference' | 'channel_changed' | 'every_difference'

/** One update as plain data. */
export interface Update {
  box: number
  /** Null: it stands outside the sequence of its box. */
  pts: number | null
  count: number
  /** 0: none. */
  qts: number
  message: Message | null
  changes: Change[]
  demand: Demand | null
}

/** Messages of which no more than their header is known. */
export type Unreadable = NonNullable<Intake['unreadable']>[number]

/** Reads an update of any kind; of one that says nothing to us only its steps remain. Pure. */
export function readUpdate(source: TlObject, self: Self): Update {
  if (isUnreadable(source)) return readUnreadable(source)
  const message = isNewMessage(source) && isTl(source['message']) ? readMessage(source['message'], self) : null
  const pts = number(source['pts'])
  const isPaced = pts > 0 && source.className !== 'UpdateChannelTooLong'
  return {
    box: boxOf(source),
    pts: isPaced ? pts : null,
    count: number(source['ptsCount']),
    qts: number(source['qts']),
    message,
    changes: [...changesOf(source, self), ...(message ? serviceChanges(source['message'] as TlObject, message) : [])],
    demand: demandOf(source),
  }
}

/** An update that could not be read: whose it may be has to be asked for. */
export function readUnreadable({ header, channelId }: UnreadablePart): Update {
  const chatId = header?.chatId ?? null
  const ofMessage = chatId !== null && chatId < -CHANNEL_MARK ? -chatId - CHANNEL_MARK : null
  const box = channelId ?? ofMessage ?? ACCOUNT_BOX
  const isKnown = chatId !== null || channelId !== null
  const demand = !isKnown ? 'every_difference' : box === ACCOUNT_BOX ? 'account_difference' : 'channel_difference'
  return { box, pts: null, count: 0, qts: 0, message: null, changes: [], demand }
}

/** A short message is an update of the account's box that needs no envelope around it. */
export function readShortUpdate(envelope: TlObject, self: Self): Update {
  const message = readShortMessage(envelope, self)
  const [pts, count] = [number(envelope['pts']), number(envelope['ptsCount'])]
  return { box: ACCOUNT_BOX, pts, count, qts: 0, message, changes: [], demand: null }
}

export function channelOf(box: number): MarkedId {
  return -CHANNEL_MARK - box
}

function isNewMessage({ className }: TlObject): boolean {
  return className === 'UpdateNewMessage' || className === 'UpdateNewChannelMessage'
}

function boxOf(update: TlObject): number {
  const channelId = tlNumber(update['channelId'])
  if (channelId !== null) return channelId
  if (!update.className.includes('Channel') || !isTl(update['message'])) return ACCOUNT_BOX
  const peer = markedPeer(update['message']['peerId'])
  return peer !== null && peer < -CHANNEL_MARK ? -peer - CHANNEL_MARK : ACCOUNT_BOX
}

function demandOf({ className }: TlObject): Demand | null {
  switch (className) {
    case 'UpdatePtsChanged':
      return 'account_difference'
    case 'UpdateChannelTooLong':
      return 'channel_difference'
    case 'UpdateChannel':
      return 'channel_changed'
    default:
      return null
  }
}

function changesOf(update: TlObject, self: Self): Change[] {
  const messageIds = (update['messages'] as number[] | undefined) ?? []
  const chatId = update['channelId'] === undefined ? null : channelOf(number(update['channelId']))
  switch (update.className) {
    case 'UpdateEditMessage':
    case 'UpdateEditChannelMessage':
      return editOf(update['message'] as TlObject, self)
    case 'UpdateDeleteMessages':
    case 'UpdateDeleteChannelMessages':
      return [{ type: 'deleted', chatId, messageIds }]
    case 'UpdatePinnedMessages':
    case 'UpdatePinnedChannelMessages':
      return pinsOf(update, chatId ?? markedPeer(update['peer']), messageIds)
    case 'UpdateChannelMessageViews':
      return countsOf(update, chatId, { views: number(update['views']) })
    case 'UpdateChannelMessageForwards':
      return countsOf(update, chatId, { forwards: number(update['forwards']) })
    case 'UpdateMessageReactions':
      return countsOf(update, markedPeer(update['peer']), reactionCounts(update['reactions']))
    case 'UpdateMessagePoll':
      return [pollOf(update)]
    case 'UpdateChatParticipantAdmin':
      return [adminOf(update)]
    default:
      return []
  }
}

function editOf(source: TlObject, self: Self): Change[] {
  const message = readMessage(source, self)
  return message ? [{ type: 'edited', message }] : []
}

function pinsOf(update: TlObject, chatId: MarkedId | null, messageIds: number[]): Change[] {
  return chatId === null ? [] : [{ type: 'pinned', chatId, messageIds, isPinned: update['pinned'] === true }]
}

type Counted = Extract<Change, { type: 'counted' }>

function countsOf(update: TlObject, chatId: MarkedId | null, counts: Counted['counts']): Change[] {
  const messageId = number(update['id'] ?? update['msgId'])
  return chatId === null ? [] : [{ type: 'counted', chatId, messageId, counts }]
}

function reactionCounts(reactions: unknown): Counted['counts'] {
  return { reactions: reactionsOf(reactions), ...(isMin(reactions) && { isMin: true }) }
}

function pollOf(update: TlObject): Change {
  const results = isTl(update['results']) ? update['results'] : undefined
  const isClosed = isTl(update['poll']) && update['poll']['closed'] === true
  const poll = { id: String(update['pollId']), isClosed, voters: tlNumber(results?.['totalVoters']) }
  return { type: 'polled', poll, votes: votesOf(results) }
}

/** core.telegram.org/constructor/updateChatParticipantAdmin: of basic groups alone; of other groups only bots are told. */
function adminOf(update: TlObject): Change {
  const [chatId, userId] = [-number(update['chatId']), number(update['userId'])]
  return { type: 'admin', chatId, userId, isAdmin: update['isAdmin'] === true }
}

/** What a service message tells of its chat. */
export function serviceChanges(source: TlObject, { chatId, messageId }: Message): Change[] {
  const action = source['action']
  if (!isTl(action)) return []
  switch (action.className) {
    case 'MessageActionChatMigrateTo':
      return [{ type: 'migrated', fromChatId: chatId, toChatId: channelOf(number(action['channelId'])) }]
    case 'MessageActionChannelMigrateFrom':
      return [{ type: 'migrated', fromChatId: -number(action['chatId']), toChatId: chatId }]
    case 'MessageActionTopicCreate':
      return [{ type: 'topic', chatId, topicId: messageId, title: tlText(action['title']) }]
    case 'MessageActionTopicEdit':
      return topicOf(source, chatId, tlText(action['title']))
    default:
      return []
  }
}

function topicOf(source: TlObject, chatId: MarkedId, title: string): Change[] {
  const reply = isTl(source['replyTo']) ? source['replyTo'] : undefined
  const topicId = number(reply?.['replyToTopId']) || number(reply?.['replyToMsgId'])
  return title && topicId ? [{ type: 'topic', chatId, topicId, title }] : []
}

/** Messages of a difference or a page of history, with what its service messages tell. */
export function readMessages(
  sources: TlObject[],
  self: Self,
): { messages: Message[]; changes: Change[]; unreadable: Unreadable[] } {
  const messages: Message[] = []
  const changes: Change[] = []
  const unreadable: Unreadable[] = []
  for (const source of sources) {
    if (isUnreadable(source)) {
      const header = headerOf(source)
      if (header) unreadable.push(header)
      continue
    }
    const message = readMessage(source, self)
    if (!message) continue
    messages.push(message)
    changes.push(...serviceChanges(source, message))
  }
  return { messages, changes, unreadable }
}

/** Null where it is not known which message it is. */
export function headerOf({ header, constructorId }: UnreadablePart): Unreadable | null {
  const { chatId, messageId } = header ?? {}
  if (!header || chatId == null || messageId == null) return null
  const { senderId, date } = header
  return { chatId, messageId, senderId, date, reason: 'unknown', constructorId }
}

function number(value: unknown): number {
  return tlNumber(value) ?? 0
}
