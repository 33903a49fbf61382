import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { frame, LENGTH_BYTES, unpadded } from './framing'
import type { Line } from './line'

/** core.telegram.org/mtproto/auth_key: the first thing that may be said to a data centre, by anybody. */
const REQ_PQ_MULTI = 0xbe7e8ef1
const RES_PQ = 0x05162463
const HEAD_BYTES = 20
const NONCE_BYTES = 16
/** Length, number and checksum of the full transport. */
const FULL_BYTES = 12
const MAX_ANSWER_BYTES = 4096

/**
 * Asks a data centre for what a handshake begins with: nobody else can answer that.
 * @throws what the line ended by, or an Error where something else answers
 */
export async function probe(line: Line, nowMs: number): Promise<void> {
  const nonce = randomBytes(NONCE_BYTES)
  const answer = packetFrom(line)
  line.write(laid(question(nonce, nowMs), line))
  const packet = await answer
  const isRight = packet.length >= HEAD_BYTES + 4 + NONCE_BYTES && packet.readUInt32LE(HEAD_BYTES) === RES_PQ
  const given = packet.subarray(HEAD_BYTES + 4, HEAD_BYTES + 4 + NONCE_BYTES)
  if (!isRight || !given.equals(nonce)) throw new Error('what answers is no data centre')
}

function question(nonce: Buffer, nowMs: number): Buffer {
  const message = Buffer.alloc(HEAD_BYTES + 4)
  // Ids are seconds times 2^32, and those of clients are divisible by four.
  message.writeBigUInt64LE((BigInt(Math.floor(nowMs / 1000)) << 32n) | 4n, 8)
  message.writeUInt32LE(4 + NONCE_BYTES, 16)
  message.writeUInt32LE(REQ_PQ_MULTI, HEAD_BYTES)
  return Buffer.concat([message, nonce])
}

function laid(packet: Buffer, { framing }: Line): Buffer {
  if (framing !== 'full') return frame(packet, framing === 'padded')
  const head = Buffer.alloc(8)
  head.writeUInt32LE(packet.length + FULL_BYTES)
  const whole = Buffer.concat([head, packet])
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(crc32(whole))
  return Buffer.concat([whole, sum])
}

function packetFrom(line: Line): Promise<Buffer> {
  const { socket, framing } = line
  return new Promise((resolve, reject) => {
    let heard = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      try {
        heard = Buffer.concat([heard, ...line.open(chunk)])
        if (heard.length > MAX_ANSWER_BYTES) throw new Error('what answers is no data centre')
        const packet = wholeIn(heard, framing)
        if (packet) resolve(packet)
      } catch (error) {
        reject(error as Error)
      }
    })
    socket.once('error', reject)
    socket.once('close', () => reject(line.problem ?? new Error('the connection was closed')))
    socket.resume()
  })
}

function wholeIn(heard: Buffer, framing: Line['framing']): Buffer | undefined {
  if (heard.length < LENGTH_BYTES) return undefined
  const length = heard.readUInt32LE(0)
  if (framing === 'full') return heard.length < length ? undefined : heard.subarray(8, length - 4)
  const end = LENGTH_BYTES + length
  return heard.length < end ? undefined : unpadded(heard.subarray(LENGTH_BYTES, end))
}
