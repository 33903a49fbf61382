import type { Logger } from '@tgsentinel/kernel/log'
import { InvalidSessionFile } from '@tgsentinel/session-codec/session-codec'
import type { SessionEvent } from '../bus/bus'
import type { TelegramApp } from '../config'
import type { Cursor, ImportState, Intake, MarkedId, OwnerState, UserInfo } from '../model'
import type { SettingTable } from '../store/settings'
import { CallQueue, type FloodWait, type QueueState } from './call-queue'
import { importFailure, stateMessage, waitingMessage } from './owner-messages'
import type { SessionFile } from './session-file'
import { lockSession, type SessionLock } from './session-lock'
import { SessionStore } from './session-store'
import { verifyStaged } from './staged-session'
import { Supervisor, type SupervisorChange } from './supervisor'
import { TelegramError } from './telegram-error'

export interface TelegramOptions {
  sessionPath: string
  /** The bundled child process that reads uploads. */
  inspectorPath: string
  dataCentres: readonly string[]
  /** From the environment, or undefined where the page may set it. */
  app: TelegramApp | undefined
  settings: SettingTable
  log: Logger
  knownCursors: (accountId: MarkedId) => Cursor[]
  onIntake: (accountId: MarkedId, intake: Intake) => void
  knowsUser: (id: MarkedId) => boolean
  onChange: () => void
  onSessionEvent: (event: SessionEvent) => void
}

/** How the owner is now, as plain facts. */
export interface OwnerSnapshot {
  state: OwnerState
  stateMessage: string
  isConnected: boolean
  user: UserInfo | null
  generation: number
  import: ImportState | null
  lastHeardAtMs: number | null
  hasApp: boolean
  isAppFromEnvironment: boolean
  floodWait: FloodWait | null
  queue: QueueState
}

interface Running {
  stop: AbortController
  done: Promise<void>
}

/**
 * The single owner of the Telegram session: it alone opens the file and makes calls. It holds the operating system's lock,
 * keeps the session in force connected, and verifies an import before that takes its place.
 */
export class Telegram {
  readonly queue: CallQueue
  private readonly sessions: SessionStore
  private lock: SessionLock | undefined
  private supervisor: Supervisor | undefined
  private supervising: Running | undefined
  private verifying: Running | undefined
  private state: OwnerState = 'signed_out'
  private stateDetail: string | null = null
  private user: UserInfo | null = null
  private isConnected = false
  private importState: ImportState | null = null
  /** Imports and promotions, one after another. */
  private turn: Promise<unknown> = Promise.resolve()
  private isClosed = false

  constructor(private readonly options: TelegramOptions) {
    this.queue = new CallQueue(() => undefined)
    const rebuild = { allow: options.dataCentres, inspectorPath: options.inspectorPath }
    this.sessions = new SessionStore(options.sessionPath, options.settings, rebuild)
  }

  /** @throws SessionLocked when another sentinel has the session */
  start(): void {
    this.lock = lockSession(this.options.sessionPath)
    this.resume()
  }

  get snapshot(): OwnerSnapshot {
    return {
      state: this.state,
      stateMessage: stateMessage(this.state, this.user, this.stateDetail),
      isConnected: this.isConnected,
      user: this.user,
      generation: this.sessions.generation,
      import: this.importState,
      lastHeardAtMs: this.supervisor?.lastHeardAtMs ?? null,
      hasApp: this.app !== undefined,
      isAppFromEnvironment: this.options.app !== undefined,
      floodWait: this.queue.floodWait,
      queue: this.queue.state,
    }
  }

  /**
   * Takes an uploaded session file. What was ever authorized stays in force until Telegram accepts the new one.
   * @returns the new session's generation
   * @throws InvalidSessionFile, SessionRebuildFailed
   */
  importSession(bytes: Buffer): Promise<number> {
    return this.inTurn(async () => {
      await this.sessions.receive(bytes)
      await stop(this.verifying)
      const generation = this.sessions.stage()
      this.options.onSessionEvent({ event: 'session_imported', generation })
      this.setImport({
        generation,
        state: 'verifying',
        code: null,
        message: 'Connecting to Telegram with the imported session.',
      })
      if (this.sessions.isProtected) this.verify(generation)
      else await this.promote(generation)
      return generation
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
    this.queue.close()
    await Promise.all([stop(this.verifying), stop(this.supervising)])
    await this.turn
    await Promise.all([stop(this.verifying), stop(this.supervising)])
    this.lock?.close()
  }

  private get app(): TelegramApp | undefined {
    if (this.options.app) return this.options.app
    const { settings } = this.options
    const apiHash = settings.get('telegram_api_hash')
    return apiHash === undefined ? undefined : { apiId: settings.number('telegram_api_id'), apiHash }
  }

  /** Takes up the session in force, and an import that waits to be verified. */
  private resume(): void {
    void this.inTurn(async () => {
      await stop(this.verifying)
      await this.supervise()
      if (this.sessions.hasStaged) this.verify(this.sessions.latestGeneration)
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

  /** Begins anew with the file that is in force. */
  private async supervise(): Promise<void> {
    await stop(this.supervising)
    this.supervising = undefined
    if (this.isClosed) return
    const file = await this.openCurrent()
    if (!file) return
    const app = this.app
    if (!app) {
      file.close()
      this.setState('needs_app')
      return this.reportWaiting('NEEDS_APP')
    }
    const controller = new AbortController()
    this.supervising = { stop: controller, done: this.watched(this.runSupervisor(file, app, controller.signal)) }
  }

  private async openCurrent(): Promise<SessionFile | null> {
    try {
      const file = await this.sessions.openCurrent()
      if (!file) this.setState('signed_out')
      return file
    } catch (error) {
      this.options.log.error({ err: error }, 'the session file cannot be used; it is kept')
      this.setState('session_invalid', error instanceof InvalidSessionFile ? error.message : null)
      return null
    }
  }

  private async runSupervisor(file: SessionFile, app: TelegramApp, signal: AbortSignal): Promise<void> {
    const { dataCentres, log, knownCursors, onIntake, knowsUser } = this.options
    const onChange = (change: SupervisorChange) => this.follow(change)
    this.supervisor = new Supervisor(file, {
      app,
      dataCentres,
      queue: this.queue,
      log,
      knownCursors,
      onIntake,
      knowsUser,
      onChange,
    })
    try {
      const { end, error } = await this.supervisor.run(signal)
      log.error({ type: error.type, end }, 'the session cannot be used any more')
      this.isConnected = false
      this.user = null
      this.setState(end, end === 'needs_app' ? `Telegram refused the application (${error.type}).` : null)
      if (this.ownsImport) this.failImport(error)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      this.isConnected = false
      this.user = null
      file.close()
    }
  }

  private follow(change: SupervisorChange): void {
    switch (change.type) {
      case 'connecting':
        this.isConnected = false
        return this.setState('connecting')
      case 'signed_in':
        return this.acceptSession(change.user)
      case 'lost':
        this.isConnected = false
        this.setState('connecting', waitingMessage(change.error, change.retryMs))
        return this.reportWaiting(change.error.type, waitingMessage(change.error, change.retryMs))
      default:
        return change satisfies never
    }
  }

  private acceptSession(user: UserInfo): void {
    const generation = this.sessions.generation
    this.user = user
    this.isConnected = true
    this.sessions.markAuthorized()
    this.options.log.info({ generation, user_id: user.user_id }, 'signed in to Telegram')
    this.options.onSessionEvent({ event: 'session_authorized', generation, user_id: user.user_id })
    if (this.ownsImport)
      this.importState = { generation, state: 'authorized', code: null, message: stateMessage('signed_in', user, null) }
    this.setState('signed_in')
  }

  /** Whether the import that is being watched is the session in force. */
  private get ownsImport(): boolean {
    return this.importState?.state === 'verifying' && this.importState.generation === this.sessions.generation
  }

  private reportWaiting(code: string, message = stateMessage('needs_app', null, null)): void {
    if (this.ownsImport && this.importState) this.setImport({ ...this.importState, code, message })
  }

  /** Tries the staged session beside the one in force; takes it in when Telegram accepts it. */
  private verify(generation: number): void {
    const controller = new AbortController()
    this.verifying = { stop: controller, done: this.watched(this.runVerification(generation, controller.signal)) }
  }

  /** What goes on in the background ends with a line in the log, never by ending the process or the next step. */
  private watched(work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => this.options.log.error({ err: error }, 'the owner stumbled'))
  }

  private async runVerification(generation: number, signal: AbortSignal): Promise<void> {
    const { dataCentres, log } = this.options
    const onWaiting = (error: TelegramError, retryMs: number) =>
      this.setImport({ generation, state: 'verifying', code: error.type, message: waitingMessage(error, retryMs) })
    const options = { app: this.app, dataCentres, queue: this.queue, log, onWaiting }
    const verdict = await verifyStaged(() => this.sessions.openStaged(), options, signal)
    if (signal.aborted || verdict.type === 'needs_app') return
    if (verdict.type === 'accepted') {
      return void this.inTurn(async () => signal.aborted || (await this.promote(generation)))
    }
    this.sessions.dropStaged()
    this.failImport(verdict.error, generation)
  }

  private async promote(generation: number): Promise<void> {
    await stop(this.supervising)
    this.supervising = undefined
    this.sessions.promote(generation)
    this.options.log.info({ generation }, 'a session was put in force')
    await this.supervise()
  }

  private failImport(error: TelegramError, generation = this.sessions.generation): void {
    const message = importFailure(error, generation !== this.sessions.generation)
    this.setImport({ generation, state: 'failed', code: error.type, message })
  }

  private setImport(state: ImportState): void {
    this.importState = state
    this.options.onChange()
  }

  private setState(state: OwnerState, detail: string | null = null): void {
    this.state = state
    this.stateDetail = detail
    this.options.onChange()
  }
}

async function stop(running: Running | undefined): Promise<void> {
  running?.stop.abort(new TelegramError('ABORTED', 0))
  await running?.done
}
