import { MessageFlag, type MarkedId, type Message } from '../model'
import { bodyFacts, bodyOf, hasRichPart, type Body } from './conversion/body'
import { countsOf, factsOf } from './message-content'
import { markedPeer } from './peers'
import { tlNumber, tlText, type TlObject } from './tl'
import { unreadablePartsOf } from './tolerant/unreadable'

/** Who reads: mentions and the sender of short messages depend on it. */
export interface Self {
  id: MarkedId
  /** All active names, without @. */
  usernames: readonly string[]
}

/** A message as it is stored, or null for one that has no content (messageEmpty). */
export function readMessage(source: TlObject, self: Self): Message | null {
  const chatId = markedPeer(source['peerId'])
  if (chatId === null || source.className === 'MessageEmpty') return null
  const isPrivate = chatId > 0
  const silentSender = isPrivate ? (source['out'] === true ? self.id : chatId) : null
  const senderId = markedPeer(source['fromId']) ?? silentSender
  return messageOf(source, self, { chatId, senderId })
}

function messageOf(source: TlObject, self: Self, known: { chatId: MarkedId; senderId: MarkedId | null }): Message {
  const body = bodyOf(source, known.senderId)
  const media = mediaOf(source)
  const reply = source['replyTo'] as TlObject | undefined
  const facts = { ...factsOf(source), ...bodyFacts(body) }
  return {
    ...known,
    text: body.text,
    extraText: body.extras.length > 0 ? body.extras.map(({ text }) => text).join('\n') : null,
    messageId: number(source['id']),
    topicId: topicOf(reply),
    date: number(source['date']),
    flags: flagsOf(source, self, body, media),
    replyToId: replyOf(reply, known.chatId),
    media,
    groupedId: source['groupedId'] == null ? null : String(source['groupedId']),
    // An edit that Telegram hides changed reactions, a link's preview or the like, and not what is said.
    editedAt: source['editHide'] === true ? null : tlNumber(source['editDate']),
    revisedAt: tlNumber(source['editDate']),
    isPinned: source['pinned'] === true,
    unreadable: unreadableOf(source, body, media),
    facts: Object.keys(facts).length > 0 ? facts : null,
    counts: countsOf(source),
  }
}

function unreadableOf(source: TlObject, body: Body, media: string | null): NonNullable<Message['unreadable']> | null {
  if (media === 'unsupported') return 'unsupported'
  if (hasRichPart(source)) return 'part'
  return body.isPartial || unreadablePartsOf(source).length > 0 ? 'partial' : null
}

/** core.telegram.org/api/forum: in a topic every message points at the topic; it is an answer only where it also has a top id. */
function topicOf(reply: TlObject | undefined): number | null {
  if (reply?.['forumTopic'] !== true) return null
  return number(reply['replyToTopId']) || number(reply['replyToMsgId']) || null
}

/** core.telegram.org/constructor/messageReplyHeader: with a peer of another chat the id is one of that chat, and names nothing here. */
function replyOf(reply: TlObject | undefined, chatId: MarkedId): number | null {
  if (!reply || (reply['forumTopic'] === true && !reply['replyToTopId'])) return null
  const peer = markedPeer(reply['replyToPeerId'])
  if (peer !== null && peer !== chatId) return null
  return number(reply['replyToMsgId']) || null
}

function flagsOf(source: TlObject, self: Self, { text, entities, hasAddress }: Body, media: string | null): number {
  const has = (...kinds: string[]) => entities.some((entity) => kinds.includes(entity.className))
  const action = source.className === 'MessageService' ? (source['action'] as TlObject | undefined) : undefined
  const bit = (flag: keyof typeof MessageFlag, holds: boolean) => (holds ? MessageFlag[flag] : 0)
  // Who was answered is known only where the answered message is stored: ingestion tells.
  return (
    bit('outgoing', source['out'] === true) |
    bit('mentioned', source['mentioned'] === true) |
    bit(
      'namesMe',
      entities.some((entity) => namesSelf(entity, text, self)),
    ) |
    bit('link', hasAddress || hasWebPage(source)) |
    bit('code', has('MessageEntityCode', 'MessageEntityPre')) |
    bit('forwarded', Boolean(source['fwdFrom'])) |
    bit('pinned', action?.className === 'MessageActionPinMessage') |
    bit('media', media !== null && action === undefined) |
    bit('post', source['post'] === true)
  )
}

function namesSelf(entity: TlObject, content: string, self: Self): boolean {
  if (entity.className === 'MessageEntityMentionName') return number(entity['userId']) === self.id
  if (entity.className !== 'MessageEntityMention') return false
  const offset = number(entity['offset'])
  const name = content.slice(offset + 1, offset + number(entity['length'])).toLowerCase()
  return self.usernames.some((own) => own.toLowerCase() === name)
}

function hasWebPage(source: TlObject): boolean {
  return (source['media'] as TlObject | undefined)?.className === 'MessageMediaWebPage'
}

const NOT_MEDIA = new Set(['MessageMediaEmpty', 'MessageMediaWebPage'])

/** `photo`, `document`, `poll` and so on by Telegram's own names; a service message's action as `service:pin_message`. */
function mediaOf(source: TlObject): string | null {
  if (source.className === 'MessageService') {
    return `service:${snake((source['action'] as TlObject | undefined)?.className.replace('MessageAction', '') ?? 'Unknown')}`
  }
  const media = source['media'] as TlObject | undefined
  return !media || NOT_MEDIA.has(media.className) ? null : snake(media.className.replace('MessageMedia', ''))
}

function snake(name: string): string {
  return name.replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
}

/** core.telegram.org/api/updates: a message without its envelope; the peer of an outgoing private one is the receiver. */
export function readShortMessage(envelope: TlObject, self: Self): Message {
  const isPrivate = envelope.className === 'UpdateShortMessage'
  const other = number(envelope[isPrivate ? 'userId' : 'fromId'])
  return messageOf({ ...envelope, message: tlText(envelope['message']) } as TlObject, self, {
    chatId: isPrivate ? other : -number(envelope['chatId']),
    senderId: envelope['out'] === true ? self.id : other,
  })
}

function number(value: unknown): number {
  return tlNumber(value) ?? 0
}
