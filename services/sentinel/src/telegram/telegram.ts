import type { Logger } from '@tgsentinel/kernel/log'
import { SECOND } from '@tgsentinel/kernel/time'
import { InvalidSessionFile } from '@tgsentinel/session-codec/session-codec'
import type { SessionEvent } from '../bus/bus'
import type { DataCentre, TelegramApp } from '../config'
import type {
  Cursor,
  ImportState,
  Intake,
  MarkedId,
  OwnerState,
  SessionFormat,
  SessionOrigin,
  UserInfo,
} from '../model'
import type { SettingTable } from '../store/settings'
import { AttemptThrottle } from './attempt-throttle'
import { CallQueue, type CallReport, type FloodWait, type QueueState } from './call-queue'
import type { ConnectingOptions } from './connecting'
import { PeerPhotos } from './peer-photos'
import { TelegramReader } from './reader'
import { TelegramSender } from './sender'
import { SessionArrival } from './session-arrival'
import { SessionInForce } from './session-in-force'
import { lockSession, type SessionLock } from './session-lock'
import type { SessionServerRow } from './session-schema'
import { rebuildSessionFile } from './session-import'
import { writeSessionString } from './session-string'
import { SessionStore, type SessionDescription, type SessionWriter } from './session-store'
import { SideLink } from './side-link'
import { SignIn } from './sign-in'

export interface TelegramOptions {
  sessionPath: string
  /** The bundled child process that reads uploads. */
  inspectorPath: string
  dataCentres: readonly string[]
  startDataCentre: DataCentre
  serverKeys: readonly string[]
  /** From the environment, or undefined where the page may set it. */
  app: TelegramApp | undefined
  settings: SettingTable
  log: Logger
  knownCursors: (accountId: MarkedId) => Cursor[]
  onIntake: (accountId: MarkedId, intake: Intake) => void
  knowsUser: (id: MarkedId) => boolean
  onStranger: () => void
  onSignedIn: () => void
  onChange: () => void
  onSignInChange: () => void
  onSessionEvent: (event: SessionEvent) => void
  onCall: (report: CallReport) => void
  /** An attempt at signing in, and for how many seconds it counts. */
  onAttempt: (action: string, windowS: number) => void
}

/** How the owner is now, as plain facts. */
export interface OwnerSnapshot {
  state: OwnerState
  stateMessage: string
  isConnected: boolean
  connectedSinceMs: number | null
  user: UserInfo | null
  generation: number
  import: ImportState | null
  lastHeardAtMs: number | null
  hasApp: boolean
  isAppFromEnvironment: boolean
  floodWait: FloodWait | null
  queue: QueueState
}

/** How long a sign-in waits for Telegram's word on the session that came of it. */
const ACCEPTANCE_MS = 15 * SECOND

/**
 * The single owner of the Telegram session: it alone opens the file and makes calls. It holds the operating system's lock,
 * keeps the session in force connected, and verifies an import before that takes its place.
 */
export class Telegram {
  readonly queue: CallQueue
  readonly signIn: SignIn
  readonly reader: TelegramReader
  readonly sender: TelegramSender
  private readonly photos: PeerPhotos
  private readonly sessions: SessionStore
  private readonly arrival: SessionArrival
  private lock: SessionLock | undefined
  private readonly inForce: SessionInForce
  /** Told when the session in force is accepted. */
  private readonly accepted = new Set<() => void>()
  /** Imports and promotions, one after another. */
  private turn: Promise<unknown> = Promise.resolve()
  private isClosed = false

  constructor(private readonly options: TelegramOptions) {
    const { sessionPath, settings, dataCentres, inspectorPath } = options
    this.queue = new CallQueue({ onReport: options.onCall, onFlood: options.onChange })
    this.sessions = new SessionStore(sessionPath, settings, { allow: dataCentres, inspectorPath })
    this.arrival = this.buildArrival()
    this.inForce = this.buildInForce()
    this.signIn = this.buildSignIn()
    const own = { ...this.connecting('files'), app: () => this.app }
    this.photos = new PeerPhotos({ caller: this.inForce, ...own })
    this.reader = new TelegramReader({ caller: this.inForce, self: () => this.inForce.self, photos: this.photos })
    this.sender = new TelegramSender(this.inForce)
  }

  /** @throws SessionLocked when another sentinel has the session */
  start(): void {
    this.lock = lockSession(this.options.sessionPath)
    this.resume()
  }

  get snapshot(): OwnerSnapshot {
    return {
      state: this.inForce.state,
      stateMessage: this.inForce.message,
      isConnected: this.inForce.connectedSinceMs !== null,
      connectedSinceMs: this.inForce.connectedSinceMs,
      user: this.inForce.user,
      generation: this.sessions.generation,
      import: this.arrival.state,
      lastHeardAtMs: this.inForce.lastHeardAtMs,
      hasApp: this.app !== undefined,
      isAppFromEnvironment: this.options.app !== undefined,
      floodWait: this.queue.floodWait,
      queue: this.queue.state,
    }
  }

  /** The file in force. @throws SQLite's errors */
  describeSession(): SessionDescription {
    return this.sessions.describe()
  }

  /**
   * Takes an uploaded session file. What was ever authorized stays in force until Telegram accepts the new one.
   * @returns the new session's generation
   * @throws InvalidSessionFile, SessionRebuildFailed
   */
  importFile(bytes: Buffer, format: SessionFormat): Promise<number> {
    return this.importSession((path, options) => rebuildSessionFile(bytes, path, { ...options, format }))
  }

  /** The same for a session string of another program. @throws InvalidSessionFile, SQLite's and the disk's errors */
  importString(text: string): Promise<number> {
    return this.importSession(async (path, options) => writeSessionString(text, path, options))
  }

  private importSession(write: SessionWriter): Promise<number> {
    return this.inTurn(async () => {
      await this.sessions.receive(write)
      await this.arrival.stop()
      const generation = this.sessions.stage()
      this.options.onSessionEvent({ event: 'session_imported', generation })
      this.arrival.announce(generation)
      if (this.sessions.isProtected) this.arrival.verify(generation)
      else await this.promote(generation, 'import')
      return generation
    })
  }

  /**
   * Ends the session at Telegram and removes its key; nothing changes where Telegram cannot be told.
   * @throws ApiError
   */
  async signOut(signal: AbortSignal): Promise<void> {
    const { Api } = await import('./gramjs')
    await this.inForce.call({ method: 'auth.logOut', signal }, (connection, callSignal) =>
      connection.call(new Api.auth.LogOut(), callSignal),
    )
    await this.inTurn(async () => {
      await Promise.all([this.inForce.stop(), this.photos.close()])
      this.sessions.removeKey()
      this.inForce.setState('signed_out')
      this.options.onSessionEvent({ event: 'session_logout', generation: this.sessions.generation })
    })
  }

  /** Removes the session file; Telegram is not told. False where there is none. */
  forgetSession(): Promise<boolean> {
    return this.inTurn(async () => {
      await this.arrival.stop()
      this.arrival.state = null
      await this.inForce.stop()
      const existed = this.sessions.remove()
      this.inForce.setState('signed_out')
      if (existed) this.options.onSessionEvent({ event: 'session_logout', generation: this.sessions.generation })
      return existed
    })
  }

  /** Keeps a Telegram application; a session that waited for it connects. */
  setApp(app: TelegramApp): void {
    this.options.settings.set('telegram_api_id', app.apiId)
    this.options.settings.set('telegram_api_hash', app.apiHash)
    this.resume()
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.signIn.close()
    this.queue.close()
    await Promise.all([this.arrival.stop(), this.inForce.stop(), this.photos.close()])
    await this.turn
    await Promise.all([this.arrival.stop(), this.inForce.stop()])
    this.lock?.close()
  }

  private get app(): TelegramApp | undefined {
    if (this.options.app) return this.options.app
    const { settings } = this.options
    const apiHash = settings.get('telegram_api_hash')
    return apiHash === undefined ? undefined : { apiId: settings.number('telegram_api_id'), apiHash }
  }

  private connecting(scope: string): Omit<ConnectingOptions, 'app'> {
    const { dataCentres, serverKeys, log } = this.options
    return { dataCentres, serverKeys, queue: this.queue, scope, log }
  }

  private buildArrival(): SessionArrival {
    const { log, onChange } = this.options
    return new SessionArrival({
      sessions: this.sessions,
      verifying: () => ({ ...this.connecting('staged'), app: this.app }),
      log,
      onChange,
      onAccepted: (generation, signal) =>
        void this.inTurn(async () => signal.aborted || (await this.promote(generation, 'import'))),
    })
  }

  private buildInForce(): SessionInForce {
    const { knownCursors, onIntake, knowsUser, onStranger, onChange } = this.options
    const { sessions, arrival } = this
    return new SessionInForce({
      ...{ sessions, knownCursors, onIntake, knowsUser, onStranger, onChange },
      app: () => this.app,
      connecting: (scope) => this.connecting(scope),
      onSignedIn: (user) => this.acceptSession(user),
      onWaiting: (code, message) => arrival.wait(sessions.generation, code, message),
      onEnded: (error) => arrival.end(sessions.generation, error),
    })
  }

  private buildSignIn(): SignIn {
    const { settings, startDataCentre, log, onAttempt } = this.options
    const wasInterrupted = settings.get('sign_in_pending') !== undefined
    settings.delete('sign_in_pending')
    return new SignIn({
      app: () => this.app,
      openLink: (app, onEnvelope, signal) =>
        new SideLink({ ...this.connecting('sign-in'), app, start: startDataCentre, onEnvelope, signal }),
      throttle: new AttemptThrottle(Date.now, onAttempt),
      log,
      wasInterrupted,
      onChange: () => this.followSignIn(),
      takeIn: (row, userId, origin) => this.takeIn(row, userId, origin),
    })
  }

  /** A mark that outlives the process, so that a sign-in cut off by a restart can be told of. */
  private followSignIn(): void {
    const { settings, onSignInChange } = this.options
    const isMarked = settings.get('sign_in_pending') !== undefined
    if (this.signIn.isUnderWay && !isMarked) settings.set('sign_in_pending', 1)
    if (!this.signIn.isUnderWay && isMarked && !this.isClosed) settings.delete('sign_in_pending')
    onSignInChange()
  }

  private async takeIn(row: SessionServerRow, userId: bigint, origin: SessionOrigin): Promise<number> {
    const generation = await this.inTurn(async () => {
      this.sessions.compose(row, userId)
      await this.arrival.stop()
      const staged = this.sessions.stage()
      await this.promote(staged, origin)
      return staged
    })
    await this.acceptance()
    return generation
  }

  /** Resolves when the session in force is accepted, or after a while. */
  private async acceptance(): Promise<void> {
    if (this.inForce.state === 'signed_in') return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ACCEPTANCE_MS).unref()
      this.accepted.add(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  /** Takes up the session in force, and an import that waits to be verified. */
  private resume(): void {
    void this.inTurn(async () => {
      await this.arrival.stop()
      await this.begin()
      if (this.sessions.hasStaged) this.arrival.verify(this.sessions.latestGeneration)
    }).catch(() => undefined)
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work)
    this.turn = result.catch((error: unknown) => {
      if (!(error instanceof InvalidSessionFile))
        this.options.log.error({ err: error }, 'the owner could not finish a step')
    })
    return result
  }

  private async promote(generation: number, origin: SessionOrigin): Promise<void> {
    await Promise.all([this.inForce.stop(), this.photos.close()])
    this.sessions.promote(generation, origin)
    this.options.log.info({ generation, origin }, 'a session was put in force')
    await this.begin()
  }

  private async begin(): Promise<void> {
    await this.inForce.stop()
    if (!this.isClosed) await this.inForce.begin()
  }

  private acceptSession(user: UserInfo): void {
    const generation = this.sessions.generation
    this.sessions.markAuthorized()
    this.options.log.info({ generation, user_id: user.user_id }, 'signed in to Telegram')
    this.options.onSessionEvent({ event: 'session_authorized', generation, user_id: user.user_id })
    this.arrival.accept(generation, user)
    for (const tell of this.accepted) tell()
    this.accepted.clear()
    this.options.onSignedIn()
  }
}
