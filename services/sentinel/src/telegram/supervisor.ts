import { MINUTE, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { Cursor, Intake, MarkedId, UserInfo } from '../model'
import { getMe, openConnection, retryAfter, type ConnectingOptions } from './connecting'
import type { Connection } from './connection'
import { readEnvelope, type Self } from './envelope'
import type { SessionFile } from './session-file'
import { fateOf, TelegramError, toTelegramError, type Fate } from './telegram-error'

export interface SupervisorOptions extends ConnectingOptions {
  /** Cursors that are stored for an account; where there are none, the file's own or Telegram's are the first. */
  knownCursors: (accountId: MarkedId) => Cursor[]
  onIntake: (accountId: MarkedId, intake: Intake) => void
  /** Whether a user's name is stored; short updates bring none. */
  knowsUser: (id: MarkedId) => boolean
  /** A user wrote of whom nothing is known but the id. */
  onStranger: () => void
  onChange: (change: SupervisorChange) => void
}

export type SupervisorChange =
  | { type: 'connecting' }
  | { type: 'signed_in'; user: UserInfo }
  | { type: 'lost'; error: TelegramError; retryMs: number }

/** Why supervising ended by itself: the session is of no use any more, or the application is refused. */
export type SupervisorEnd = Fate | 'needs_app'

/** A connection that held so long begins the count of tries anew. */
const STABLE_MS = 10 * SECOND
const ASK_EVERY_MS = 15 * MINUTE
const APP_ERRORS = new Set(['API_ID_INVALID', 'API_ID_PUBLISHED_FLOOD', 'API_ID_HASH_INVALID'])

/** Keeps one session file connected until it is told to stop or Telegram ends the session for good. */
export class Supervisor {
  lastHeardAtMs: number | null = null
  /** The connection that somebody is signed in on, while there is one. */
  connection: Connection | null = null
  self: Self | null = null
  private early: unknown[] = []
  /** Ends the present connection with a reason. */
  private tellLost: (error: TelegramError) => void = () => undefined

  constructor(
    private readonly file: SessionFile,
    private readonly options: SupervisorOptions,
  ) {}

  /** Resolves with the reason when the session is over; rejects with the signal's reason. */
  async run(signal: AbortSignal): Promise<{ end: SupervisorEnd; error: TelegramError }> {
    for (let attempt = 0; ; attempt++) {
      const startedAt = Date.now()
      const error = await this.stayConnected(signal)
      signal.throwIfAborted()
      const fate = fateOf(error)
      if (fate) return { end: fate, error }
      if (APP_ERRORS.has(error.type)) return { end: 'needs_app', error }
      if (Date.now() - startedAt > STABLE_MS) attempt = 0
      const retryMs = retryAfter(error, attempt)
      this.options.log.warn(
        { type: error.type, attempt, retry_ms: retryMs, err: error.cause },
        'connection to Telegram lost',
      )
      this.options.onChange({ type: 'lost', error, retryMs })
      await sleep(retryMs, signal)
    }
  }

  /** One connection from beginning to end: what ended it. */
  private async stayConnected(signal: AbortSignal): Promise<TelegramError> {
    this.options.onChange({ type: 'connecting' })
    let connection: Connection | undefined
    const lost = new Promise<TelegramError>((resolve) => (this.tellLost = resolve))
    const stop = () => this.tellLost(new TelegramError('ABORTED', 0))
    signal.addEventListener('abort', stop, { once: true })
    const over = new AbortController()
    try {
      connection = await openConnection(
        this.file,
        this.options,
        signal,
        (envelope) => this.take(envelope),
        this.tellLost,
      )
      await this.signIn(connection, signal)
      void this.stayAwake(connection, over.signal)
      return await lost
    } catch (error) {
      return toTelegramError(error)
    } finally {
      signal.removeEventListener('abort', stop)
      over.abort(new TelegramError('ABORTED', 0))
      this.self = null
      this.connection = null
      this.early = []
      await connection?.close()
    }
  }

  private async signIn(connection: Connection, signal: AbortSignal): Promise<void> {
    const user = await getMe(connection, this.options, signal)
    const state = await this.getState(connection, signal)
    this.file.setSelfUserId(BigInt(user.user_id))
    this.lastHeardAtMs = Date.now()
    this.keepFirstCursors(user.user_id, { box: 0, pts: state.pts, qts: state.qts, date: state.date, seq: state.seq })
    this.self = { id: user.user_id, username: user.username }
    this.connection = connection
    this.options.onChange({ type: 'signed_in', user })
    const early = this.early
    this.early = []
    for (const envelope of early) this.take(envelope)
  }

  /**
   * Telegram stops pushing to a client that asks for nothing for an hour. GramJS would ask after half an hour by itself, but past
   * the queue.
   */
  private async stayAwake(connection: Connection, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(ASK_EVERY_MS, signal).catch(() => undefined)
      if (!signal.aborted) await this.getState(connection, signal).catch((error: unknown) => this.judge(error))
    }
  }

  /** What a call met: where that was the end of the session, so it is. */
  notice(error: TelegramError): void {
    if (fateOf(error)) this.tellLost(error)
  }

  /** What a call in the background met: the end of the session, or a line in the log. */
  private judge(error: unknown): void {
    const known = toTelegramError(error)
    this.notice(known)
    if (fateOf(known)) return
    if (known.type !== 'ABORTED') this.options.log.info({ type: known.type }, 'a call in the background failed')
  }

  private async getState(connection: Connection, signal: AbortSignal) {
    const { Api } = await import('./gramjs')
    return this.options.queue.run({ method: 'updates.getState', scope: this.options.scope, signal }, (callSignal) =>
      connection.call(new Api.updates.GetState(), callSignal),
    )
  }

  private keepFirstCursors(accountId: MarkedId, present: Cursor): void {
    if (this.options.knownCursors(accountId).length > 0) return
    const stored = this.file.updateStates().map((row) => ({
      box: Number(row.id),
      pts: Number(row.pts ?? 0),
      qts: Number(row.qts ?? 0),
      date: Number(row.date ?? 0),
      seq: Number(row.seq ?? 0),
    }))
    this.deliver(accountId, { users: [], chats: [], messages: [], cursors: stored.length > 0 ? stored : [present] })
  }

  /** The tap: everything that Telegram says passes here, synchronously and in order. */
  private take(envelope: unknown): void {
    this.lastHeardAtMs = Date.now()
    if (!this.self) {
      this.early.push(envelope)
      return
    }
    const intake = readEnvelope(envelope, this.self)
    if (!intake) return
    this.deliver(this.self.id, intake)
    if (intake.users.length > 0) return
    if (intake.messages.some(({ senderId }) => this.isStranger(senderId))) this.options.onStranger()
  }

  private isStranger(senderId: MarkedId | null): boolean {
    return senderId !== null && senderId > 0 && !this.options.knowsUser(senderId)
  }

  private deliver(accountId: MarkedId, intake: Intake): void {
    this.options.onIntake(accountId, intake)
    for (const { box, pts, qts, date, seq } of intake.cursors) this.file.putUpdateState(box, { pts, qts, date, seq })
  }
}
