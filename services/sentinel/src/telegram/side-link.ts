import { setMaxListeners } from 'node:events'
import { isTestDataCentre } from '@tgsentinel/session-codec/session-codec'
import type { DataCentre } from '../config'
import { within } from './bounded-wait'
import type { CallerOptions } from './caller'
import { openConnection, type ConnectingOptions } from './connecting'
import type { Connection } from './connection'
import { dataCentreOf } from './data-centre'
import type { Api } from './gramjs'
import { SessionFile } from './session-file'
import { TelegramError, toTelegramError } from './telegram-error'

export interface SideLinkOptions extends ConnectingOptions {
  start: DataCentre
  onEnvelope: (envelope: unknown) => void
  /** Ends the link's calls and what is being opened. */
  signal: AbortSignal
}

/** A connection, from the first dial on; whoever calls meanwhile waits for the same one. */
interface Line {
  dcId: number
  stop: AbortController
  made: Promise<Connection>
  isOpen: boolean
}

/** Until when a call may last, and who can give it up. */
interface Limits {
  priority: CallerOptions['priority']
  signal: AbortSignal
  untilMs: number
}

const DIALS = 3
const MOVES = 3

/**
 * A connection beside the session's, with a key of its own that lives in memory alone: for signing in, and for files of other data
 * centres. It is made at the first call and again after it was lost, and follows Telegram to where it is sent.
 */
export class SideLink {
  readonly file = SessionFile.inMemory()
  private line: Line | null = null
  /** When what was dropped is closed: one key has one connection at a time. */
  private dropped: Promise<unknown> = Promise.resolve()
  private isClosed = false
  private dcId: number
  private config: Api.Config | null = null
  /** How far Telegram's clock was ahead of ours when it was greeted last. */
  clockOffsetMs = 0

  constructor(private readonly options: SideLinkOptions) {
    const { dcId, address, port } = options.start
    this.dcId = dcId
    this.file.saveRow({ dcId, address, port, authKey: null })
    // One listener for each call that waits.
    setMaxListeners(0, options.signal)
    options.signal.addEventListener('abort', () => this.discard(this.line), { once: true })
  }

  /**
   * Makes a call, on another data centre where Telegram says so. A caller that goes away, or whose time is up, leaves the connection
   * to the others.
   * @throws TelegramError
   */
  async call<R extends Api.AnyRequest>(
    method: string,
    make: () => R,
    { signal, priority, timeoutMs = Infinity }: CallerOptions = {},
  ): Promise<R['__response']> {
    const { either, release } = eitherOf(this.options.signal, signal)
    try {
      return await this.askUntilAnswered(method, make, { priority, signal: either, untilMs: Date.now() + timeoutMs })
    } finally {
      release()
    }
  }

  /**
   * Goes on at another data centre, with a new key: keys are bound to one.
   * @throws TelegramError
   */
  async moveTo(dcId: number): Promise<void> {
    if (this.isClosed) throw new TelegramError('ABORTED', 0)
    const row = this.file.row()
    const isTest = row !== null && isTestDataCentre(row.address)
    const { start, dataCentres } = this.options
    const { address, port } = dcId === start.dcId ? start : dataCentreOf(this.config, dcId, isTest, dataCentres)
    this.dcId = dcId
    this.discard(this.line)
    // The old connection may write its key until it is closed; the new one reads what it dials after that.
    this.dropped = this.dropped.then(() => this.file.saveRow({ dcId, address, port, authKey: null }))
    await this.dropped
  }

  /** Idempotent; the file stays readable until then. */
  async close(): Promise<void> {
    this.isClosed = true
    await this.drop()
    this.file.close()
  }

  /** Closes the connection, or gives up making it; the next call makes a new one with the same key. */
  async drop(): Promise<void> {
    this.discard(this.line)
    await this.dropped
  }

  private async askUntilAnswered<R extends Api.AnyRequest>(
    method: string,
    make: () => R,
    limits: Limits,
  ): Promise<R['__response']> {
    let isRepeat = false
    for (let moves = 0; ;) {
      limits.signal.throwIfAborted()
      const line = this.open()
      const { isOpen: isOld } = line
      try {
        return await this.ask(line, method, make, limits)
      } catch (error) {
        const known = toTelegramError(error)
        // A connection that lay idle may be gone without our knowing.
        if (known.type === 'NETWORK' && isOld && !isRepeat) {
          isRepeat = true
          this.discard(line)
        } else if (known.type === 'MIGRATE' && moves++ < MOVES) {
          // Somebody else may have been sent there before.
          if (this.dcId === line.dcId) await this.moveTo(known.argument ?? 0)
        } else throw known
      }
    }
  }

  private async ask<R extends Api.AnyRequest>(line: Line, method: string, make: () => R, limits: Limits) {
    const { queue, scope } = this.options
    const { signal, priority = 'interactive', untilMs } = limits
    const connection = await within(line.made, untilMs - Date.now(), signal)
    const timeoutMs = untilMs === Infinity ? {} : { timeoutMs: Math.max(0, untilMs - Date.now()) }
    const options = { method, scope, priority, signal, ...timeoutMs }
    return queue.run(options, (callSignal) => connection.call(make(), callSignal))
  }

  private open(): Line {
    if (this.isClosed) throw new TelegramError('ABORTED', 0)
    return (this.line ??= this.dial())
  }

  private dial(): Line {
    const stop = new AbortController()
    // Another connection may have taken its place by then, and stays.
    const made = this.connect(stop.signal, () => this.discard(line))
    const line: Line = { dcId: this.dcId, stop, made, isOpen: false }
    made.then(
      ({ config, clockOffsetMs }) => {
        line.isOpen = true
        Object.assign(this, { config, clockOffsetMs })
      },
      () => this.discard(line),
    )
    return line
  }

  private async connect(signal: AbortSignal, onLost: () => void): Promise<Connection> {
    await this.dropped
    // GramJS does not pad g^ab to 256 bytes: one handshake in 256 fails for nothing.
    for (let attempt = 1; ; attempt++) {
      try {
        return await openConnection(this.file, this.options, signal, this.options.onEnvelope, onLost)
      } catch (error) {
        if (attempt >= DIALS || toTelegramError(error).type !== 'NETWORK') throw error
      }
    }
  }

  /** Only the one that is meant: it may be gone already, and another one be in its place. */
  private discard(line: Line | null): void {
    if (!line || this.line !== line) return
    this.line = null
    line.stop.abort(new TelegramError('ABORTED', 0))
    const closing = line.made.then(
      (connection) => connection.close(),
      () => undefined,
    )
    const logged = closing.catch((error: unknown) => this.options.log.debug({ err: error }, 'a link did not close'))
    this.dropped = Promise.all([this.dropped, logged])
  }
}

/** Aborts with one or the other. AbortSignal.any never forgets what it combined on Node 20. */
function eitherOf(own: AbortSignal, callers: AbortSignal | undefined) {
  const controller = new AbortController()
  const abort = () => controller.abort(new TelegramError('ABORTED', 0))
  const signals = callers ? [own, callers] : [own]
  for (const signal of signals) {
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  }
  const release = () => signals.forEach((signal) => signal.removeEventListener('abort', abort))
  return { either: controller.signal, release }
}
