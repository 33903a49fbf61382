import type { TlObject } from '../tl/codec'
import { textOf } from './composing'
import { entityParts } from './message-parts'
import type { Change, ChangeDelivery, StoredMessage, TextEntity } from './model'
import { bareId, isChannel, peerOf } from './peers'
import { messageIn, placeOf, removeFrom, type Place } from './place'
import { renderEdit } from './rendering'
import type { World } from './world'

/** Private chats and basic groups number their messages by account, so that it takes an account to name one. */
export interface MessageName {
  /** Marked id. */
  chat: number
  /** The first one if left out; nothing to channels. */
  account?: number
  messageId: number
}

export type MessageNames = Omit<MessageName, 'messageId'> & { messageIds: number[] }

export interface EditOptions extends MessageName {
  text: string
  entities?: TextEntity[]
  /** Unix seconds. */
  date?: number
  /** As of a new message; left out, they stay. */
  fields?: Record<string, unknown>
}

export interface ReactionOptions extends MessageName {
  /** All that the message has from now on. */
  reactions: { emoticon: string; count: number }[]
  /** Telegram reports reactions in two ways: as an edit that is to be hidden, or by an update of its own, which has no pts. */
  how?: 'edit' | 'update'
}

export interface CountOptions extends MessageName {
  views?: number
  forwards?: number
  replies?: number
}

export interface Votes {
  /** By answer. */
  voters: number[]
  /** Answers in the order in which their results are told. */
  order?: number[]
}

/** What happens to messages after they were posted. Each change is kept in its box, and told in the way Telegram tells it. */
export class Changes {
  constructor(private readonly world: World) {}

  edit({ text, entities, date, fields, ...name }: EditOptions): ChangeDelivery[] {
    const { place, message } = this.find(name)
    if (message.action) throw new Error(`Message ${message.id} is a service message`)
    const found = textOf({ text, ...(entities ? { entities } : {}) })
    message.text = found.text
    delete message.entities
    if (found.entities.length > 0) message.entities = found.entities.map(entityParts)
    if (fields) message.fields = fields
    message.edits += 1
    message.editDate = date ?? this.world.now()
    delete message.isEditHidden
    return keepEdit(place, { ...message })
  }

  setReactions({ reactions, how = 'edit', ...name }: ReactionOptions): ChangeDelivery[] {
    const { place, message } = this.find(name)
    message.reactions = { _: 'messageReactions', results: reactions.map(reactionCount) }
    if (how === 'edit') return this.keepHiddenEdit(place, message)
    const update = { _: 'updateMessageReactions', peer: peerOf(place.chat), msg_id: message.id }
    return tell(place, { ...update, reactions: message.reactions })
  }

  setCounts({ views, forwards, replies, ...name }: CountOptions): ChangeDelivery[] {
    const { place, message } = this.find(name)
    if (!isChannel(place.chat)) throw new Error('Only messages of channels are counted')
    const about = { channel_id: bareId(place.chat), id: message.id }
    const deliveries: ChangeDelivery[] = []
    if (views !== undefined) {
      message.views = views
      deliveries.push(...tell(place, { _: 'updateChannelMessageViews', ...about, views }))
    }
    if (forwards !== undefined) {
      message.forwards = forwards
      deliveries.push(...tell(place, { _: 'updateChannelMessageForwards', ...about, forwards }))
    }
    if (replies === undefined) return deliveries
    message.replies = { _: 'messageReplies', replies, replies_pts: place.box.pts }
    return [...deliveries, ...this.keepHiddenEdit(place, message)]
  }

  delete({ messageIds, ...name }: MessageNames): ChangeDelivery[] {
    const place = placeOf(this.world, name.chat, name.account)
    for (const message of messagesIn(place, messageIds)) removeFrom(place, message)
    return keep(place, deletion(place.chat, messageIds), messageIds.length)
  }

  pin({ messageIds, pinned, ...name }: MessageNames & { pinned: boolean }): ChangeDelivery[] {
    const place = placeOf(this.world, name.chat, name.account)
    for (const message of messagesIn(place, messageIds)) message.isPinned = pinned
    return keep(place, pinning(place.chat, messageIds, pinned), messageIds.length)
  }

  /** So many have voted for each answer by now; their results come in the order of the answers, or in another. */
  votePoll({ voters, order, ...name }: MessageName & Votes): ChangeDelivery[] {
    const { place, message } = this.find(name)
    const { media } = message
    if (media?._ !== 'messageMediaPoll') throw new Error(`Message ${message.id} is no poll`)
    const poll = media['poll'] as TlObject
    const results = pollResults(poll['answers'] as TlObject[], voters, order)
    message.media = { ...media, results }
    return tell(place, { _: 'updateMessagePoll', poll_id: poll['id'], results })
  }

  private find({ chat, account, messageId }: MessageName): { place: Place; message: StoredMessage } {
    const place = placeOf(this.world, chat, account)
    return { place, message: messageIn(place, messageId) }
  }

  /** A message that was really edited goes on showing when. */
  private keepHiddenEdit(place: Place, message: StoredMessage): ChangeDelivery[] {
    const hidden = { editDate: this.world.now(), isEditHidden: true }
    if (message.edits === 0) Object.assign(message, hidden)
    return keepEdit(place, { ...message, ...hidden })
  }
}

function messagesIn(place: Place, ids: number[]): StoredMessage[] {
  if (ids.length === 0) throw new Error('No message is named')
  if (new Set(ids).size < ids.length) throw new Error('A message is named twice')
  return ids.map((id) => messageIn(place, id))
}

/** The message is a copy: a difference tells the edit as it was pushed, whatever came later. */
function keepEdit(place: Place, message: StoredMessage): ChangeDelivery[] {
  const render: Change['render'] = (viewer, pts, ptsCount) => renderEdit(message, viewer, pts, ptsCount)
  return keep(place, { chat: place.chat, message, render }, 1)
}

function keep({ box, audience }: Place, change: Change, count: number): ChangeDelivery[] {
  const { pts, ptsCount } = box.append({ change }, count)
  return audience.map((account) => ({ account, change, pts, ptsCount }))
}

/** What has no pts is in no difference. */
function tell({ chat, audience }: Place, update: TlObject): ChangeDelivery[] {
  const change = { chat, render: () => update }
  return audience.map((account) => ({ account, change, pts: 0, ptsCount: 0 }))
}

/** Message ids of private chats and basic groups are unique to the account: its update names no chat. */
function deletion(chat: number, messages: number[]): Change {
  const update = isChannel(chat)
    ? { _: 'updateDeleteChannelMessages', channel_id: bareId(chat) }
    : { _: 'updateDeleteMessages' }
  return { chat, render: (_viewer, pts, ptsCount) => ({ ...update, messages, pts, pts_count: ptsCount }) }
}

function pinning(chat: number, messages: number[], pinned: boolean): Change {
  const update = isChannel(chat)
    ? { _: 'updatePinnedChannelMessages', channel_id: bareId(chat) }
    : { _: 'updatePinnedMessages', peer: peerOf(chat) }
  return { chat, render: (_viewer, pts, ptsCount) => ({ ...update, pinned, messages, pts, pts_count: ptsCount }) }
}

function reactionCount({ emoticon, count }: ReactionOptions['reactions'][number]): TlObject {
  return { _: 'reactionCount', reaction: { _: 'reactionEmoji', emoticon }, count }
}

function pollResults(answers: TlObject[], voters: number[], order = [...answers.keys()]): TlObject {
  return {
    _: 'pollResults',
    results: order.map((index) => ({
      _: 'pollAnswerVoters',
      option: answers[index]?.['option'],
      voters: voters[index] ?? 0,
      recent_voters: [],
    })),
    total_voters: voters.reduce((sum, count) => sum + count, 0),
  }
}
