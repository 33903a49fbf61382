import { ApiError } from '@tgsentinel/kernel/errors'
import { sleep } from '@tgsentinel/kernel/time'
import { failure, type Status, type UserInfo } from '../model'
import type { SentinelConnection } from '../sentinel/connection'
import { Deadline } from '../sentinel/deadline'
import type { CallOptions, SentinelClient } from '../sentinel/sentinel-client'
import { judgeImport } from './import-verdict'

export interface WaitTimes {
  authorizationMs: number
  pollMs: number
  /** For telling the sentinel that an import is given up. */
  giveUpMs: number
}

/** What the sentinel has said of an import itself: there is nothing left to give up, or it is to wait for its application. */
const DECIDED: readonly string[] = ['SESSION_REJECTED', 'IMPORT_CANCELLED', 'STORAGE_UNAVAILABLE', 'NEEDS_APP']

/**
 * Waits until the sentinel is authorized with the import of `generation`. The sentinel's events tell at once; asking
 * each second goes on beside them, for an event may be missed while a connection is made.
 */
export class Authorization {
  constructor(
    private readonly client: SentinelClient,
    private readonly connection: SentinelConnection,
    private readonly times: WaitTimes,
  ) {}

  /**
   * Where it comes to nothing, the import is given up at the sentinel before this says so: it takes force in time, or never.
   * @throws ApiError when the session is rejected, or not authorized in time
   */
  async wait(generation: number, options: CallOptions): Promise<UserInfo> {
    try {
      return await this.outcome(generation, options)
    } catch (error) {
      if (error instanceof ApiError && DECIDED.includes(error.code)) throw error
      return await this.giveUp(generation, options.requestId, error)
    }
  }

  /** @throws the same error, where it did not take force just now */
  private async giveUp(generation: number, requestId: string, error: unknown): Promise<UserInfo> {
    const deadline = new Deadline(this.times.giveUpMs, [])
    const options = { requestId, signal: deadline.signal }
    try {
      if (!(await this.client.cancelImport(generation, options))) {
        const verdict = judgeImport(await this.client.getStatus(options), generation)
        if (verdict.state === 'authorized') return verdict.user
      }
    } catch {
      // The sentinel cannot be told: its own bound, which began before ours, ends the import.
    } finally {
      deadline.end()
    }
    throw error
  }

  private async outcome(generation: number, options: CallOptions): Promise<UserInfo> {
    const over = new AbortController()
    const deadline = new Deadline(this.times.authorizationMs, [options.signal, over.signal])
    const progress = new Progress(generation)
    try {
      void this.listen(progress, deadline.signal)
      await this.poll(progress, { ...options, signal: deadline.signal })
      return progress.result()
    } finally {
      over.abort()
      deadline.end()
    }
  }

  private async poll(progress: Progress, options: CallOptions): Promise<void> {
    while (!progress.isDecided && !options.signal.aborted) {
      await Promise.race([progress.decided, this.ask(progress, options)])
      await Promise.race([progress.decided, sleep(this.times.pollMs, options.signal).catch(() => undefined)])
    }
  }

  private async ask(progress: Progress, options: CallOptions): Promise<void> {
    try {
      progress.take(await this.client.getStatus(options))
    } catch (error) {
      // The sentinel may restart meanwhile; the end of the wait is the bound.
      if (!options.signal.aborted) progress.trouble = error
    }
  }

  private async listen(progress: Progress, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of this.connection.events(undefined, signal)) {
        if (event.type === 'status') progress.take(JSON.parse(event.data) as Status)
        if (progress.isDecided) return
      }
    } catch {
      // Asking goes on without the events.
    }
  }
}

class Progress {
  isDecided = false
  trouble: unknown
  readonly decided: Promise<void>
  private message = ''
  private outcome: (() => UserInfo) | undefined
  private decide!: () => void

  constructor(private readonly generation: number) {
    this.decided = new Promise((resolve) => (this.decide = resolve))
  }

  take(status: Status): void {
    if (this.isDecided) return
    this.trouble = undefined
    const verdict = judgeImport(status, this.generation)
    if (verdict.state === 'waiting') return void (this.message = verdict.message)
    this.outcome = () => {
      if (verdict.state === 'authorized') return verdict.user
      throw failure(verdict.code, verdict.message)
    }
    this.isDecided = true
    this.decide()
  }

  result(): UserInfo {
    if (this.outcome) return this.outcome()
    if (this.trouble) throw this.trouble
    const reason = this.message ? ` ${this.message}` : ''
    const message = `Telegram has not accepted the session in time. It is given up; upload it once more.${reason}`
    throw failure('NOT_AUTHORIZED_IN_TIME', message)
  }
}
