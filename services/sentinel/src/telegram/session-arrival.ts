import type { Logger } from '@tgsentinel/kernel/log'
import type { ImportState, UserInfo } from '../model'
import { importFailure, stateMessage, waitingMessage } from './owner-messages'
import type { SessionStore } from './session-store'
import { verifyStaged, type VerifyOptions } from './staged-session'
import type { TelegramError } from './telegram-error'
import { start, stop, type Running } from './running'
import { InvalidSessionFile } from '@tgsentinel/session-codec/session-codec'

export interface ArrivalOptions {
  sessions: SessionStore
  /** How to try a session; asked anew for each try. */
  verifying: () => Omit<VerifyOptions, 'onWaiting'>
  log: Logger
  onChange: () => void
  /** Telegram takes the staged session: it is to be put in force, unless the signal aborts before. */
  onAccepted: (generation: number, signal: AbortSignal) => void
}

/** A session that was imported: tried beside the one in force, and what there is to tell of it until it is in force itself. */
export class SessionArrival {
  state: ImportState | null = null
  private verifying: Running | undefined
  /** Of the last import that Telegram took. */
  private verifiedGeneration = 0

  constructor(private readonly options: ArrivalOptions) {}

  /** Tells of an import that has just been staged. */
  announce(generation: number): void {
    this.options.log.info({ generation }, 'Session import: received')
    const message = 'Connecting to Telegram with the imported session.'
    this.set({ generation, state: 'verifying', code: null, message })
  }

  /** Tries the staged session, as often as it takes. */
  verify(generation: number): void {
    this.verifying = start(this.options.log, (signal) => this.run(generation, signal))
  }

  async stop(): Promise<void> {
    await stop(this.verifying)
    this.verifying = undefined
  }

  /** The session in force has a user: where it is the one that arrived, it has arrived. */
  accept(generation: number, user: UserInfo): void {
    if (!this.isAbout(generation)) return
    this.noteVerified(generation)
    this.set({ generation, state: 'authorized', code: null, message: stateMessage('signed_in', user, null) })
  }

  /** The session in force waits for something. */
  wait(generation: number, code: string, message = stateMessage('needs_app', null, null)): void {
    if (this.isAbout(generation) && this.state) this.set({ ...this.state, code, message })
  }

  /** Another session took the place that this one waited for. */
  replace(): void {
    if (this.state?.state !== 'verifying') return
    const message = 'A sign-in has taken the place of this import.'
    this.noteFailed('REPLACED', this.state.generation)
    this.set({ ...this.state, state: 'failed', code: 'REPLACED', message })
  }

  /** The session in force came to its end. */
  end(generation: number, error: TelegramError): void {
    if (this.isAbout(generation)) this.fail(generation, error)
  }

  private isAbout(generation: number): boolean {
    return this.state?.state === 'verifying' && this.state.generation === generation
  }

  private async run(generation: number, signal: AbortSignal): Promise<void> {
    const onWaiting = (error: TelegramError, retryMs: number) =>
      this.set({ generation, state: 'verifying', code: error.type, message: waitingMessage(error, retryMs) })
    const { sessions, verifying } = this.options
    const verdict = await verifyStaged(() => sessions.openStaged(), { ...verifying(), onWaiting }, signal)
    if (signal.aborted || verdict.type === 'needs_app') return
    if (verdict.type === 'accepted') {
      this.noteVerified(generation)
      return this.options.onAccepted(generation, signal)
    }
    sessions.dropStaged()
    this.fail(generation, verdict.error)
  }

  /** The import came to nothing. */
  fail(generation: number, error: TelegramError): void {
    const message = importFailure(error, generation !== this.options.sessions.generation)
    this.noteFailed(error.type, generation)
    this.set({ generation, state: 'failed', code: error.type, message })
  }

  /** What was sent is no session that can be used; it never got as far as a generation. @throws the same error */
  refuse(error: unknown): never {
    this.noteFailed(error instanceof InvalidSessionFile ? error.reason : 'STORAGE')
    throw error
  }

  private noteVerified(generation: number): void {
    if (generation === this.verifiedGeneration) return
    this.verifiedGeneration = generation
    this.options.log.info({ generation }, 'Session import: verified')
  }

  private noteFailed(reason: string, generation?: number): void {
    this.options.log.info({ generation, reason }, 'Session import: failed')
  }

  private set(state: ImportState): void {
    this.state = state
    this.options.onChange()
  }
}
