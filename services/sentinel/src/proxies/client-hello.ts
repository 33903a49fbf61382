import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'

const RANDOM_AT = 11
const RANDOM_BYTES = 32
/** Of a hello that is shorter, browsers fill up the rest (RFC 7685). */
const FILLED_BYTES = 517
const CIPHERS = '130113021303c02bc02fc02cc030cca9cca8c013c014009c009d002f0035'
const SIGNATURES = '001004030804040105030805050108060601'
const PROTOCOLS = '000c02683208687474702f312e31'

/**
 * The first message of TLS 1.3 as a browser sends it to `domain`, whose random says to an MTProxy that we know the secret: the HMAC
 * of the message with zeros in its place, and the time (tdlib `td/mtproto/TlsInit.cpp`).
 */
export function clientHello(domain: string, secret: Buffer, nowMs: number): { hello: Buffer; random: Buffer } {
  const hello = unsigned(domain)
  const random = createHmac('sha256', secret).update(hello).digest()
  random.writeInt32LE(random.readInt32LE(28) ^ Math.floor(nowMs / 1000), 28)
  random.copy(hello, RANDOM_AT)
  return { hello, random }
}

function unsigned(domain: string): Buffer {
  const [first, second, third] = grease()
  const body = Buffer.concat([
    Buffer.from('0303', 'hex'),
    Buffer.alloc(RANDOM_BYTES),
    sized8(randomBytes(32)),
    sized16(Buffer.concat([first, Buffer.from(CIPHERS, 'hex')])),
    Buffer.from('0100', 'hex'),
  ])
  const extensions = Buffer.concat([
    extension(first, Buffer.alloc(0)),
    named(0x0000, sized16(Buffer.concat([Buffer.from([0]), sized16(Buffer.from(domain))]))),
    named(0x0017, ''),
    named(0xff01, '00'),
    named(0x000a, sized16(Buffer.concat([second, Buffer.from('001d00170018', 'hex')]))),
    named(0x000b, '0100'),
    named(0x0023, ''),
    named(0x0010, PROTOCOLS),
    named(0x0005, '0100000000'),
    named(0x000d, SIGNATURES),
    named(0x0012, ''),
    named(0x0033, sized16(Buffer.concat([second, Buffer.from('000100', 'hex'), keyShare()]))),
    named(0x002d, '0101'),
    named(0x002b, sized8(Buffer.concat([third, Buffer.from('03040303', 'hex')]))),
    named(0x001b, '020002'),
    extension(third, Buffer.from([0])),
  ])
  return recordOf(body, filled(extensions, body.length))
}

function recordOf(body: Buffer, extensions: Buffer): Buffer {
  const message = Buffer.concat([body, sized16(extensions)])
  const handshake = Buffer.concat([Buffer.from([1, 0]), sized16(message)])
  return Buffer.concat([Buffer.from('160301', 'hex'), sized16(handshake)])
}

function filled(extensions: Buffer, bodyBytes: number): Buffer {
  // Record, handshake and lists take 11 bytes, the extension itself 4.
  const missing = FILLED_BYTES - (11 + bodyBytes + extensions.length + 4)
  return missing < 0 ? extensions : Buffer.concat([extensions, named(0x0015, Buffer.alloc(missing))])
}

/** Values that mean nothing, by which browsers keep servers tolerant (RFC 8701); no two neighbours are alike. */
function grease(): [Buffer, Buffer, Buffer] {
  const start = randomBytes(1)[0] ?? 0
  const value = (step: number) => Buffer.alloc(2, (((start + step) & 15) << 4) | 10)
  return [value(0), value(1), value(2)]
}

/** A real one: a random number is told from it. */
function keyShare(): Buffer {
  const { publicKey } = generateKeyPairSync('x25519')
  const key = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  return Buffer.concat([Buffer.from('001d', 'hex'), sized16(key)])
}

function named(type: number, content: Buffer | string): Buffer {
  const id = Buffer.from([type >> 8, type & 255])
  return extension(id, typeof content === 'string' ? Buffer.from(content, 'hex') : content)
}

function extension(type: Buffer, content: Buffer): Buffer {
  return Buffer.concat([type, sized16(content)])
}

function sized8(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([content.length]), content])
}

function sized16(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([content.length >> 8, content.length & 255]), content])
}
