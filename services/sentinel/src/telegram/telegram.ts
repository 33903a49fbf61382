import { SECOND } from '@tgsentinel/kernel/time'
import type { TelegramApp } from '../config'
import { CHANNEL_MARK, type MarkedId, type SessionFormat, type SessionOrigin, type UserInfo } from '../model'
import type { DataCentrePlace } from '../proxies/dialing'
import { AttemptThrottle } from './attempt-throttle'
import { CallQueue } from './call-queue'
import type { ConnectingOptions } from './connecting'
import { InternalErrors } from './internal-errors'
import { placeOf } from './data-centre'
import { keepApp, keptApp } from './kept-app'
import { ACCEPTED, UNTOLD, type OwnerSnapshot, type TelegramOptions } from './owner-facts'
import { loadedMessage } from './owner-messages'
import { OwnerSteps } from './owner-steps'
import { PeerPhotos } from './peer-photos'
import { TelegramReader } from './reader'
import { TelegramSender } from './sender'
import { SessionArrival } from './session-arrival'
import { rebuildSessionFile } from './session-import'
import { SessionInForce } from './session-in-force'
import type { FileLock } from '@tgsentinel/database/file-lock'
import { lockSession } from './session-lock'
import type { SessionServerRow } from './session-schema'
import { SessionStore, type SessionDescription, type SessionWriter } from './session-store'
import { writeSessionString } from './session-string'
import { SideLink } from './side-link'
import { SignIn } from './sign-in'
import { TelegramError, toTelegramError } from './telegram-error'

/** How long a sign-in waits for Telegram's word on the session that came of it. */
const ACCEPTANCE_MS = 15 * SECOND

/**
 * The single owner of the Telegram session: it alone opens the file and makes calls. It holds the operating system's lock,
 * keeps the session in force connected, and verifies an import before that takes its place.
 */
export class Telegram {
  readonly queue: CallQueue
  readonly internal: InternalErrors
  readonly signIn: SignIn
  readonly reader: TelegramReader
  readonly sender: TelegramSender
  private readonly throttle: AttemptThrottle
  private readonly photos: PeerPhotos
  private readonly sessions: SessionStore
  private readonly arrival: SessionArrival
  private lock: FileLock | undefined
  private readonly inForce: SessionInForce
  /** Told when it is known whether the session in force is accepted. */
  private tellSettled: () => void = () => undefined
  private readonly steps: OwnerSteps
  private isClosed = false

  constructor(private readonly options: TelegramOptions) {
    const { sessionPath, settings, dataCentres, inspectorPath } = options
    this.internal = new InternalErrors(options.log)
    this.steps = new OwnerSteps(options.log)
    this.queue = new CallQueue({ onReport: options.onCall, onFlood: options.onChange })
    const onReplaced = () => this.lock?.follow()
    this.sessions = new SessionStore(sessionPath, settings, { allow: dataCentres, inspectorPath }, onReplaced)
    this.throttle = new AttemptThrottle(undefined, options.onAttempt)
    this.arrival = this.buildArrival()
    this.inForce = this.buildInForce()
    this.signIn = this.buildSignIn()
    const own = { ...this.connecting('files'), isMedia: true, app: () => this.app }
    this.photos = new PeerPhotos({ caller: this.inForce, ...own })
    this.reader = new TelegramReader({
      caller: this.inForce,
      self: () => this.inForce.self,
      photos: this.photos,
      onDialogs: (dialogs, askedAtMs) => this.inForce.engine?.noticeDialogs(dialogs, askedAtMs),
    })
    this.sender = new TelegramSender(this.inForce)
  }

  /** @throws SessionLocked when another sentinel has the session */
  start(): void {
    this.lock = lockSession(this.options.sessionPath)
    this.options.log.info({ session_path: this.options.sessionPath }, 'Using session file')
    this.signIn.wake(this.options.settings.get('sign_in_pending') !== undefined)
    this.mark(false)
    this.resume()
  }

  get snapshot(): OwnerSnapshot {
    return {
      state: this.inForce.state,
      stateMessage: this.inForce.message,
      isAuthorized: this.isAuthorized,
      isConnected: this.inForce.connectedSinceMs !== null,
      connectedSinceMs: this.inForce.connectedSinceMs,
      user: this.inForce.user,
      freeze: this.inForce.freeze,
      generation: this.sessions.generation,
      import: this.arrival.state,
      lastHeardAtMs: this.inForce.lastHeardAtMs,
      hasApp: this.app !== undefined,
      isAppFromEnvironment: this.options.app !== undefined,
      proxy: this.options.dialing.proxies.inUse,
      floodWait: this.queue.floodWait,
      reachedLimits: this.throttle.reached.map(({ action, leftMs }) => ({ action, untilMs: Date.now() + leftMs })),
      queue: this.queue.state,
    }
  }

  /** As Telegram said last: a network that is gone, or a restart, takes nothing back. */
  private get isAuthorized(): boolean {
    const { state } = this.inForce
    return ACCEPTED.includes(state) || (UNTOLD.includes(state) && this.sessions.isProtected)
  }

  /** Within how long a channel is asked again; 0 where it is not asked. */
  pollBoundMs(chatId: MarkedId): number {
    return this.inForce.schedule?.boundMs(-chatId - CHANNEL_MARK) ?? 0
  }

  /** The same for the channel that is asked least. */
  get worstPollBoundMs(): number {
    return this.inForce.schedule?.worstBoundMs ?? 0
  }

  /** The file in force. @throws SQLite's errors */
  describeSession(): SessionDescription {
    return this.sessions.describe()
  }

  /**
   * Takes an uploaded session file. What is in force stays until Telegram accepts the new one; without a Telegram application
   * what was never authorized makes room at once. The signal gives the import up, until its generation is returned.
   * @returns the new session's generation
   * @throws InvalidSessionFile, SessionRebuildFailed, TelegramError where the signal aborts
   */
  importFile(bytes: Buffer, format: SessionFormat, signal: AbortSignal): Promise<number> {
    const write: SessionWriter = (path, options) => rebuildSessionFile(bytes, path, { ...options, format, signal })
    return this.importSession(write, signal)
  }

  /** The same for a session string of another program. @throws InvalidSessionFile, SQLite's and the disk's errors */
  importString(text: string, signal: AbortSignal): Promise<number> {
    return this.importSession(async (path, options) => writeSessionString(text, path, options), signal)
  }

  private async importSession(write: SessionWriter, signal: AbortSignal): Promise<number> {
    const generation = await this.steps.take(async () => {
      const refuse = (error: unknown) => this.arrival.refuse(signal.aborted ? new TelegramError('ABORTED', 0) : error)
      if (signal.aborted) refuse(signal.reason)
      await this.sessions.receive(write).catch(refuse)
      await this.arrival.stop()
      const staged = this.sessions.stage()
      this.options.onSessionEvent({ event: 'session_imported', generation: staged })
      this.arrival.announce(staged)
      if (this.app || this.sessions.isProtected) this.arrival.verify(staged)
      else await this.promote(staged, 'import')
      return staged
    })
    if (signal.aborted && (await this.cancelImport(generation)) !== null) throw new TelegramError('ABORTED', 0)
    return generation
  }

  /**
   * Gives up the import that is under way, or only that of a generation: what was imported is deleted, and what is in force
   * stays. Null where there is none, or where it is in force and accepted.
   */
  cancelImport(generation?: number): Promise<number | null> {
    return this.steps.take(async () => {
      const { state } = this.arrival
      if (state?.state !== 'verifying' || (generation ?? state.generation) !== state.generation) return null
      if (state.generation !== this.sessions.generation) {
        await this.arrival.stop()
        this.sessions.dropStaged()
      } else if (this.sessions.isProtected) return null
      else await this.change(() => this.sessions.remove())
      this.arrival.fail(state.generation, new TelegramError('CANCELLED', 0))
      return state.generation
    })
  }

  /**
   * Ends the session at Telegram and removes its key; nothing changes where Telegram cannot be told.
   * @throws ApiError
   */
  async signOut(signal: AbortSignal): Promise<void> {
    const { Api } = await import('./gramjs')
    const { generation } = this.sessions
    await this.inForce.call({ method: 'auth.logOut', signal }, (connection, callSignal) =>
      connection.call(new Api.auth.LogOut(), callSignal),
    )
    await this.steps.take(async () => {
      // Another session may have taken its place meanwhile: that one stays.
      if (this.sessions.generation !== generation) return
      await this.change(() => this.sessions.removeKey())
      this.options.onSessionEvent({ event: 'session_logout', generation })
    })
  }

  /** Removes the session file; Telegram is not told. False where there is none. */
  forgetSession(): Promise<boolean> {
    return this.steps.take(async () => {
      await this.arrival.stop()
      this.arrival.state = null
      const existed = await this.change(() => this.sessions.remove())
      if (existed) this.options.onSessionEvent({ event: 'session_logout', generation: this.sessions.generation })
      return existed
    })
  }

  /** Keeps a Telegram application; a session that waited for it connects. */
  setApp(app: TelegramApp): void {
    keepApp(this.options.settings, app)
    this.resume()
  }

  /** Makes every connection anew, as it is dialled now; a sign-in under way goes on. */
  async redial(): Promise<void> {
    await Promise.all([this.signIn.dropLink(), this.photos.close()])
    this.resume()
  }

  /** What a test of the way to Telegram asks: the data centre of the session, or that where a sign-in begins. */
  get probeTarget(): { dcId: number; place: DataCentrePlace } {
    const { startDataCentre, dialing } = this.options
    const home = this.sessions.dataCentre ?? startDataCentre
    return { dcId: home.dcId, place: placeOf(home, dialing.proxies.ip, false) }
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.options.dialing.proxies.close()
    this.tellSettled()
    await this.signIn.close()
    this.queue.close()
    await Promise.all([this.arrival.stop(), this.inForce.stop(), this.photos.close()])
    await this.steps.done
    await Promise.all([this.arrival.stop(), this.inForce.stop()])
    this.lock?.close()
  }

  private get app(): TelegramApp | undefined {
    return this.options.app ?? keptApp(this.options.settings)
  }

  private connecting(scope: string): Omit<ConnectingOptions, 'app'> {
    const { dataCentres, dialing, serverKeys, log } = this.options
    return { dataCentres, dialing, serverKeys, queue: this.queue, scope, internal: this.internal, log }
  }

  private buildArrival(): SessionArrival {
    const { log, onChange, onImportEnd } = this.options
    return new SessionArrival({
      sessions: this.sessions,
      app: () => this.app,
      verifying: () => this.connecting(`staged ${this.sessions.latestGeneration}`),
      log,
      onChange,
      onEnd: onImportEnd,
      onAccepted: (generation, signal) =>
        void this.steps.take(async () => signal.aborted || this.takeForce(generation)).catch(() => undefined),
    })
  }

  private buildInForce(): SessionInForce {
    const { door, pollsPerSecond, onChange } = this.options
    const { sessions, arrival } = this
    return new SessionInForce({
      ...{ sessions, door, pollsPerSecond, onChange },
      app: () => this.app,
      connecting: (scope) => this.connecting(scope),
      onSignedIn: (user) => {
        this.acceptSession(user)
        this.options.onSignedIn()
      },
      onFrozen: (user) => this.acceptSession(user),
      onWaiting: (code, message) => arrival.wait(sessions.generation, code, message),
      onEnded: (error) => {
        arrival.end(sessions.generation, error)
        this.tellSettled()
      },
    })
  }

  private buildSignIn(): SignIn {
    const { startDataCentre, log } = this.options
    return new SignIn({
      app: () => this.app,
      openLink: (app, scope, onEnvelope, signal) =>
        new SideLink({ ...this.connecting(`sign-in ${scope}`), app, start: startDataCentre, onEnvelope, signal }),
      throttle: this.throttle,
      log,
      onChange: () => this.followSignIn(),
      takeIn: (row, userId, origin) => this.takeIn(row, userId, origin),
    })
  }

  private followSignIn(): void {
    // At the last step the mark stays until the session is in force.
    if (this.signIn.view.step !== 'finishing' && !this.isClosed) this.mark(this.signIn.isUnderWay)
    this.options.onSignInChange()
  }

  /** A mark that outlives the process, so that a sign-in cut off by a restart can be told of. */
  private mark(isUnderWay: boolean): void {
    const { settings } = this.options
    if (isUnderWay !== (settings.get('sign_in_pending') !== undefined))
      this.remember(() => settings.change({ sign_in_pending: isUnderWay ? 1 : null }))
  }

  /** What is good to know later must not stop what is done now. */
  private remember(write: () => void): void {
    try {
      write()
    } catch (error) {
      this.options.log.error({ err: error }, 'a setting could not be written')
    }
  }

  /** Resolves with the generation, and whether Telegram has accepted it by now. */
  private async takeIn(row: SessionServerRow, userId: bigint, origin: SessionOrigin) {
    const generation = await this.steps.take(async () => {
      this.sessions.compose(row, userId)
      await this.arrival.stop()
      this.arrival.replace()
      const staged = this.sessions.stage()
      await this.promote(staged, origin)
      this.mark(false)
      return staged
    })
    return { generation, isAccepted: await this.acceptance() }
  }

  /** Whether the session in force is accepted: at once, or as soon as that is known, or not within a while. */
  private async acceptance(): Promise<boolean> {
    if (!ACCEPTED.includes(this.inForce.state) && !this.isClosed) {
      await new Promise<void>((resolve) => {
        this.tellSettled = resolve
        setTimeout(resolve, ACCEPTANCE_MS).unref()
      })
    }
    return ACCEPTED.includes(this.inForce.state)
  }

  /** Takes up the session in force, and an import that waits to be verified. */
  private resume(): void {
    void this.steps
      .take(async () => {
        await this.arrival.stop()
        await this.begin()
        if (this.sessions.hasStaged) this.arrival.verify(this.sessions.latestGeneration)
      })
      .catch(() => undefined)
  }

  /** Telegram has accepted the staged session. */
  private async takeForce(generation: number): Promise<void> {
    await this.promote(generation, 'import')
    this.remember(() => this.sessions.markAuthorized())
  }

  private async promote(generation: number, origin: SessionOrigin): Promise<void> {
    try {
      await this.change(() => this.sessions.promote(generation, origin))
    } catch (error) {
      this.sessions.dropStaged()
      this.arrival.fail(generation, toTelegramError(error))
      throw error
    }
    const text = origin === 'import' ? 'Session import: in force' : 'a session was put in force'
    this.options.log.info({ generation, origin }, text)
  }

  /** Changes what is in force: its connection is stopped before, and whatever is in force afterwards begins anew. */
  private async change<T>(work: () => T): Promise<T> {
    await Promise.all([this.inForce.stop(), this.photos.close()])
    try {
      return work()
    } finally {
      await this.begin()
    }
  }

  private async begin(): Promise<void> {
    await this.inForce.stop()
    if (!this.isClosed) await this.inForce.begin()
  }

  private acceptSession(user: UserInfo): void {
    const generation = this.sessions.generation
    this.remember(() => this.sessions.markAuthorized())
    this.options.log.info({ generation, user_id: user.user_id }, loadedMessage(user))
    this.options.onSessionEvent({ event: 'session_authorized', generation, user_id: user.user_id })
    this.arrival.accept(generation, user)
    // After the state itself has changed.
    queueMicrotask(() => this.tellSettled())
  }
}
