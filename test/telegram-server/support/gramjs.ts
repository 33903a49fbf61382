import { createPublicKey } from 'node:crypto'
import { TelegramClient, helpers } from 'telegram'
import { ConnectionTCPFull, ConnectionTCPObfuscated } from 'telegram/network'
import { AuthKey } from 'telegram/crypto/AuthKey'
import { Logger, LogLevel } from 'telegram/extensions/Logger'
import { MemorySession } from 'telegram/sessions'
import { LAYER } from '../../../services/sentinel/generated/layer'
// Only the object of exports itself can be given another layer, as services/sentinel does.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import gramObjects = require('telegram/tl/AllTLObjects')
import type { AccountInfo } from '../control/control'
import type { PublicKeyReport } from '../mtproto/rsa-key'
import type { TelegramServer } from '../server'

Object.assign(gramObjects, { LAYER })

export interface GramJsClient {
  client: TelegramClient
  /** Every envelope that was pushed and every RPC result, in order, as GramJS hands them to its session. */
  seen: { className: string; [field: string]: unknown }[]
}

const CONNECTIONS = { full: ConnectionTCPFull, obfuscated: ConnectionTCPObfuscated }

/** Makes GramJS take the server for Telegram. Its keys are a map by signed fingerprint. */
export async function trust({ pkcs1, fingerprint }: PublicKeyReport): Promise<void> {
  const { _serverKeys } = await import('telegram/crypto/RSA')
  const { n, e } = createPublicKey(pkcs1).export({ format: 'jwk' })
  const number = (part = '') => helpers.readBigIntFromBuffer(Buffer.from(part, 'base64url'), false)
  _serverKeys.set(fingerprint, { n: number(n), e: number(e).toJSNumber() })
}

/** A GramJS client that has no key yet; it finds the other data centres on the ports given. */
export async function newGramJsClient(
  server: TelegramServer,
  dc = Number(firstOf(server.ports)),
): Promise<GramJsClient> {
  await trust((await server.control.state()).publicKey)
  const seen: GramJsClient['seen'] = []
  const session = new TappedSession((tlo) => seen.push(tlo as GramJsClient['seen'][number]))
  session.setDC(dc, '127.0.0.1', server.ports[dc]!)
  const client = new TelegramClient(
    session,
    1,
    'hash',
    optionsFor(CONNECTIONS.full, (id) => server.ports[id]!),
  )
  client.getDC = async (id) => ({ id, ipAddress: '127.0.0.1', port: server.ports[id]! })
  freeSendersOnSwitch(client)
  return { client, seen }
}

/** A GramJS client for a provisioned account; it dials the given port, where stock GramJS would dial 80. */
export async function gramJsClient(
  port: number,
  account: Pick<AccountInfo, 'authKey'>,
  transport: keyof typeof CONNECTIONS = 'full',
): Promise<GramJsClient> {
  const seen: GramJsClient['seen'] = []
  const session = new TappedSession((tlo) => seen.push(tlo as GramJsClient['seen'][number]))
  const key = new AuthKey()
  await key.setKey(Buffer.from(account.authKey, 'hex'))
  session.setDC(2, '127.0.0.1', port)
  session.setAuthKey(key)
  const client = new TelegramClient(
    session,
    1,
    'hash',
    optionsFor(CONNECTIONS[transport], () => port),
  )
  return { client, seen }
}

function optionsFor(Base: (typeof CONNECTIONS)[keyof typeof CONNECTIONS], portOf: (dc: number) => number) {
  return {
    connection: dialing(Base, portOf),
    baseLogger: new Logger(LogLevel.NONE),
    connectionRetries: 3,
    retryDelay: 50,
    floodSleepThreshold: 0,
    securityChecks: true,
  }
}

function firstOf(ports: Record<number, number>): string {
  return Object.keys(ports)[0] ?? ''
}

/** `destroy()` alone leaves a timer of 30 s for each download connection; the server closes those. */
export async function closeGramJs({ client }: GramJsClient): Promise<void> {
  const { _exportedSenderReleaseTimeouts: timers } = client as unknown as {
    _exportedSenderReleaseTimeouts: Map<number, NodeJS.Timeout>
  }
  for (const timer of timers.values()) clearTimeout(timer)
  await client.destroy()
}

/**
 * To switch, GramJS empties the key of the sender it leaves; when that still had something to acknowledge, its send loop asks
 * for the key every 20 ms for ever and keeps the process alive. Any key lets it go on, find its connection closed, and end.
 */
function freeSendersOnSwitch(client: TelegramClient): void {
  const switchDc = client._switchDC.bind(client)
  client._switchDC = async (dc) => {
    const left = client._sender
    const isSwitched = await switchDc(dc)
    await left?.authKey.setKey(Buffer.alloc(256, 1))
    return isSwitched
  }
}

class TappedSession extends MemorySession {
  constructor(private readonly tap: (tlo: unknown) => void) {
    super()
  }

  override processEntities(tlo: unknown): void {
    this.tap(tlo)
  }
}

function dialing(
  Base: typeof ConnectionTCPFull | typeof ConnectionTCPObfuscated,
  portOf: (dc: number) => number,
): typeof ConnectionTCPFull {
  const Dialing = class extends (Base as typeof ConnectionTCPFull) {
    constructor(options: ConstructorParameters<typeof ConnectionTCPFull>[0]) {
      super({ ...options, port: portOf(options.dcId) })
    }
  }
  return Dialing
}
