import { sleep } from '@tgsentinel/kernel/time'
import { failure, type Status, type UserInfo } from '../model'
import type { SentinelConnection } from '../sentinel/connection'
import { Deadline } from '../sentinel/deadline'
import type { CallOptions, SentinelClient } from '../sentinel/sentinel-client'
import { judgeImport } from './import-verdict'

export interface WaitTimes {
  authorizationMs: number
  pollMs: number
}

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

  /** @throws ApiError when the session is rejected, or not authorized in time */
  async wait(generation: number, options: CallOptions): Promise<UserInfo> {
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
      throw failure(verdict.state === 'rejected' ? 'SESSION_REJECTED' : 'NOT_AUTHORIZED_IN_TIME', verdict.message)
    }
    this.isDecided = true
    this.decide()
  }

  result(): UserInfo {
    if (this.outcome) return this.outcome()
    if (this.trouble) throw this.trouble
    const reason = this.message ? ` ${this.message}` : ''
    throw failure('NOT_AUTHORIZED_IN_TIME', `The session is stored, but Telegram has not accepted it in time.${reason}`)
  }
}
