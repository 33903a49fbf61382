import type { Logger } from '@tgsentinel/kernel/log'
import { SECOND } from '@tgsentinel/kernel/time'
import type { TelegramApp } from '../config'
import type { ImportState, UserInfo } from '../model'
import type { ConnectingOptions } from './connecting'
import { importFailure, stateMessage, waitingMessage } from './owner-messages'
import type { SessionStore } from './session-store'
import { verifyStaged, type Verdict } from './staged-session'
import { TelegramError, toTelegramError } from './telegram-error'
import { start, stop, type Running } from './running'
import { InvalidSessionFile } from '@tgsentinel/session-codec/session-codec'

/** How long Telegram may take to accept an import. */
const ACCEPTANCE_MS = 60 * SECOND

export interface ArrivalOptions {
  sessions: SessionStore
  app: () => TelegramApp | undefined
  /** How to try a session; asked anew for each try. */
  verifying: () => Omit<ConnectingOptions, 'app'>
  log: Logger
  onChange: () => void
  /** `accepted`, or why it failed. */
  onEnd: (outcome: string) => void
  /** Telegram takes the staged session: it is to be put in force, unless the signal aborts before. */
  onAccepted: (generation: number, signal: AbortSignal) => void
  acceptanceMs?: number
}

/**
 * A session that was imported: tried beside the one in force, and what there is to tell of it until it is in force itself.
 * What was not accepted in time, or was cancelled, is deleted: it never takes force later. The end of that time outlives
 * the process.
 */
export class SessionArrival {
  state: ImportState | null = null
  private verifying: Running | undefined
  /** Of the last import that Telegram took. */
  private verifiedGeneration = 0

  constructor(private readonly options: ArrivalOptions) {}

  /** Tells of an import that has just been staged. */
  announce(generation: number): void {
    this.options.log.info({ generation }, 'Session import: received')
    this.begin(generation)
  }

  /** Tries the staged session until its time is over; without a Telegram application it waits for one. */
  verify(generation: number): void {
    if (this.state?.generation !== generation) this.begin(generation)
    const app = this.options.app()
    if (!app) return this.wait(generation, 'NEEDS_APP')
    this.verifying = start(this.options.log, (signal) => this.run(generation, app, signal))
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

  /** It waits for something. */
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

  private begin(generation: number): void {
    const message = 'Connecting to Telegram with the imported session.'
    this.set({ generation, state: 'verifying', code: null, message })
  }

  private async run(generation: number, app: TelegramApp, signal: AbortSignal): Promise<void> {
    const { sessions, verifying, acceptanceMs = ACCEPTANCE_MS } = this.options
    let cause: TelegramError | undefined
    const onWaiting = (error: TelegramError, retryMs: number) => {
      cause = error
      this.set({ generation, state: 'verifying', code: error.type, message: waitingMessage(error, retryMs) })
    }
    const verify = (over: AbortSignal) =>
      verifyStaged(() => sessions.openStaged(), { ...verifying(), app, onWaiting }, over)
    const verdict = await untilTime(() => sessions.acceptUntil(acceptanceMs), signal, verify).catch(refusal)
    if (signal.aborted) return
    if (verdict.type === 'accepted') {
      this.noteVerified(generation)
      return this.options.onAccepted(generation, signal)
    }
    sessions.dropStaged()
    this.fail(generation, verdict.type === 'refused' ? verdict.error : new TelegramError('TIMEOUT', 0, null, { cause }))
  }

  /** The import came to nothing. */
  fail(generation: number, error: TelegramError): void {
    const message = importFailure(error, generation !== this.options.sessions.generation)
    this.noteFailed(error.type, generation)
    this.set({ generation, state: 'failed', code: error.type, message })
  }

  /** What was sent is no session that can be used; it never got as far as a generation. @throws the same error */
  refuse(error: unknown): never {
    const foreign = error instanceof TelegramError ? error.type : 'STORAGE'
    this.noteFailed(error instanceof InvalidSessionFile ? error.reason : foreign)
    throw error
  }

  private noteVerified(generation: number): void {
    if (generation === this.verifiedGeneration) return
    this.verifiedGeneration = generation
    this.options.log.info({ generation }, 'Session import: verified')
    this.options.onEnd('accepted')
  }

  private noteFailed(reason: string, generation?: number): void {
    this.options.log.info({ generation, reason }, 'Session import: failed')
    this.options.onEnd(reason)
  }

  private set(state: ImportState): void {
    this.state = state
    this.options.onChange()
  }
}

function refusal(error: unknown): Verdict {
  return { type: 'refused', error: toTelegramError(error) }
}

/** Does it with a signal that aborts at a moment, or with its parent. A timer of its own: see bounded-wait. */
async function untilTime(
  endMs: () => number,
  parent: AbortSignal,
  work: (signal: AbortSignal) => Promise<Verdict>,
): Promise<Verdict> {
  const over = new AbortController()
  const leftMs = endMs() - Date.now()
  if (leftMs <= 0) return { type: 'stopped' }
  const timer = setTimeout(() => over.abort(new TelegramError('TIMEOUT', 0)), leftMs)
  const follow = () => over.abort(parent.reason)
  parent.addEventListener('abort', follow, { once: true })
  try {
    return await work(over.signal)
  } finally {
    clearTimeout(timer)
    parent.removeEventListener('abort', follow)
  }
}
