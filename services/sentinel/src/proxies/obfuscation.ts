import { createCipheriv, createDecipheriv, createHash, randomBytes, type Cipher } from 'node:crypto'

const HEADER_BYTES = 64
/** Beginnings by which a server knows another transport, or another protocol (core.telegram.org/mtproto/mtproto-transports). */
const TAKEN_WORDS = [0x44414548, 0x54534f50, 0x20544547, 0x4954504f, 0x02010316, 0xdddddddd, 0xeeeeeeee]
const ABRIDGED = 0xef
const TAGS = { intermediate: 0xeeeeeeee, padded: 0xdddddddd }

export interface Obfuscation {
  /** What is sent first. */
  header: Buffer
  /** Each keeps its state: bytes go through in order, once. */
  encrypt: Cipher
  decrypt: Cipher
}

/**
 * Obfuscated2 as an MTProxy wants it (core.telegram.org/mtproto/mtproto-transports#transport-obfuscation): keys are hashed with
 * the secret, and the header says where the connection is to go.
 * @param dcId negative for media, 10,000 more for a test server
 */
export function obfuscate(
  secret: Buffer,
  framing: keyof typeof TAGS,
  dcId: number,
  random: (bytes: number) => Buffer = randomBytes,
): Obfuscation {
  const header = unmistakable(random)
  header.writeUInt32LE(TAGS[framing], 56)
  header.writeInt16LE(dcId, 60)
  const reversed = Buffer.from(header.subarray(8, 56)).reverse()
  const encrypt = createCipheriv('aes-256-ctr', keyOf(header.subarray(8, 40), secret), header.subarray(40, 56))
  const decrypt = createDecipheriv('aes-256-ctr', keyOf(reversed.subarray(0, 32), secret), reversed.subarray(32, 48))
  encrypt.update(header).copy(header, 56, 56)
  return { header, encrypt, decrypt }
}

function keyOf(part: Buffer, secret: Buffer): Buffer {
  return createHash('sha256').update(part).update(secret).digest()
}

function unmistakable(random: (bytes: number) => Buffer): Buffer {
  for (;;) {
    const header = random(HEADER_BYTES)
    const isTaken = header[0] === ABRIDGED || TAKEN_WORDS.includes(header.readUInt32LE(0))
    if (!isTaken && header.readUInt32LE(4) !== 0) return header
  }
}
