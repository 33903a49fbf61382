import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { RsaKey } from '../mtproto/rsa-key'
import type { TelegramServer } from '../server'

interface Argument {
  name: string
  type: string
  typeModifiers?: { predicate?: string; isVector?: boolean; isBareVector?: boolean; isBareType?: boolean }
}

interface Entry {
  kind: 'class' | 'method'
  name: string
  id: number
  type: string
  arguments: Argument[]
}

export interface MtcuteReport {
  self: { id: number; firstName: string }
  dialogs: [title: string, lastText: string | null][]
  /** Of all dialogs, where they were asked for; service messages are left out. Chats are marked ids. */
  messages: [chat: number, id: number, text: string][]
}

const SCHEMA = require.resolve('@mtcute/core/tl/api-schema.json')
const TIMEOUT_MS = 45_000
const HEAP_MB = 256
const KEPT_COMPLAINTS = 3000
/** One of sixteen keys will not do: so many in a row are no chance. */
const MOST_KEYS = 100

/** mtcute leaves out leading zeros of a key's fingerprint and then does not find it: a private key (PEM) that it finds. */
export function keyForMtcute(makeKey: () => string = newKey): string {
  for (let made = 0; made < MOST_KEYS; made++) {
    const pem = makeKey()
    if (isFound(pem)) return pem
  }
  throw new Error(`None of ${MOST_KEYS} keys has a fingerprint that mtcute finds`)
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

export function isFound(privateKeyPem: string): boolean {
  return BigInt.asUintN(64, RsaKey.fromPem(privateKeyPem).fingerprint).toString(16).length === 16
}

/**
 * Signs in with a client of another make, of a newer layer than GramJS's: the server learns that layer from the client's own
 * schema. Resolves with whom it found itself to be, and its dialogs.
 */
export async function signInWithMtcute(
  server: TelegramServer,
  options: {
    dc: number
    phone: string
    password?: string
    proxy?: { host: string; port: number; secret: string }
    /** Reads every message of every dialog, too. */
    histories?: boolean
  },
): Promise<MtcuteReport> {
  const { l: layer, e: entries } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as { l: number; e: Entry[] }
  server.layers.register(layer, schemaText(entries))
  const { publicKey } = await server.control.state()
  const given = { ...options, port: server.ports[options.dc], publicKey: publicKey.pkcs1 }
  // Not ours: it gets so much memory and so much time, and of what it says the end is kept.
  const script = join(__dirname, 'mtcute-client.mjs')
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, script, JSON.stringify(given)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS)
  let complaints = ''
  const complain = (text: string) => (complaints = (complaints + text).slice(-KEPT_COMPLAINTS))
  child.stderr.on('data', (data) => complain(String(data)))
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('{')) return JSON.parse(line) as MtcuteReport
      if (line === 'code?') child.stdin.write(`${(await server.control.lastCode({ phone: options.phone })).code}\n`)
      else complain(`${line}\n`)
    }
    throw new Error(`mtcute ended: ${complaints}`)
  } finally {
    clearTimeout(timer)
    child.kill('SIGKILL')
  }
}

function schemaText(entries: Entry[]): string {
  const lines = (kind: Entry['kind']) => entries.filter((entry) => entry.kind === kind).map(lineOf)
  return [...lines('class'), '---functions---', ...lines('method')].join('\n')
}

function lineOf({ name, id, type, arguments: fields }: Entry): string {
  const parts = fields.map((field) => `${field.name}:${typeOf(field)}`)
  return `${name}#${id.toString(16)} ${parts.join(' ')} = ${type};`
}

function typeOf({ type, typeModifiers: { predicate, isVector, isBareVector, isBareType } = {} }: Argument): string {
  // Its own name for a long that fits a number.
  const named = type === 'int53' ? 'long' : type
  const bare = isBareType ? `%${named}` : named
  const item = isVector ? `Vector<${bare}>` : isBareVector ? `vector<${bare}>` : bare
  return predicate ? `${predicate}?${item}` : item
}
