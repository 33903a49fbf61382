import { foreignStrings, foreignText } from '../test/foreign-fixtures'
import { authKeyId } from './auth-key'
import { InvalidSessionFile } from './invalid-session-file'
import { parseSessionString, type SessionString } from './session-string'
import { detectSessionText } from './session-text'

const nobody = { dataCentres: [] }
const usable = foreignStrings.filter(({ expect: { refused } }) => refused === undefined)
const bots = foreignStrings.filter(({ expect: { refused } }) => refused === 'bot')
const names = usable.map(({ file }) => file.replace('.txt', ''))

describe.each(usable)('$file', ({ file, format, expect: wanted }) => {
  const text = foreignText(file.replace('.txt', ''))

  test('is read with the values of the manifest', () => {
    expect(detectSessionText(text)).toBe(format)
    const { authKey, ...values } = parseSessionString(text, nobody)
    expect(authKeyId(authKey).hex).toBe(wanted.auth_key_id_hex)
    expect(values).toEqual({
      format,
      schemaVersion: 7,
      dcId: wanted.dc_id,
      address: wanted.address,
      port: wanted.port,
      isTestDc: wanted.test_dc,
      userId: wanted.user_id === null ? null : BigInt(wanted.user_id),
    })
  })

  test('is read with line breaks, quotes, the other alphabet, and with or without padding', () => {
    const bare = text.replace(/=+$/, '')
    const data = format === 'telethon' || format === 'gramjs' ? bare.slice(1) : bare
    const padded = bare + '='.repeat((4 - (data.length % 4)) % 4)
    const standard = padded.replaceAll('-', '+').replaceAll('_', '/')
    const urlSafe = padded.replaceAll('+', '-').replaceAll('/', '_')
    const wrapped = text.replace(/.{76}/g, '$&\r\n')
    for (const same of [bare, padded, standard, urlSafe, wrapped, ` "${text}"\n`, `'${text}'`]) {
      expect(parseSessionString(same, nobody)).toEqual(parseSessionString(text, nobody))
    }
  })

  test('is refused at every other length, always as what it was', () => {
    const complete = text.replace(/=+$/, '')
    for (let length = 100; length < complete.length; length++) {
      // Nothing in a string of 362 characters that is cut to 351 differs from one of the older layout: Telegram refuses its key.
      if (format === 'pyrogram' && length === 351) continue
      const { reason } = refusalOf(complete.slice(0, length))
      // An IPv6 string cut to the length of an IPv4 one says no address of Telegram.
      const others = format === 'telethon' && length === 352 ? ['address', 'port'] : []
      expect([length, ['truncated', 'corrupt', ...others].includes(reason), reason]).toEqual([length, true, reason])
    }
    expect(refusalOf(`${complete}AAAA`).reason).toMatch(/^(truncated|corrupt)$/)
    expect(refusalOf(complete.slice(0, -1)).message).toMatch(/incomplete|damaged/)
  })

  test('a refusal shows no part of it', () => {
    for (const broken of [text.slice(0, 200), `${text}AAAA`, text.slice(0, 60) + text.slice(61), `1${text}`]) {
      const { message } = refusalOf(broken)
      for (let at = 0; at + 5 <= text.length; at++) expect(message).not.toContain(text.slice(at, at + 5))
    }
  })
})

test.each(bots)('$file is refused as that of a bot', ({ file }) => {
  expect(refusalOf(foreignText(file.replace('.txt', '')))).toMatchObject({
    reason: 'bot',
    message: expect.stringMatching(/bot.*use the session of a user account/) as string,
  })
})

test('Telethon IPv6 and GramJS strings of one length are told apart', () => {
  const [telethon, gramjs] = [foreignText('telethon-ipv6'), foreignText('gramjs-ip')]
  expect(telethon).toHaveLength(gramjs.length)
  expect([detectSessionText(telethon), detectSessionText(gramjs)]).toEqual(['telethon', 'gramjs'])
})

test.each([
  ['telethon', telethonString({ dcId: 2, ip: [127, 0, 0, 1], port: 9001 }), '127.0.0.1:9001', '127.0.0.1', 9001],
  ['telethon', telethonString({ ip: [...Array<number>(15).fill(0), 1], port: 9001 }), '[::1]:9001', '::1', 9001],
  ['gramjs', gramjsString({ address: 'dc.test', port: 9001 }), 'dc.test:9001', 'dc.test', 9001],
  ['mtcute', mtcuteString({ address: '127.0.0.1', port: 9001 }), '127.0.0.1:9001', '127.0.0.1', 9001],
])('a %s string of a server on the allow list is taken with it alone', (_, text, allowed, address, port) => {
  expect(parseSessionString(text, { dataCentres: [allowed] })).toMatchObject({ address, port, isTestDc: true })
  expect(['address', 'port']).toContain(refusalOf(text).reason)
  expect(refusalOf(text, [`${address}:9002`])).toBeInstanceOf(InvalidSessionFile)
})

test.each([
  ['address', telethonString({ ip: [169, 254, 169, 254] })],
  ['address', telethonString({ ip: [0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1] })],
  ['address', telethonString({ ip: [...Array<number>(10).fill(0), 255, 255, 149, 154, 167, 51] })],
  ['port', telethonString({ port: 22 })],
  ['data-centre', telethonString({ dcId: 203 })],
  ['auth-key', telethonString({ key: Buffer.alloc(256) })],
  ['address', gramjsString({ address: 'vesta.web.telegram.org.example.com' })],
  ['address', gramjsString({ address: 'localhost' })],
  ['address', gramjsString({ address: 'a@vesta.web.telegram.org' })],
  ['data-centre', gramjsString({ dcId: 9, address: 'vesta.web.telegram.org' })],
  ['auth-key', gramjsString({ key: Buffer.alloc(256) })],
  ['address', mtcuteString({ address: '10.0.0.1' })],
  ['auth-key', mtcuteString({ key: Buffer.alloc(255, 1) })],
  ['data-centre', mtcuteString({ dcId: 0 })],
  ['data-centre', pyrogramString({ dcId: 4, test: 1 })],
  ['auth-key', pyrogramString({ key: Buffer.alloc(256) })],
  ['corrupt', pyrogramString({ test: 2 })],
  ['corrupt', pyrogramString({ bot: 7 })],
  ['corrupt', pyrogramString({ userId: 2n ** 63n })],
  ['corrupt', `${mtcuteString({}).slice(0, -4)}AAAAAAAA`],
  ['version', mtcuteString({ version: 2 })],
])('a bad %s is refused (%#)', (reason, text) => {
  expect(refusalOf(text).reason).toBe(reason)
})

test('a user id of zero is no user id', () => {
  expect(parseSessionString(pyrogramString({ userId: 0n }), nobody).userId).toBeNull()
})

test('the older flag of mtcute means a test data centre as well', () => {
  expect(parseSessionString(mtcuteString({ flags: 2 }), nobody)).toMatchObject({
    address: '149.154.167.40',
    isTestDc: true,
  })
})

test.each(names)('3,000 mutations of %s are judged, by our own error alone', (name) => {
  const text = foreignText(name)
  let state = name.length
  const random = (bound: number) => (state = (state * 48_271) % 2_147_483_647) % bound
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_='
  for (let round = 0; round < 3000; round++) {
    const letters = [...text]
    for (let count = 1 + random(4); count > 0; count--) letters[random(12 * count)] = alphabet[random(alphabet.length)]!
    if (random(4) === 0) letters.splice(random(letters.length), 1 + random(8))
    expect(isJudgedCleanly(letters.join(''))).toBe(true)
  }
})

function isJudgedCleanly(text: string): boolean {
  try {
    parseSessionString(text, nobody)
    return true
  } catch (error) {
    if (error instanceof InvalidSessionFile) return true
    throw error
  }
}

function refusalOf(text: string, dataCentres: readonly string[] = []): InvalidSessionFile {
  let session: SessionString
  try {
    session = parseSessionString(text, { dataCentres })
  } catch (error) {
    if (error instanceof InvalidSessionFile) return error
    throw error
  }
  throw new Error(`was accepted as ${session.format}`)
}

interface Made {
  readonly dcId?: number
  readonly port?: number
  readonly key?: Buffer
}

function telethonString({ dcId = 2, ip = [149, 154, 167, 51], port = 443, key = keyA() }: Made & { ip?: number[] }) {
  return `1${Buffer.concat([Buffer.from([dcId, ...ip, port >> 8, port & 255]), key]).toString('base64')}`
}

function gramjsString({ dcId = 2, address = '149.154.167.51', port = 443, key = keyA() }: Made & { address?: string }) {
  const host = Buffer.from(address)
  const head = Buffer.from([dcId, 0, host.length])
  return `1${Buffer.concat([head, host, Buffer.from([port >> 8, port & 255]), key]).toString('base64')}`
}

function pyrogramString(made: Made & { test?: number; bot?: number; userId?: bigint }) {
  const { dcId = 2, test = 0, bot = 0, userId = 5n, key = keyA() } = made
  const user = Buffer.alloc(9, bot)
  user.writeBigUInt64BE(userId)
  return Buffer.concat([Buffer.from([dcId, 0, 0, 1, 2, test]), key, user]).toString('base64url')
}

function mtcuteString(made: Made & { address?: string; version?: number; flags?: number }) {
  const { dcId = 2, address = '149.154.167.51', port = 443, key = keyA(), version = 3, flags = 0 } = made
  const portBytes = Buffer.alloc(4)
  portBytes.writeUInt32LE(port)
  const server = Buffer.concat([Buffer.from([2, dcId, 0]), tlBytes(Buffer.from(address)), portBytes])
  return Buffer.concat([Buffer.from([version, flags, 0, 0, 0]), tlBytes(server), tlBytes(key)]).toString('base64url')
}

function tlBytes(bytes: Buffer): Buffer {
  const { length } = bytes
  const head = length < 254 ? Buffer.from([length]) : Buffer.from([254, length & 255, length >> 8, 0])
  return Buffer.concat([head, bytes, Buffer.alloc((4 - ((head.length + length) % 4)) % 4)])
}

function keyA(): Buffer {
  return Buffer.alloc(256, 0xa5)
}
