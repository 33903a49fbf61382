import type { Self } from '../message'
import { isTl, tlList, tlNumber, type TlObject } from '../tl'
import { readShortUpdate, readUpdate, type Update } from './update'

/** A pushed envelope, or the result of a call of ours that is one, as plain data. */
export interface Envelope {
  /** In the order in which they are to be applied. */
  updates: Update[]
  users: TlObject[]
  chats: TlObject[]
  /** Unix seconds; 0: not said. */
  date: number
  /** 0: outside the sequence of envelopes. */
  seqStart: number
  seq: number
  /** Something happened that it does not say: the difference does. */
  isIncomplete: boolean
  /** Nothing of it could be read: it may be of any box. */
  isUnreadable: boolean
  /** A message without the people that it names. */
  isShort: boolean
}

const NOTHING = {
  updates: [],
  users: [],
  chats: [],
  date: 0,
  seqStart: 0,
  seq: 0,
  isIncomplete: false,
  isUnreadable: false,
  isShort: false,
}

/** Null where it is no envelope: the tap also sees the results of calls. Pure. */
export function readEnvelope(envelope: unknown, self: Self): Envelope | null {
  if (!isTl(envelope)) return null
  const date = number(envelope['date'])
  switch (envelope.className) {
    case 'Updates':
    case 'UpdatesCombined':
      return readUpdates(envelope, self)
    case 'UpdateShort':
      return isTl(envelope['update'])
        ? { ...NOTHING, updates: [readUpdate(envelope['update'], self)], date }
        : { ...NOTHING, date }
    case 'UpdateShortMessage':
    case 'UpdateShortChatMessage':
      return { ...NOTHING, updates: [readShortUpdate(envelope, self)], date, isShort: true }
    case 'UpdateShortSentMessage':
      // The result of a sending of ours says how far it moved the count, and not what was sent where.
      return { ...NOTHING, isIncomplete: true }
    case 'UpdatesTooLong':
      return { ...NOTHING, isIncomplete: true }
    case 'UnreadablePush':
      return { ...NOTHING, isUnreadable: true }
    default:
      return null
  }
}

function readUpdates(envelope: TlObject, self: Self): Envelope {
  const seq = number(envelope['seq'])
  const updates = tlList(envelope['updates']).map((update) => readUpdate(update, self))
  if (updates.length > 1) updates.sort((a, b) => startOf(a) - startOf(b))
  return {
    updates,
    users: tlList(envelope['users']),
    chats: tlList(envelope['chats']),
    date: number(envelope['date']),
    seqStart: number(envelope['seqStart'] ?? seq),
    seq,
    isIncomplete: false,
    isUnreadable: false,
    isShort: false,
  }
}

function startOf({ pts, count }: Update): number {
  return (pts ?? 0) - count
}

function number(value: unknown): number {
  return tlNumber(value) ?? 0
}
