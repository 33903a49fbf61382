import { isAllowedDataCentre } from '@tgsentinel/session-codec/session-codec'
import type { Logger } from '@tgsentinel/kernel/log'
import { SECOND } from '@tgsentinel/kernel/time'
import type { DataCentre, TelegramApp } from '../config'
import type { Dialing } from '../proxies/dialing'
import type { Line } from '../proxies/line'
import { within } from './bounded-wait'
import { placeOf } from './data-centre'
import { FairSocket } from './fair-socket'
import {
  Acknowledgement,
  Api,
  ConnectionTCPFull,
  QuietLogger,
  TelegramClient,
  UpdateConnectionState,
  utils,
} from './gramjs'
import { letGreetingWait } from './greeting'
import type { InternalErrors } from './internal-errors'
import { KeepAlive } from './keep-alive'
import { LineCodec } from './line-codec'
import { isAllowedMethod } from './methods'
import type { SessionFile } from './session-file'
import { createGramSession } from './session-gramjs'
import { TelegramError, toTelegramError } from './telegram-error'
import { bringTolerance, readTolerantly } from './tolerant/tolerance'

export interface ConnectionOptions {
  app: TelegramApp
  /** TG_DC_ALLOW */
  dataCentres: readonly string[]
  internal: InternalErrors
  dialing: Dialing
  /** It is for files: an MTProxy leads it elsewhere. */
  isMedia: boolean
  log: Logger
  /** Every pushed envelope and every result, synchronously, in order. */
  onEnvelope: (envelope: unknown) => void
  /** The connection is over, told once: the network, or AUTH_KEY_NOT_FOUND where the data centre does not know the key. */
  onLost: (error: TelegramError) => void
  /** Gives the greeting its turn among the calls; dialling and the handshake wait for nobody. */
  greet: <T>(send: () => Promise<T>) => Promise<T>
}

/** To reach the data centre and, for a new key, shake hands. */
const DIAL_TIMEOUT_MS = 15 * SECOND
/** The same and the greeting, its turn in the queue included. */
const CONNECT_TIMEOUT_MS = 60 * SECOND
/** How long the answer of a call that was given up is waited for. */
const ABANDONED_GRACE_MS = 5 * SECOND
/** The same when the connection is closed. */
const LAST_ANSWER_MS = SECOND
const FLUSH_MS = 2 * SECOND
const MAX_CACHED_ENTITIES = 10_000
/** GramJS acknowledges with its next request, up to 9 s later, all in one message; Telegram takes 8,192 ids at most. */
const MAX_UNACKNOWLEDGED = 2000

/**
 * One connection to the data centre of a session file, for as long as it lasts: it does not reconnect. GramJS does badly
 * after an outage or an error while connecting (TELEGRAM section 3), so its client is thrown away and a new one is built.
 */
export class Connection {
  private readonly client: TelegramClient
  private readonly flushTimer: NodeJS.Timeout
  private readonly keepAlive: KeepAlive
  private isOver = false
  /** Ends the calls that GramJS would leave pending; they would keep the queue from everything else. */
  private readonly over = new AbortController()
  /** Why dialling failed; GramJS swallows what is thrown there. */
  private dialError: unknown = new Error('no connection')
  /** The call that was sent last. */
  private underWay: Promise<unknown> = Promise.resolve()
  private readonly sockets = new Set<FairSocket>()
  /** What Telegram answered to the greeting. */
  config: Api.Config | null = null
  /** How far Telegram's clock is ahead of ours, to the second. */
  clockOffsetMs = 0

  private constructor(
    private readonly file: SessionFile,
    private readonly options: ConnectionOptions,
  ) {
    this.client = this.buildClient()
    this.client.onError = async (error) => void (this.dialError = error)
    this.keepAlive = new KeepAlive(this.client, () => this.lose(new TelegramError('NETWORK', 0)))
    this.flushTimer = setInterval(() => this.flush(), FLUSH_MS).unref()
  }

  /**
   * Connects and greets (initConnection).
   * @throws TelegramError: NETWORK, TIMEOUT, AUTH_KEY_NOT_FOUND, ABORTED, or what Telegram answered
   */
  static async open(file: SessionFile, options: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
    let failEarly: (error: TelegramError) => void = () => undefined
    const lostEarly = new Promise<never>((_resolve, reject) => (failEarly = reject))
    lostEarly.catch(() => undefined)
    let isOpen = false
    const onLost = (error: TelegramError) => (isOpen ? options.onLost(error) : failEarly(error))
    const dialTimer = setTimeout(() => failEarly(new TelegramError('TIMEOUT', 0)), DIAL_TIMEOUT_MS)
    const greet: ConnectionOptions['greet'] = (send) => {
      clearTimeout(dialTimer)
      // What is lost never answers: the queue must not wait for it.
      return options.greet(() => Promise.race([send(), lostEarly]))
    }
    const connection = new Connection(file, { ...options, onLost, greet })
    try {
      const isConnected = await within(
        Promise.race([connection.client.connect(), lostEarly]),
        CONNECT_TIMEOUT_MS,
        signal,
      )
      if (!isConnected) throw toTelegramError(connection.dialError)
      isOpen = true
      return connection
    } catch (error) {
      await connection.close()
      throw toTelegramError(error)
    } finally {
      clearTimeout(dialTimer)
    }
  }

  /**
   * Sends one request and waits for its answer; only the queue calls this.
   * @throws TelegramError
   */
  async call<R extends Api.AnyRequest>(
    request: R,
    signal: AbortSignal,
    timeoutMs = 30 * SECOND,
  ): Promise<R['__response']> {
    if (!isAllowedMethod(request.className)) throw new TelegramError('METHOD_NOT_ALLOWED', 0)
    if (this.isOver) throw new TelegramError('NETWORK', 0)
    try {
      signal.throwIfAborted()
      const answer = this.invoke(request)
      this.underWay = answer
      return await within(answer, timeoutMs, this.over.signal, { signal, graceMs: ABANDONED_GRACE_MS })
    } catch (error) {
      throw this.judged(error, request.className)
    }
  }

  private judged(error: unknown, method: string): TelegramError {
    const known = toTelegramError(error)
    if (known.type === 'INTERNAL' && known.code === 0) this.options.internal.note(known.cause ?? known, method)
    return known
  }

  /** What GramJS does in `invoke` but for its sleeps, repeats and changes of the data centre: those are ours to decide. */
  private async invoke<R extends Api.AnyRequest>(request: R): Promise<R['__response']> {
    await request.resolve(this.client, utils)
    readTolerantly(request)
    const result = (await this.client._sender?.send(request)) as R['__response']
    this.client.session.processEntities(result)
    return result
  }

  get dcId(): number {
    return this.client.session.dcId
  }

  get address(): string {
    return this.client.session.serverAddress
  }

  /** A peer with the access hash that the session file has for it; the empty peer where it has none. */
  inputPeer(peer: unknown): unknown {
    try {
      return this.client.session.getInputEntity(peer as never)
    } catch {
      return new Api.InputPeerEmpty()
    }
  }

  /** Idempotent. What was learnt of chats and users is in the file afterwards; the file stays open. */
  async close(): Promise<void> {
    const isLost = this.isOver
    this.isOver = true
    // The next connection's calls come after the answer to this one's last.
    if (!isLost) await within(this.underWay, LAST_ANSWER_MS, this.over.signal).catch(() => undefined)
    this.over.abort(new TelegramError('ABORTED', 0))
    clearInterval(this.flushTimer)
    this.keepAlive.close()
    const sender = this.client._sender as { _retries?: number } | undefined
    // Or its connect loop would go on for ever after the client is gone.
    if (sender) sender._retries = 0
    await Promise.all([...this.sockets].map((socket) => socket.close()))
    await this.client
      .destroy()
      .catch((error: unknown) => this.options.log.debug({ err: error }, 'the client did not close cleanly'))
    this.flush()
  }

  private buildClient(): TelegramClient {
    bringTolerance()
    const session = createGramSession(this.file, {
      onEnvelope: (envelope) => this.take(envelope),
      onError: (error) => this.options.internal.note(error, 'an envelope could not be taken'),
    })
    const lose = (cause: Error | undefined) => this.lose(new TelegramError('NETWORK', 0, null, { cause }))
    const guard = (host: string, port: number) => this.checkAddress(host, port)
    const dial = (port: number, host: string, signal: AbortSignal) =>
      this.dial({ dcId: session.dcId, address: host, port }, signal)
    class SessionConnection extends ConnectionTCPFull {
      override PacketCodecClass = LineCodec

      constructor(parameters: ConstructorParameters<typeof ConnectionTCPFull>[0]) {
        // GramJS dials 80 or 443 whatever the session says.
        super({ ...parameters, port: session.port })
      }

      override async connect(): Promise<void> {
        guard(this._ip, this._port)
        return super.connect()
      }
    }
    const sockets = this.sockets
    class Socket extends FairSocket {
      constructor() {
        super(dial, lose)
        sockets.add(this)
      }
    }
    const client = new TelegramClient(session, this.options.app.apiId, this.options.app.apiHash, {
      connection: SessionConnection,
      networkSocket: Socket as never,
      baseLogger: new QuietLogger(),
      connectionRetries: 1,
      retryDelay: 0,
      floodSleepThreshold: 0,
      requestRetries: 1,
      securityChecks: true,
      deviceModel: 'TG Sentinel',
      appVersion: '0.1',
    })
    // GramJS would make calls of its own, past the queue, after a reconnect.
    client.invoke = () => Promise.reject(new TelegramError('METHOD_NOT_ALLOWED', 0))
    letGreetingWait(client, async (send) => {
      const config = await this.options.greet(send)
      this.config = config instanceof Api.Config ? config : null
      if (this.config) this.clockOffsetMs = this.config.date * SECOND - Date.now()
      return config
    })
    return client
  }

  /** Again at the last moment: a server's config may name further addresses. */
  private checkAddress(host: string, port: number): void {
    if (this.isOver) throw new TelegramError('ABORTED', 0)
    if (!isAllowedDataCentre(host, port, this.options.dataCentres)) throw new TelegramError('ADDRESS_REFUSED', 0)
  }

  private dial(dataCentre: DataCentre, signal: AbortSignal): Promise<Line> {
    const { dialing, dataCentres, isMedia } = this.options
    const place = placeOf(dataCentre, dialing.proxies.ip, isMedia)
    const addresses = place.addresses.filter(({ address, port }) => isAllowedDataCentre(address, port, dataCentres))
    return dialing.toDataCentre({ ...place, addresses }, signal)
  }

  private take(envelope: unknown): void {
    if (envelope instanceof UpdateConnectionState) {
      if (envelope.state === UpdateConnectionState.broken) this.lose(new TelegramError('AUTH_KEY_NOT_FOUND', -404))
      return
    }
    this.options.onEnvelope(envelope)
    this.acknowledge()
  }

  private acknowledge(): void {
    const sender = this.client._sender as unknown as
      { _pendingAck: Set<unknown>; send(request: unknown): Promise<unknown> } | undefined
    if (!sender || sender._pendingAck.size < MAX_UNACKNOWLEDGED || this.isOver) return
    const msgIds = [...sender._pendingAck] as never[]
    sender._pendingAck.clear()
    // An acknowledgement has no answer: the promise stays open by design and is dropped with the client.
    void sender.send(new Acknowledgement({ msgIds }))
  }

  private lose(error: TelegramError): void {
    if (this.isOver) return
    this.isOver = true
    this.over.abort(error)
    // Keeps GramJS from dialling again by itself.
    if (this.client._sender) this.client._sender.isReconnecting = true
    this.options.onLost(error)
  }

  private flush(): void {
    const cache = this.client._entityCache as unknown as { cacheMap: Map<string, unknown> }
    // It never shrinks by itself; the session file knows the same.
    if (cache.cacheMap.size > MAX_CACHED_ENTITIES) cache.cacheMap.clear()
    try {
      this.file.flush()
    } catch (error) {
      this.options.log.error({ err: error }, 'the session file takes no writes; kept in memory')
    }
  }
}
