import { markedPeer } from '../peers'
import { tlNumber, type TlObject } from '../tl'

/** What is known of a message that could not be read: the fields that stand before the one that nobody knows. */
export interface UnreadableHeader {
  chatId: number | null
  messageId: number | null
  senderId: number | null
  /** Unix seconds. */
  date: number | null
}

/** Stands where an object stood that this program's schema does not describe; the objects around it were read. */
export class UnreadablePart {
  readonly className = 'Unreadable'

  constructor(
    /** Of the constructor that is unknown; null: the object was malformed in another way. */
    readonly constructorId: number | null,
    /** Of the message that it is or is within. */
    readonly header: UnreadableHeader | null,
    /** Of the channel that an update names. */
    readonly channelId: number | null,
  ) {}
}

/** Stands for a push of which nothing could be read: what it told has to be asked for. */
export class UnreadablePush {
  readonly className = 'UnreadablePush'
  readonly CONSTRUCTOR_ID = -1
  /** CRC32 of "Updates": GramJS hands on nothing else. */
  readonly SUBCLASS_OF_ID = 0x8af52aac
}

/** Reading an object failed at `offset`; who reads what is around it adds what it knows. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError'
  /** From the inside out: the fields that were read of each object. */
  readonly partial: { type: string; fields: Readonly<Record<string, unknown>> }[] = []

  constructor(
    message: string,
    readonly constructorId: number | null,
  ) {
    super(message)
  }
}

/** What is known of what could not be read. `around`: the objects in which it stands, from the inside out. */
export function describe(error: UnreadableError, around: UnreadableError['partial']): UnreadablePart {
  const all = [...error.partial, ...around]
  const message = all.find(({ type }) => type === 'Message')
  const update = all.find(({ type }) => type === 'Update')
  return new UnreadablePart(
    error.constructorId,
    message ? headerOf(message.fields) : null,
    tlNumber(update?.fields['channelId']),
  )
}

export function isUnreadable(value: unknown): value is UnreadablePart & TlObject {
  return value instanceof UnreadablePart
}

/** A message of which parts were left out while it was read. */
export function unreadablePartsOf(message: TlObject): UnreadablePart[] {
  return (message['unreadable'] as UnreadablePart[] | undefined) ?? []
}

function headerOf(fields: Readonly<Record<string, unknown>>): UnreadableHeader {
  const chatId = markedPeer(fields['peerId'])
  const silentSender = chatId !== null && chatId > 0 && fields['out'] !== true ? chatId : null
  return {
    chatId,
    messageId: tlNumber(fields['id']),
    senderId: markedPeer(fields['fromId']) ?? silentSender,
    date: tlNumber(fields['date']),
  }
}
