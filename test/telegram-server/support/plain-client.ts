import { createPublicKey, constants, publicEncrypt, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { igeDecrypt, igeEncrypt } from '../mtproto/crypto'
import { intermediate } from '../mtproto/framing'
import { power, toBytes, toNumber } from '../mtproto/modular'
import { sha } from '../mtproto/sealed-nonce'
import type { TlObject } from '../tl/codec'
import { handshakeCodec } from '../tl/layers'

/** One plain message and its answer; a transport error comes back as its number. */
export type Ask = (query: TlObject) => Promise<TlObject | number>

export async function plainClient(port: number): Promise<{ ask: Ask; close: () => void }> {
  const socket = connect(port, '127.0.0.1')
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const framing = intermediate()
  socket.write(Buffer.from('eeeeeeee', 'hex'))
  let buffered: Buffer = Buffer.alloc(0)
  let answer: (packet: Buffer) => void = () => undefined
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk])
    for (let taken = framing.take(buffered); taken; taken = framing.take(buffered)) {
      buffered = taken.rest
      answer(taken.packet)
    }
  })
  const ask: Ask = (query) =>
    new Promise((resolve) => {
      answer = (packet) =>
        resolve(packet.length < 20 ? packet.readInt32LE(0) : handshakeCodec.decode(packet.subarray(20)))
      socket.write(framing.frame(plainMessage(handshakeCodec.encode(query))))
    })
  return { ask, close: () => socket.destroy() }
}

/** Makes a key in the way of Telethon: SHA-1, data and random bytes under RSA. */
export async function makeKeyTheOldWay(ask: Ask, publicKeyPem: string, dc: number): Promise<Buffer> {
  const nonces = await ask({ _: 'req_pq', nonce: randomBytes(16) }).then(expectKind('resPQ'))
  const newNonce = randomBytes(32)
  const shared = { nonce: bytes(nonces, 'nonce'), server_nonce: bytes(nonces, 'server_nonce') }
  const [p, q] = factorsOf(toNumber(bytes(nonces, 'pq'))).map((factor) => toBytes(factor, 4)) as [Buffer, Buffer]
  const inner = { _: 'p_q_inner_data_dc', pq: nonces['pq'], p, q, ...shared, new_nonce: newNonce, dc }
  const params = await ask({
    _: 'req_DH_params',
    ...shared,
    p,
    q,
    public_key_fingerprint: (nonces['server_public_key_fingerprints'] as bigint[])[0],
    encrypted_data: sealed(handshakeCodec.encode(inner), publicKeyPem),
  }).then(expectKind('server_DH_params_ok'))
  const { key, iv } = cipherOf(shared.server_nonce, newNonce)
  const offer = handshakeCodec.decode(igeDecrypt(bytes(params, 'encrypted_answer'), key, iv).subarray(20))
  const secret = toNumber(randomBytes(256))
  const gB = toBytes(power(BigInt(offer['g'] as number), secret))
  const reply = handshakeCodec.encode({ _: 'client_DH_inner_data', ...shared, retry_id: 0n, g_b: gB })
  const hashed = Buffer.concat([sha('sha1', reply), reply])
  const padded = Buffer.concat([hashed, randomBytes((16 - (hashed.length % 16)) % 16)])
  const set = { _: 'set_client_DH_params', ...shared, encrypted_data: igeEncrypt(padded, key, iv) }
  await ask(set).then(expectKind('dh_gen_ok'))
  return toBytes(power(toNumber(bytes(offer, 'g_a')), secret))
}

function sealed(data: Buffer, publicKeyPem: string): Buffer {
  const block = Buffer.concat([Buffer.alloc(1), sha('sha1', data), data, randomBytes(235 - data.length)])
  return publicEncrypt({ key: createPublicKey(publicKeyPem), padding: constants.RSA_NO_PADDING }, block)
}

function cipherOf(serverNonce: Buffer, newNonce: Buffer): { key: Buffer; iv: Buffer } {
  const first = sha('sha1', newNonce, serverNonce)
  const second = sha('sha1', serverNonce, newNonce)
  const third = sha('sha1', newNonce, newNonce)
  return {
    key: Buffer.concat([first, second.subarray(0, 12)]),
    iv: Buffer.concat([second.subarray(12, 20), third, newNonce.subarray(0, 4)]),
  }
}

/** Pollard's rho. */
function factorsOf(product: bigint): [bigint, bigint] {
  for (let addend = 1n; ; addend++) {
    const next = (x: bigint) => (x * x + addend) % product
    let [slow, fast, divisor] = [2n, 2n, 1n]
    while (divisor === 1n) {
      slow = next(slow)
      fast = next(next(fast))
      divisor = greatestCommonDivisor(slow > fast ? slow - fast : fast - slow, product)
    }
    if (divisor === product) continue
    const other = product / divisor
    return divisor < other ? [divisor, other] : [other, divisor]
  }
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b)
}

function plainMessage(body: Buffer): Buffer {
  const header = Buffer.alloc(20)
  header.writeBigInt64LE(BigInt(Math.floor(Date.now() / 1000)) << 32n, 8)
  header.writeUInt32LE(body.length, 16)
  return Buffer.concat([header, body])
}

function expectKind(kind: string) {
  return (answer: TlObject | number): TlObject => {
    if (typeof answer === 'number' || answer._ !== kind) throw new Error(`${JSON.stringify(answer)} instead of ${kind}`)
    return answer
  }
}

function bytes(object: TlObject, field: string): Buffer {
  return object[field] as Buffer
}
