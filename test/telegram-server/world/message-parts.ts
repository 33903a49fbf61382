import type { TlObject } from '../tl/codec'
import type { MediaOptions, MessageOptions, TextEntity } from './model'
import { peerOf } from './peers'

const ENTITY_NAMES: Record<TextEntity['type'], string> = {
  mention: 'messageEntityMention',
  mentionName: 'messageEntityMentionName',
  textUrl: 'messageEntityTextUrl',
  url: 'messageEntityUrl',
  pre: 'messageEntityPre',
  code: 'messageEntityCode',
  bold: 'messageEntityBold',
  italic: 'messageEntityItalic',
  hashtag: 'messageEntityHashtag',
}

export function entityParts({ type, offset, length, url, language, userId }: TextEntity): TlObject {
  const entity: TlObject = { _: ENTITY_NAMES[type], offset, length }
  if (type === 'textUrl') entity['url'] = url ?? ''
  if (type === 'pre') entity['language'] = language ?? ''
  if (type === 'mentionName') entity['user_id'] = userId ?? 0
  return entity
}

export function replyPart({ replyTo, pins, topic }: MessageOptions): TlObject | undefined {
  const target = pins ?? replyTo
  if (target === undefined && topic === undefined) return undefined
  const header: TlObject = { _: 'messageReplyHeader', reply_to_msg_id: target ?? topic }
  if (topic === undefined) return header
  header['forum_topic'] = true
  if (target !== undefined && target !== topic) header['reply_to_top_id'] = topic
  return header
}

export function forwardPart(forward: NonNullable<MessageOptions['forward']>, date: number): TlObject {
  return {
    _: 'messageFwdHeader',
    from_id: forward.from === undefined ? undefined : peerOf(forward.from),
    from_name: forward.name,
    date: forward.date ?? date,
    channel_post: forward.channelPost,
  }
}

/** The media exists only as a description: its bytes are not served. */
export function mediaPart(media: MediaOptions, id: number, date: number): TlObject {
  if (media.kind === 'photo') return { _: 'messageMediaPhoto', photo: photo(id, date) }
  if (media.kind === 'document') return { _: 'messageMediaDocument', document: document(media, id, date) }
  return { _: 'messageMediaPoll', poll: poll(media, id), results: { _: 'pollResults', total_voters: 0 } }
}

function photo(id: number, date: number): TlObject {
  const sizes = [{ _: 'photoSize', type: 'x', w: 800, h: 600, size: 96_000 }]
  return { _: 'photo', id, access_hash: id, file_reference: Buffer.alloc(0), date, sizes, dc_id: 2 }
}

function document(media: Extract<MediaOptions, { kind: 'document' }>, id: number, date: number): TlObject {
  return {
    _: 'document',
    id,
    access_hash: id,
    file_reference: Buffer.alloc(0),
    date,
    mime_type: media.mimeType,
    size: media.size,
    dc_id: 2,
    attributes: [{ _: 'documentAttributeFilename', file_name: media.fileName }],
  }
}

function poll(media: Extract<MediaOptions, { kind: 'poll' }>, id: number): TlObject {
  const plain = (text: string): TlObject => ({ _: 'textWithEntities', text, entities: [] })
  const answers = media.answers.map((text, index) => ({
    _: 'pollAnswer',
    text: plain(text),
    option: Buffer.from([index]),
  }))
  return { _: 'poll', id, question: plain(media.question), answers, hash: 0 }
}
