/**
 * Puts tolerance under GramJS, which drops a push and fails an answer for one constructor that it does not know, and in a container
 * lets one message that fails swallow those after it. A push or an answer that cannot be read strictly is read tolerantly; a push of
 * which nothing can be read arrives as an UnreadablePush.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import {
  BinaryReader,
  decryptIge,
  errors,
  GZIPPacked,
  MessageContainer,
  MTProtoSender,
  MTProtoState,
  TLMessage,
} from '../gramjs'
import { TelegramError } from '../telegram-error'
import { readAround } from './tolerant-reader'
import { UnreadableError, UnreadablePush } from './unreadable'

/** Salt, session, message id, sequence number, length: what stands before a message (core.telegram.org/mtproto/description). */
const HEADER_BYTES = 32
const REMEMBERED_IDS = 500

interface State {
  authKey?: { keyId?: { neq(other: unknown): boolean }; getKey(): Buffer | undefined }
  securityChecks: boolean
  msgIds: string[]
  _calcKey(authKey: Buffer, msgKey: Buffer, isClient: boolean): Promise<{ iv: Buffer; key: Buffer }>
}

interface Received {
  obj: unknown
}

/** The answer to a request is read around what is unknown. Where nothing can be read, the call fails with UNREADABLE. */
export function readTolerantly(request: object): void {
  const asked = request as { readResult(reader: BinaryReader): unknown }
  const readStrictly = asked.readResult.bind(request)
  asked.readResult = (reader) => {
    try {
      return readStrictly(new BinaryReader(reader.getBuffer()))
    } catch {
      return answerIn(reader.getBuffer())
    }
  }
}

/** To be called once, before GramJS makes a connection. */
export function bringTolerance(): void {
  Object.assign(MTProtoState.prototype, { decryptMessageData })
  Object.assign(MessageContainer, { fromReader: readContainer })
  Object.assign(MTProtoSender.prototype, { _handleContainer: handleContainer, _handleGzipPacked: handleGzip })
}

/** @throws TelegramError UNREADABLE */
function answerIn(bytes: Buffer): unknown {
  try {
    return readAround(bytes)
  } catch (cause) {
    const constructorId = cause instanceof UnreadableError ? cause.constructorId : null
    throw new TelegramError('UNREADABLE', 0, constructorId, { cause })
  }
}

/** An object that was pushed, or one of MTProto's own. Some are read in promises. */
function readPush(bytes: Buffer): unknown {
  try {
    const read: unknown = new BinaryReader(bytes).tgReadObject()
    return read instanceof Promise ? read.catch(() => new UnreadablePush()) : read
  } catch {
    return readPushTolerantly(bytes)
  }
}

function readPushTolerantly(bytes: Buffer): unknown {
  try {
    return readAround(bytes)
  } catch {
    return new UnreadablePush()
  }
}

/**
 * What GramJS does, but that the message ends where its header says: without the padding behind it.
 * @throws GramJS's SecurityError and InvalidBufferError, by which it knows a key that the data centre has forgotten
 */
async function decryptMessageData(this: State, body: Buffer): Promise<TLMessage> {
  const key = this.authKey?.getKey()
  if (body.length < 8) throw new errors.InvalidBufferError(body)
  const keyId = new BinaryReader(body.subarray(0, 8)).readLong(false)
  if (!key || !this.authKey?.keyId || keyId.neq(this.authKey.keyId as never))
    throw new errors.SecurityError('Server replied with an invalid auth key')
  const msgKey = body.subarray(8, 24)
  const { iv, key: aesKey } = await this._calcKey(key, msgKey, false)
  const plain = decryptIge(body.subarray(24), aesKey, iv)
  const digest = createHash('sha256').update(key.subarray(96, 128)).update(plain).digest()
  if (!timingSafeEqual(msgKey, digest.subarray(8, 24)))
    throw new errors.SecurityError("Received msg_key doesn't match with expected one")
  return messageIn(this, plain)
}

function messageIn(state: State, plain: Buffer): TLMessage {
  const reader = new BinaryReader(plain)
  reader.setPosition(16)
  const id = reader.readLong()
  remember(state, id.toString())
  const sequence = reader.readInt()
  const length = reader.readInt()
  if (length < 4 || length > plain.length - HEADER_BYTES) throw new errors.SecurityError('A message of no such length')
  return new TLMessage(id, sequence, readPush(plain.subarray(HEADER_BYTES, HEADER_BYTES + length)) as never)
}

function remember({ msgIds, securityChecks }: State, id: string): void {
  if (securityChecks && msgIds.includes(id)) throw new errors.SecurityError('Duplicate msgIds')
  if (msgIds.length > REMEMBERED_IDS) msgIds.shift()
  msgIds.push(id)
}

/** msg_container: each message within it is read by itself, so that it ends where it ends. */
async function readContainer(reader: BinaryReader): Promise<MessageContainer> {
  const count = reader.readInt()
  const messages: TLMessage[] = []
  const bytes = reader.getBuffer()
  for (let each = 0; each < count; each++) {
    const id = reader.readLong()
    const sequence = reader.readInt()
    const length = reader.readInt()
    const start = reader.tellPosition()
    if (length < 4 || start + length > bytes.length) break
    messages.push(new TLMessage(id, sequence, readPush(bytes.subarray(start, start + length)) as never))
    reader.setPosition(start + length)
  }
  return new MessageContainer(messages)
}

/** An RPC error in a container must not keep those who wait behind it from their answers. */
async function handleContainer(
  this: { _processMessage(message: unknown): Promise<void> },
  { obj }: { obj: { messages: unknown[] } },
): Promise<void> {
  const failures: unknown[] = []
  for (const message of obj.messages)
    await this._processMessage(message).catch((error: unknown) => void failures.push(error))
  if (failures.length > 0) throw failures[0]
}

async function handleGzip(
  this: { _processMessage(message: unknown): Promise<void> },
  message: Received & { obj: GZIPPacked },
): Promise<void> {
  message.obj = readPush(message.obj.data) as never
  await this._processMessage(message)
}
