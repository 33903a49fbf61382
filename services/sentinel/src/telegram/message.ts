import { MessageFlag, type MarkedId, type Message } from '../model'
import { markedPeer } from './peers'
import { countsOf, factsOf } from './message-content'
import { tlList, tlNumber, tlText, type TlObject } from './tl'

/** Who reads: mentions and the sender of short messages depend on it. */
export interface Self {
  id: MarkedId
  username: string | null
}

/** A message as it is stored, or null for one that has no content (messageEmpty). */
export function readMessage(source: TlObject, self: Self): Message | null {
  const chatId = markedPeer(source['peerId'])
  if (chatId === null || source.className === 'MessageEmpty') return null
  const isPrivate = chatId > 0
  const silentSender = isPrivate ? (source['out'] === true ? self.id : chatId) : null
  const senderId = markedPeer(source['fromId']) ?? silentSender
  return messageOf(source, self, { chatId, senderId, text: textOf(source) })
}

function messageOf(
  source: TlObject,
  self: Self,
  known: { chatId: MarkedId; senderId: MarkedId | null; text: string },
): Message {
  const media = mediaOf(source)
  const reply = source['replyTo'] as TlObject | undefined
  return {
    ...known,
    messageId: number(source['id']),
    topicId: topicOf(reply),
    date: number(source['date']),
    flags: flagsOf(source, self, known.text, media),
    replyToId: replyOf(reply),
    media,
    groupedId: source['groupedId'] == null ? null : String(source['groupedId']),
    // An edit that Telegram hides changed reactions, a link's preview or the like, and not what is said.
    editedAt: source['editHide'] === true ? null : tlNumber(source['editDate']),
    revisedAt: tlNumber(source['editDate']),
    isPinned: source['pinned'] === true,
    facts: factsOf(source),
    counts: countsOf(source),
  }
}

/** core.telegram.org/api/forum: in a topic every message points at the topic; it is an answer only where it also has a top id. */
function topicOf(reply: TlObject | undefined): number | null {
  if (reply?.['forumTopic'] !== true) return null
  return number(reply['replyToTopId']) || number(reply['replyToMsgId']) || null
}

function replyOf(reply: TlObject | undefined): number | null {
  if (!reply || (reply['forumTopic'] === true && !reply['replyToTopId'])) return null
  return number(reply['replyToMsgId']) || null
}

function flagsOf(source: TlObject, self: Self, content: string, media: string | null): number {
  const entities = tlList(source['entities'])
  const has = (...kinds: string[]) => entities.some((entity) => kinds.includes(entity.className))
  const action = source.className === 'MessageService' ? (source['action'] as TlObject | undefined) : undefined
  const bit = (flag: keyof typeof MessageFlag, holds: boolean) => (holds ? MessageFlag[flag] : 0)
  // Who was answered is known only where the answered message is stored: ingestion tells.
  return (
    bit('outgoing', source['out'] === true) |
    bit('mentioned', source['mentioned'] === true) |
    bit(
      'namesMe',
      entities.some((entity) => namesSelf(entity, content, self)),
    ) |
    bit('link', has('MessageEntityUrl', 'MessageEntityTextUrl') || hasWebPage(source)) |
    bit('code', has('MessageEntityCode', 'MessageEntityPre')) |
    bit('forwarded', Boolean(source['fwdFrom'])) |
    bit('pinned', action?.className === 'MessageActionPinMessage') |
    bit('media', media !== null && action === undefined) |
    bit('post', source['post'] === true)
  )
}

function namesSelf(entity: TlObject, content: string, self: Self): boolean {
  if (entity.className === 'MessageEntityMentionName') return number(entity['userId']) === self.id
  if (entity.className !== 'MessageEntityMention' || !self.username) return false
  const offset = number(entity['offset'])
  return content.slice(offset, offset + number(entity['length'])).toLowerCase() === `@${self.username.toLowerCase()}`
}

function hasWebPage(source: TlObject): boolean {
  return (source['media'] as TlObject | undefined)?.className === 'MessageMediaWebPage'
}

const NOT_MEDIA = new Set(['MessageMediaEmpty', 'MessageMediaWebPage', 'MessageMediaUnsupported'])

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

/** A poll's text is its question and answers, so that it is found and scored like any other. */
function textOf(source: TlObject): string {
  const own = tlText(source['message'])
  const poll = (source['media'] as TlObject | undefined)?.['poll'] as TlObject | undefined
  if (!poll) return own
  const lines = [poll, ...tlList(poll['answers'])].map((part) => tlText(part['question'] ?? part['text']))
  return [own, ...lines].filter(Boolean).join('\n')
}

/** core.telegram.org/api/updates: a message without its envelope; the peer of an outgoing private one is the receiver. */
export function readShortMessage(envelope: TlObject, self: Self): Message {
  const isPrivate = envelope.className === 'UpdateShortMessage'
  const other = number(envelope[isPrivate ? 'userId' : 'fromId'])
  return messageOf(envelope, self, {
    chatId: isPrivate ? other : -number(envelope['chatId']),
    senderId: envelope['out'] === true ? self.id : other,
    text: tlText(envelope['message']),
  })
}

function number(value: unknown): number {
  return tlNumber(value) ?? 0
}
