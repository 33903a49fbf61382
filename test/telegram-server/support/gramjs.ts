import { TelegramClient } from 'telegram'
import { ConnectionTCPFull, ConnectionTCPObfuscated } from 'telegram/network'
import { AuthKey } from 'telegram/crypto/AuthKey'
import { Logger, LogLevel } from 'telegram/extensions/Logger'
import { MemorySession } from 'telegram/sessions'
import type { AccountInfo } from '../control/control'

export interface GramJsClient {
  client: TelegramClient
  /** Every envelope that was pushed and every RPC result, in order, as GramJS hands them to its session. */
  seen: { className: string; [field: string]: unknown }[]
}

const CONNECTIONS = { full: ConnectionTCPFull, obfuscated: ConnectionTCPObfuscated }

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
  const client = new TelegramClient(session, 1, 'hash', {
    connection: dialing(CONNECTIONS[transport], port),
    baseLogger: new Logger(LogLevel.NONE),
    connectionRetries: 3,
    retryDelay: 50,
    floodSleepThreshold: 0,
    securityChecks: true,
  })
  return { client, seen }
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
  port: number,
): typeof ConnectionTCPFull {
  const Dialing = class extends (Base as typeof ConnectionTCPFull) {
    constructor(options: ConstructorParameters<typeof ConnectionTCPFull>[0]) {
      super({ ...options, port })
    }
  }
  return Dialing
}
