import type { Logger } from '@tgsentinel/kernel/log'
import { backoffMs, MINUTE, SECOND } from '@tgsentinel/kernel/time'
import type { TelegramApp } from '../config'
import type { UserInfo } from '../model'
import type { Dialing } from '../proxies/dialing'
import type { CallQueue } from './call-queue'
import type { Connection } from './connection'
import type { Self } from './message'
import { usernamesOf } from './peers'
import type { SessionFile } from './session-file'
import type { InternalErrors } from './internal-errors'
import { TelegramError } from './telegram-error'
import type { TlObject } from './tl'

export interface ConnectingOptions {
  app: TelegramApp
  dataCentres: readonly string[]
  /** TG_DC_PUBLIC_KEYS */
  serverKeys: readonly string[]
  dialing: Dialing
  /** What goes over it is files. */
  isMedia?: boolean
  queue: CallQueue
  /** Whose floods count. */
  scope: string
  internal: InternalErrors
  log: Logger
}

const FIRST_RETRY_MS = SECOND
const LAST_RETRY_MS = 5 * MINUTE
/** A network that is back says so to nobody: what only waits for it is tried again within seconds. */
const LAST_NETWORK_RETRY_MS = 8 * SECOND
const OF_THE_NETWORK = ['NETWORK', 'TIMEOUT']
const GREETING_TIMEOUT_MS = 30 * SECOND

/**
 * Dials and greets; the greeting is a call like any other and takes its turn.
 * @throws TelegramError
 */
export async function openConnection(
  file: SessionFile,
  options: ConnectingOptions,
  signal: AbortSignal,
  onEnvelope: (envelope: unknown) => void,
  onLost: (error: TelegramError) => void,
): Promise<Connection> {
  const { app, dataCentres, dialing, isMedia = false, serverKeys, queue, scope, internal, log } = options
  const { Connection } = await import('./connection')
  const { trustServerKeys } = await import('./server-keys')
  trustServerKeys(serverKeys)
  const greeting = { method: 'help.getConfig', scope, signal, timeoutMs: GREETING_TIMEOUT_MS }
  const greet = <T>(send: () => Promise<T>) => queue.run(greeting, (callSignal) => unlessAborted(send(), callSignal))
  return Connection.open(file, { app, dataCentres, dialing, isMedia, internal, log, onEnvelope, onLost, greet }, signal)
}

/** GramJS leaves what it sent pending for ever when the connection goes. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined)
  const aborted = new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  )
  return Promise.race([work, aborted])
}

/**
 * Whose session it is.
 * @throws TelegramError
 */
export async function getMe(
  connection: Connection,
  { queue, scope }: Pick<ConnectingOptions, 'queue' | 'scope'>,
  signal: AbortSignal,
): Promise<{ user: UserInfo; self: Self }> {
  const { Api } = await import('./gramjs')
  const [me] = await queue.run({ method: 'users.getUsers', scope, signal }, (callSignal) =>
    connection.call(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }), callSignal),
  )
  if (!(me instanceof Api.User)) throw new TelegramError('AUTH_KEY_UNREGISTERED', 401)
  const names = usernamesOf(me as unknown as TlObject)
  const id = me.id.toJSNumber()
  return {
    user: { username: names[0] ?? null, first_name: me.firstName ?? '', user_id: id },
    self: { id, usernames: names },
  }
}

/** How long to wait before the next try. */
export function retryAfter(error: TelegramError, attempt: number, chance = Math.random()): number {
  if (error.type === 'FLOOD_WAIT') return (error.argument ?? 1) * SECOND
  const lastMs = OF_THE_NETWORK.includes(error.type) ? LAST_NETWORK_RETRY_MS : LAST_RETRY_MS
  return backoffMs(attempt, FIRST_RETRY_MS, lastMs, chance)
}
