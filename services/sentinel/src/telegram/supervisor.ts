import { SECOND, sleep } from '@tgsentinel/kernel/time'
import type { Cursor, Intake } from '../intake'
import { CHANNEL_MARK, type MarkedId, type UserInfo } from '../model'
import { getMe, openConnection, retryAfter, type ConnectingOptions } from './connecting'
import type { Connection } from './connection'
import { FROZEN_RETRY_MS, isFrozen, readFreeze, type Freeze } from './freeze'
import type { Self } from './message'
import type { SessionFile } from './session-file'
import type { UpdateStateRow } from './session-schema'
import { fateOf, isOfTheApp, TelegramError, toTelegramError, type Fate } from './telegram-error'
import { PollSchedule, type Interest } from './updates/poll-schedule'
import { UpdateCalls } from './updates/update-calls'
import { UpdateEngine } from './updates/update-engine'
import { ACCOUNT_BOX, channelOf } from './updates/update'

/** What is stored of an account, and where what arrives goes. */
export interface CaptureDoor {
  /** Cursors that are stored for an account; where there are none, the file's own or Telegram's are the first. */
  cursors: (accountId: MarkedId) => Cursor[]
  /** Chats that were found closed to us. */
  closedChats: (accountId: MarkedId) => MarkedId[]
  /** The account's list of chats was read before. */
  isBegun: (accountId: MarkedId) => boolean
  /** In the order of the calls; false: it is not taken, and has to be fetched again. */
  onIntake: (accountId: MarkedId, intake: Intake) => boolean
  /** Whether what can wait at Telegram may come. */
  hasRoom: () => boolean
  /** Whether a user's name is stored; short updates bring none. */
  knowsUser: (id: MarkedId) => boolean
  /** A user wrote of whom nothing is known but the id. */
  onStranger: (chatId: MarkedId, messageId: number, userId: MarkedId) => void
  /** Of a channel nothing is known but the id: the list of chats may say more. */
  onUnknownChannel: () => void
  interestIn: (accountId: MarkedId, chatId: MarkedId) => Interest
}

export interface SupervisorOptions extends ConnectingOptions {
  door: CaptureDoor
  pollsPerSecond: number
  onChange: (change: SupervisorChange) => void
}

export type SupervisorChange =
  | { type: 'connecting' }
  | { type: 'signed_in'; user: UserInfo; self: Self }
  | { type: 'lost'; error: TelegramError; retryMs: number }
  | { type: 'frozen'; user: UserInfo; freeze: Freeze }

/** Why supervising ended by itself: the session is of no use any more, or the application is refused. */
export type SupervisorEnd = Fate | 'needs_app'

/** A connection that held so long begins the count of tries anew. */
const STABLE_MS = 10 * SECOND
const ROOM_POLL_MS = 500

/** Keeps one session file connected until it is told to stop or Telegram ends the session for good. */
export class Supervisor {
  lastHeardAtMs: number | null = null
  /** The connection that somebody is signed in on, while there is one. */
  connection: Connection | null = null
  self: Self | null = null
  engine: UpdateEngine | null = null
  /** What is known of how channels are posted to outlives a connection. */
  schedule: PollSchedule | null = null
  /** Whose session it is, as Telegram said last. */
  private user: UserInfo | null = null
  private isFrozen = false
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
      if (isOfTheApp(error)) return { end: 'needs_app', error }
      if (Date.now() - startedAt > STABLE_MS) attempt = 0
      await sleep(this.isFrozen && isFrozen(error) ? FROZEN_RETRY_MS : this.tellOfLoss(error, attempt), signal)
    }
  }

  /** How long to wait before the next try. */
  private tellOfLoss(error: TelegramError, attempt: number): number {
    const retryMs = retryAfter(error, attempt)
    const facts = { type: error.type, attempt, retry_ms: retryMs, err: error.cause }
    this.options.log.warn(facts, 'connection to Telegram lost')
    this.options.onChange({ type: 'lost', error, retryMs })
    return retryMs
  }

  /** One connection from beginning to end: what ended it. */
  private async stayConnected(signal: AbortSignal): Promise<TelegramError> {
    if (!this.isFrozen) this.options.onChange({ type: 'connecting' })
    let connection: Connection | undefined
    const lost = new Promise<TelegramError>((resolve) => (this.tellLost = resolve))
    const stop = () => this.tellLost(new TelegramError('ABORTED', 0))
    signal.addEventListener('abort', stop, { once: true })
    const over = new AbortController()
    try {
      // What cannot be stored need not be heard: Telegram keeps it.
      while (!this.options.door.hasRoom()) await sleep(ROOM_POLL_MS, signal)
      connection = await openConnection(
        this.file,
        this.options,
        signal,
        (envelope) => this.take(envelope),
        this.tellLost,
      )
      await this.signIn(connection, signal)
      this.engine?.start(new UpdateCalls(connection, this.options.queue, this.options.scope, over.signal))
      return await this.explained(await lost, connection, signal)
    } catch (error) {
      return await this.explained(toTelegramError(error), connection, signal)
    } finally {
      signal.removeEventListener('abort', stop)
      over.abort(new TelegramError('ABORTED', 0))
      this.self = null
      this.connection = null
      this.early = []
      await this.engine?.close()
      this.engine = null
      await connection?.close()
    }
  }

  /** Where the account is frozen, Telegram is asked what it says of that while the connection lasts. */
  private async explained(
    error: TelegramError,
    connection: Connection | undefined,
    signal: AbortSignal,
  ): Promise<TelegramError> {
    if (!isFrozen(error) || !connection || !this.user) return error
    await this.engine?.close()
    try {
      const freeze = await readFreeze(connection, this.options, signal)
      if (!this.isFrozen) this.options.log.warn({ type: error.type }, 'the account is frozen by Telegram')
      this.isFrozen = true
      this.options.onChange({ type: 'frozen', user: this.user, freeze })
      return error
    } catch (asking) {
      return toTelegramError(asking)
    }
  }

  private async signIn(connection: Connection, signal: AbortSignal): Promise<void> {
    const { user, self } = await getMe(connection, this.options, signal)
    this.user = user
    this.file.setSelfUserId(BigInt(user.user_id))
    this.lastHeardAtMs = Date.now()
    const calls = new UpdateCalls(connection, this.options.queue, this.options.scope, signal)
    // Nobody is told that a frozen account can be read before it can.
    if (this.isFrozen) await calls.state()
    this.isFrozen = false
    const cursors = await this.firstCursors(self.id, calls)
    this.self = self
    this.connection = connection
    this.engine = this.buildEngine(self, cursors)
    this.options.onChange({ type: 'signed_in', user, self })
    const early = this.early
    this.early = []
    for (const envelope of early) this.take(envelope)
  }

  /** What a call met: where that was the end of the session, so it is. A frozen account may be read all the same: that is tried. */
  notice(error: TelegramError): void {
    if (fateOf(error)) this.tellLost(error)
    else if (isFrozen(error)) this.engine?.ask()
  }

  /** What a call in the background met: the end of the session, or a line in the log. */
  private judge(error: unknown): void {
    const known = toTelegramError(error)
    if (fateOf(known) || isFrozen(known)) return this.tellLost(known)
    if (known.type !== 'ABORTED') this.options.log.info({ type: known.type }, 'a call in the background failed')
  }

  private buildEngine(self: Self, cursors: Cursor[]): UpdateEngine {
    const { door, log, pollsPerSecond } = this.options
    this.schedule ??= new PollSchedule(pollsPerSecond, (box) => door.interestIn(self.id, channelOf(box)))
    return new UpdateEngine({
      self,
      cursors,
      isBegun: door.isBegun(self.id),
      closed: door.closedChats(self.id).map((chatId) => -chatId - CHANNEL_MARK),
      schedule: this.schedule,
      pollsPerSecond,
      log,
      deliver: (intake) => this.deliver(self.id, intake),
      hasRoom: door.hasRoom,
      isAddressable: (userId) => userId === self.id || this.file.inputEntity(userId) !== null,
      isWatched: (chatId) => door.interestIn(self.id, chatId) !== 'none',
      onStranger: door.onStranger,
      onUnknownChannel: door.onUnknownChannel,
      knowsUser: door.knowsUser,
      onError: (error) => this.judge(error),
      onStall: () => this.tellLost(new TelegramError('STORAGE', 0)),
    })
  }

  /**
   * Where the database stands; else where the program stopped that the file comes from; else here and now. What is first is
   * stored at once: it is known before anybody is told that somebody is signed in.
   */
  private async firstCursors(accountId: MarkedId, calls: UpdateCalls): Promise<Cursor[]> {
    const stored = this.options.door.cursors(accountId)
    if (stored.length > 0) return stored
    const inFile = this.file.updateStates().map(cursorOf)
    // Without the account's own state the rest says nothing of where that program stopped.
    const isWhole = inFile.some(({ box, pts }) => box === ACCOUNT_BOX && pts > 0)
    const cursors = isWhole ? inFile : [{ box: ACCOUNT_BOX, ...(await calls.state()) }]
    this.deliver(accountId, { users: [], chats: [], messages: [], cursors })
    return cursors
  }

  /** The tap: everything that Telegram says passes here, synchronously and in order. */
  private take(envelope: unknown): void {
    this.lastHeardAtMs = Date.now()
    if (this.engine) this.engine.accept(envelope)
    else this.early.push(envelope)
  }

  private deliver(accountId: MarkedId, intake: Intake): boolean {
    if (!this.options.door.onIntake(accountId, intake)) return false
    for (const { box, pts, qts, date, seq } of intake.cursors) this.file.putUpdateState(box, { pts, qts, date, seq })
    return true
  }
}

function cursorOf(row: UpdateStateRow): Cursor {
  const { id, pts, qts, date, seq } = row
  return { box: Number(id), pts: Number(pts), qts: Number(qts), date: Number(date), seq: Number(seq) }
}
