/**
 * The one door to GramJS: `telegram` is loaded first here, since deep imports before it fail on circular imports.
 * The build and the tests put our schema (generated/api-schema) in the place of its own, which ends with layer 198.
 */
import { Api, Logger } from 'telegram'
import { BinaryReader } from 'telegram/extensions'
import { LogLevel } from 'telegram/extensions/Logger'
// Only the object of exports itself can be given another function.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import gramHelpers = require('telegram/Helpers')
// The same for the layer that it announces.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import gramObjects = require('telegram/tl/AllTLObjects')
import { IGE } from 'telegram/crypto/IGE'
import bigInt from 'big-integer'
import { LAYER } from '../../generated/layer'
export { Api, TelegramClient, errors, helpers, password, sessions, utils } from 'telegram'
export { BinaryReader } from 'telegram/extensions'
export { GZIPPacked, MessageContainer, TLMessage } from 'telegram/tl/core'
export { MTProtoSender } from 'telegram/network/MTProtoSender'
export { MTProtoState } from 'telegram/network/MTProtoState'
export { _serverKeys as serverKeys } from 'telegram/crypto/RSA'
export { AuthKey } from 'telegram/crypto/AuthKey'
export { ConnectionTCPFull, ConnectionTCPObfuscated, UpdateConnectionState } from 'telegram/network'
export { PromisedNetSockets } from 'telegram/extensions'
export { FullPacketCodec } from 'telegram/network/connection/TCPFull'
export { InvalidBufferError } from 'telegram/errors'

/** GramJS writes to stdout and calls console.error wherever its logger says that it could: this one never does. */
export class QuietLogger extends Logger {
  constructor() {
    super(LogLevel.NONE)
  }

  override canSend(): boolean {
    return false
  }

  override log(): void {}
}

// The name is of a constructor that its own schema does not have.
if (!('RichMessage' in Api)) throw new Error('GramJS was loaded without our schema: `npm run build` puts it there.')
Object.assign(gramObjects, { LAYER })

/** For who reads TL by himself. */
export const Tl = {
  TRUE: 0x997275b5,
  FALSE: 0xbc799737,
  /** GramJS's class of a constructor that its schema has. */
  classOf: (id: number) => gramObjects.tlobjects[id] as unknown as new (fields: Record<string, unknown>) => object,
}

export function decryptIge(data: Buffer, key: Buffer, iv: Buffer): Buffer {
  return new IGE(key, iv).decryptIge(data)
}

const VECTOR = 0x1cb5c415

/** msgs_ack (core.telegram.org/mtproto/service_messages_about_messages): GramJS takes 5 us to write one of its ids. */
export class Acknowledgement extends Api.MsgsAck {
  override getBytes(): Buffer {
    const bytes = Buffer.alloc(12 + 8 * this.msgIds.length)
    bytes.writeUInt32LE(Api.MsgsAck.CONSTRUCTOR_ID)
    bytes.writeUInt32LE(VECTOR, 4)
    bytes.writeUInt32LE(this.msgIds.length, 8)
    this.msgIds.forEach((id, index) => bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(id.toString())), 12 + 8 * index))
    return bytes
  }
}

// GramJS reads a 64-bit integer by way of a hexadecimal string, a third of all its time; this reads it as it stands.
BinaryReader.prototype.readLong = function readLong(signed = true) {
  return readLong64(this.read(8), signed)
}

const readAnyLength = gramHelpers.readBigIntFromBuffer
// The id of the key before every message is read past the reader.
Object.assign(gramHelpers, {
  readBigIntFromBuffer: (buffer: Buffer, little = true, signed = false) =>
    little && buffer.length === 8 ? readLong64(buffer, signed) : readAnyLength(buffer, little, signed),
})

function readLong64(bytes: Buffer, signed: boolean) {
  return bigInt(signed ? bytes.readBigInt64LE() : bytes.readBigUInt64LE())
}
