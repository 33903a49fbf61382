import type { TelegramApp } from '../config'
import type { OwnerState, UserInfo } from '../model'
import { InvalidSessionFile } from '@tgsentinel/session-codec/session-codec'
import type { CallOptions } from './call-queue'
import type { ConnectingOptions } from './connecting'
import type { Freeze } from './freeze'
import type { Caller } from './caller'
import type { Connection } from './connection'
import type { Self } from './message'
import { frozenMessage, stateMessage, waitingMessage } from './owner-messages'
import { start, stop, type Running } from './running'
import type { SessionFile } from './session-file'
import type { SessionStore } from './session-store'
import { Supervisor, type SupervisorChange, type SupervisorOptions } from './supervisor'
import { TelegramError, toTelegramError } from './telegram-error'
import { toFailure } from './telegram-failure'
import type { PollSchedule } from './updates/poll-schedule'
import type { UpdateEngine } from './updates/update-engine'

export interface InForceOptions extends Pick<SupervisorOptions, 'door' | 'pollsPerSecond'> {
  sessions: SessionStore
  app: () => TelegramApp | undefined
  connecting: (scope: string) => Omit<ConnectingOptions, 'app'>
  onChange: () => void
  onSignedIn: (user: UserInfo) => void
  /** Telegram takes the key, and lets the account read nothing. */
  onFrozen: (user: UserInfo) => void
  /** It waits for something: a code, and a sentence where there is more to say. */
  onWaiting: (code: string, message?: string) => void
  onEnded: (error: TelegramError) => void
}

/** The session in force: its state, its connection, and the calls that are made on it. */
export class SessionInForce implements Caller {
  state: OwnerState = 'signed_out'
  user: UserInfo | null = null
  connectedSinceMs: number | null = null
  /** Only in the state of that name. */
  freeze: Freeze | null = null
  private detail: string | null = null
  private lastSelf: Self | null = null
  private supervisor: Supervisor | undefined
  private running: Running | undefined

  constructor(private readonly options: InForceOptions) {}

  get message(): string {
    return this.freeze ? frozenMessage(this.freeze) : stateMessage(this.state, this.user, this.detail)
  }

  get lastHeardAtMs(): number | null {
    return this.supervisor?.lastHeardAtMs ?? null
  }

  /** What asks Telegram for what was not pushed; null while there is no connection. */
  get engine(): UpdateEngine | null {
    return this.supervisor?.engine ?? null
  }

  /** When which channel is asked; null before the first connection. */
  get schedule(): PollSchedule | null {
    return this.supervisor?.schedule ?? null
  }

  /** Whose session it is, also while its connection is made anew; null where nobody is signed in. */
  get self(): Self | null {
    return this.state === 'signed_in' || this.state === 'connecting' ? this.lastSelf : null
  }

  /** Begins anew with the file that is in force. Nothing may be running. */
  async begin(): Promise<void> {
    const file = await this.openFile()
    if (!file) return
    const app = this.options.app()
    if (!app) {
      file.close()
      this.setState('needs_app')
      return this.options.onWaiting('NEEDS_APP')
    }
    this.running = start(this.options.connecting('').log, (signal) => this.supervise(file, app, signal))
  }

  /** Closes the connection and the file; idempotent. */
  async stop(): Promise<void> {
    await stop(this.running)
    this.running = undefined
  }

  /**
   * Makes one call, when its turn comes.
   * @throws ApiError
   */
  async call<T>(options: CallOptions, work: (connection: Connection, signal: AbortSignal) => Promise<T>): Promise<T> {
    const { supervisor } = this
    try {
      if (!supervisor?.connection) throw new TelegramError(this.absence(), 0)
      const { queue } = this.options.connecting('')
      return await queue.run({ ...options, scope: this.scope }, (signal) => {
        if (!supervisor.connection) throw new TelegramError('NETWORK', 0)
        return work(supervisor.connection, signal)
      })
    } catch (error) {
      supervisor?.notice(toTelegramError(error))
      throw toFailure(error)
    }
  }

  setState(state: OwnerState, detail: string | null = null, freeze: Freeze | null = null): void {
    this.state = state
    this.detail = detail
    this.freeze = freeze
    this.options.onChange()
  }

  /** Floods of one session say nothing of the next. */
  private get scope(): string {
    return `session ${this.options.sessions.generation}`
  }

  private async openFile(): Promise<SessionFile | null> {
    try {
      const file = await this.options.sessions.openCurrent()
      if (!file) {
        this.options.connecting('').log.info('No Telegram session: waiting for sign-in')
        this.setState('signed_out')
      }
      return file
    } catch (error) {
      this.options.connecting('').log.error({ err: error }, 'the session file cannot be used; it is kept')
      this.setState('session_invalid', error instanceof InvalidSessionFile ? error.message : null)
      return null
    }
  }

  private async supervise(file: SessionFile, app: TelegramApp, signal: AbortSignal): Promise<void> {
    const connecting = this.options.connecting(this.scope)
    const onChange = (change: SupervisorChange) => this.follow(change)
    this.supervisor = new Supervisor(file, { ...this.options, ...connecting, app, onChange })
    try {
      const { end, error } = await this.supervisor.run(signal)
      connecting.log.error({ type: error.type, end }, 'the session cannot be used any more')
      this.disconnected()
      this.setState(end, end === 'needs_app' ? `Telegram refused the application (${error.type}).` : null)
      this.options.onEnded(error)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      this.disconnected()
      file.close()
    }
  }

  private disconnected(): void {
    this.connectedSinceMs = null
    this.user = null
  }

  private follow(change: SupervisorChange): void {
    switch (change.type) {
      case 'connecting':
        this.connectedSinceMs = null
        return this.setState('connecting')
      case 'signed_in':
        this.user = change.user
        this.lastSelf = change.self
        this.connectedSinceMs = Date.now()
        this.options.onSignedIn(change.user)
        return this.setState('signed_in')
      case 'lost': {
        this.connectedSinceMs = null
        const message = waitingMessage(change.error, change.retryMs)
        this.setState('connecting', message)
        return this.options.onWaiting(change.error.type, message)
      }
      case 'frozen':
        this.user = change.user
        this.connectedSinceMs = null
        this.options.onFrozen(change.user)
        return this.setState('frozen', null, change.freeze)
      default:
        return change satisfies never
    }
  }

  /** Why there is no connection, as the type of an error. */
  private absence(): string {
    const types: Partial<Record<OwnerState, string>> = {
      needs_app: 'NEEDS_APP',
      signed_out: 'NOT_SIGNED_IN',
      session_invalid: 'NOT_SIGNED_IN',
      session_conflict: 'AUTH_KEY_DUPLICATED',
      session_revoked: 'SESSION_REVOKED',
      banned: 'USER_DEACTIVATED',
      frozen: 'FROZEN_METHOD_INVALID',
    }
    return types[this.state] ?? 'NETWORK'
  }
}
