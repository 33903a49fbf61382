import { createHmac, timingSafeEqual } from 'node:crypto'
import { clientHello } from './client-hello'
import { DialError, strange, wrongSecret } from './dial-error'
import type { GreetingStream } from './greeting-stream'
import type { Coding } from './line'
import { obfuscate } from './obfuscation'
import type { MtProxy } from './proxy'
import {
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  HANDSHAKE,
  intoRecords,
  lengthOf,
  RECORD_HEADER_BYTES,
  RecordReader,
} from './tls-records'

const RANDOM_AT = 11
const RANDOM_BYTES = 32

/**
 * Greets an MTProxy. With a plain or a padded secret there is nothing to hear yet: whether it is right shows when Telegram answers.
 * @param dcId negative for media, 10,000 more for a test server
 * @returns how what is said from here on is coded
 * @throws DialError, or what ended the connection
 */
export async function greetMtProxy(
  stream: GreetingStream,
  proxy: MtProxy,
  dcId: number,
  nowMs: number,
): Promise<Coding> {
  const { type, key } = proxy.secret
  const framing = type === 'plain' ? 'intermediate' : 'padded'
  const { header, encrypt, decrypt } = obfuscate(key, framing, dcId)
  if (type !== 'tls') {
    stream.write(header)
    return { framing, seal: (data) => encrypt.update(data), open: (chunk) => [decrypt.update(chunk)] }
  }
  await shakeHands(stream, proxy, nowMs)
  stream.write(Buffer.concat([CHANGE_CIPHER_SPEC, intoRecords(header)]))
  const records = new RecordReader()
  return {
    framing,
    seal: (data) => intoRecords(encrypt.update(data)),
    open: (chunk) => records.take(chunk).map((piece) => decrypt.update(piece)),
  }
}

/** Without the secret, a proxy of this kind shows the web site that it hides behind. */
async function shakeHands(stream: GreetingStream, proxy: MtProxy, nowMs: number): Promise<void> {
  const { key, domain } = proxy.secret
  const { hello, random } = clientHello(domain, key, nowMs)
  stream.write(hello)
  const answer = await serverHello(stream).catch((error: unknown) => {
    if (error instanceof DialError) throw error
    throw error instanceof NoHello
      ? whatAnswers(error.first, proxy)
      : wrongSecret(proxy, 'ends the connection', ', or it is none')
  })
  const given = Buffer.from(answer.subarray(RANDOM_AT, RANDOM_AT + RANDOM_BYTES))
  answer.fill(0, RANDOM_AT, RANDOM_AT + RANDOM_BYTES)
  const wanted = createHmac('sha256', key).update(random).update(answer).digest()
  if (!timingSafeEqual(given, wanted))
    throw wrongSecret(proxy, 'answers as a web site does', ', or the clock of this machine is')
}

/** Three records: hello, change of cipher, and some bytes that stand for a certificate. */
async function serverHello(stream: GreetingStream): Promise<Buffer> {
  const parts: Buffer[] = []
  for (const type of [HANDSHAKE, CHANGE_CIPHER_SPEC[0] as number, APPLICATION_DATA]) {
    const header = await stream.read(RECORD_HEADER_BYTES)
    parts.push(header, await stream.read(lengthIn(header, type)))
  }
  const answer = Buffer.concat(parts)
  if (answer.length < RANDOM_AT + RANDOM_BYTES) throw new NoHello(HANDSHAKE)
  return answer
}

function lengthIn(header: Buffer, type: number): number {
  try {
    return lengthOf(header, type)
  } catch {
    throw new NoHello(header[0] ?? 0)
  }
}

class NoHello extends Error {
  constructor(readonly first: number) {
    super('this is no hello')
  }
}

/** Alerts and handshakes of TLS are 21 and 22. */
function whatAnswers(first: number, proxy: MtProxy): DialError {
  const isTls = first >= 20 && first <= 23
  return isTls
    ? wrongSecret(proxy, 'answers as a web site does', ', or the clock of this machine is')
    : strange(proxy, 'it does not speak TLS')
}
