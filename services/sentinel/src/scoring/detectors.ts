import { MessageFlag, type Detector } from '../model'
import type { StoredMessage } from '../store/messages'
import { oneTimeCode } from './one-time-code'
import { asks } from './question'

/** What tells a file from a sticker and the like; where it was not read, every document counts as a file. */
export interface FileFacts {
  mimeType?: string | null
  fileName?: string | null
}

/** Profiles ask one after the other of the same text. */
const asksOnce = rememberingLast(asks)
const codeOnce = rememberingLast(oneTimeCode)

/** Whether a detector fires, from facts of the message alone. */
export const DETECTORS: Record<Detector, (message: StoredMessage & FileFacts) => boolean> = {
  mention: (message) => (message.flags & MessageFlag.namesMe) !== 0,
  reply_to_me: (message) => (message.flags & MessageFlag.replyToMe) !== 0,
  question: (message) => asksOnce(message.text),
  link: (message) => (message.flags & MessageFlag.link) !== 0,
  code: (message) => (message.flags & MessageFlag.code) !== 0,
  one_time_code: (message) => codeOnce(message.text) !== null,
  media: (message) => (message.flags & MessageFlag.media) !== 0,
  document: isFile,
  poll: (message) => message.media === 'poll',
  private: (message) => message.chatKind === 'private' && (message.flags & MessageFlag.outgoing) === 0,
  forwarded: (message) => (message.flags & MessageFlag.forwarded) !== 0,
  pinned: (message) => (message.flags & MessageFlag.pinned) !== 0,
  admin: isByAdmin,
}

/**
 * Who writes as the group itself is an anonymous admin; Telegram leaves the sender out then (core.telegram.org/constructor/message, from_id),
 * or names the group. Other channels that speak in a group are not taken for admins: they are the
 * discussed channel, whose every post would be one, or members who write in a channel's name.
 */
function isByAdmin({ chatKind, chatId, senderId, isByAdmin: isKnown }: StoredMessage): boolean {
  if (chatKind !== 'group' && chatKind !== 'supergroup') return false
  return senderId === null || senderId === chatId || isKnown === true
}

/**
 * Telegram calls whatever is no photo a document: stickers, animations, voice and video messages too. A film or a song that was
 * sent as a file has a name, as an animation and some stickers have; a voice or round video message has none.
 */
function isFile({ media, facts, mimeType, fileName }: StoredMessage & FileFacts): boolean {
  if (media !== 'document') return false
  const type = mimeType ?? facts?.file?.mimeType ?? ''
  if (NEVER_FILES.has(type)) return false
  if (!type.startsWith('video/') && type !== 'audio/ogg') return true
  const name = fileName ?? facts?.file?.name ?? ''
  return name !== '' && !CLIP_NAME.test(name)
}

const NEVER_FILES = new Set(['application/x-tgsticker', 'image/webp', 'image/gif'])
/** Telegram makes .mp4 of animations and .webm of stickers, and names them so. */
const CLIP_NAME = /^(?:sticker\.webm|[\w.-]*\.gif\.mp4|animation\w*\.mp4|giphy[\w.-]*\.mp4)$/i

function rememberingLast<T>(read: (text: string) => T): (text: string) => T {
  let last: { text: string; answer: T } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, answer: read(text) }
    return last.answer
  }
}
