import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
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
}

const SCHEMA = require.resolve('@mtcute/core/tl/api-schema.json')
const TIMEOUT_MS = 60_000

/**
 * Signs in with a client of another make, of a newer layer than GramJS's: the server learns that layer from the client's own
 * schema. Resolves with whom it found itself to be, and its dialogs.
 */
export async function signInWithMtcute(
  server: TelegramServer,
  options: { dc: number; phone: string; password?: string; proxy?: { host: string; port: number; secret: string } },
): Promise<MtcuteReport> {
  const { l: layer, e: entries } = JSON.parse(readFileSync(SCHEMA, 'utf8')) as { l: number; e: Entry[] }
  server.layers.register(layer, schemaText(entries))
  const { publicKey } = await server.control.state()
  const given = { ...options, port: server.ports[options.dc], publicKey: publicKey.pkcs1 }
  const child = spawn(process.execPath, [join(__dirname, 'mtcute-client.mjs'), JSON.stringify(given)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS)
  let complaints = ''
  child.stderr.on('data', (data) => (complaints += String(data)))
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('{')) return JSON.parse(line) as MtcuteReport
      if (line === 'code?') child.stdin.write(`${(await server.control.lastCode({ phone: options.phone })).code}\n`)
      else complaints += `${line}\n`
    }
    throw new Error(`mtcute ended: ${complaints.slice(-3000)}`)
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
