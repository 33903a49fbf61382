import { SECOND } from '@tgsentinel/kernel/time'
import { TelegramError, toTelegramError } from './telegram-error'

export interface CallOptions {
  /** Telegram's name of the method: floods are per method. */
  method: string
  priority?: 'interactive' | 'background'
  /** From the request to the answer, the wait in the queue included. */
  timeoutMs?: number
  signal?: AbortSignal
}

export interface QueueState {
  waiting: number
  running: string | null
  capacity: number
}

export interface FloodWait {
  method: string
  untilMs: number
}

interface Job {
  options: CallOptions
  deadlineMs: number
  work: (signal: AbortSignal) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: TelegramError) => void
  cleanUp: () => void
}

const DEFAULT_TIMEOUT_MS = 30 * SECOND

/**
 * Every call to Telegram goes through here: one at a time, interactive before background, first come first served within
 * each. A full queue refuses at once. A caller that goes away, or whose time is up, frees its place. After FLOOD_WAIT_n nothing of
 * that method is sent for n seconds: calls that can wait so long wait, the others are refused with the wait.
 */
export class CallQueue {
  private readonly jobs: Record<'interactive' | 'background', Job[]> = { interactive: [], background: [] }
  private readonly floods = new Map<string, number>()
  private running: Job | null = null
  private wakeUp: NodeJS.Timeout | undefined
  private closed = false

  constructor(
    private readonly onChange: () => void = () => undefined,
    private readonly capacity = 1000,
    private readonly now: () => number = Date.now,
  ) {}

  get state(): QueueState {
    const waiting = this.jobs.interactive.length + this.jobs.background.length
    return { waiting, running: this.running?.options.method ?? null, capacity: this.capacity }
  }

  /** The wait that ends last, or null. */
  get floodWait(): FloodWait | null {
    const waits = [...this.floods].filter(([, untilMs]) => untilMs > this.now())
    const last = waits.sort((a, b) => b[1] - a[1])[0]
    return last ? { method: last[0], untilMs: last[1] } : null
  }

  /**
   * Runs `work` when its turn comes. Its signal aborts with the caller's, at the deadline, and when the queue closes.
   * @throws TelegramError: what Telegram said, or QUEUE_FULL, TIMEOUT, ABORTED, CLOSED
   */
  run<T>(options: CallOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(new TelegramError('CLOSED', 0))
    if (options.signal?.aborted) return Promise.reject(new TelegramError('ABORTED', 0))
    if (this.state.waiting >= this.capacity) return Promise.reject(new TelegramError('QUEUE_FULL', 0))
    return new Promise<T>((resolve, reject) => {
      const job = this.jobOf(options, work, resolve as (value: unknown) => void, reject)
      this.jobs[options.priority ?? 'interactive'].push(job)
      this.startNext()
    })
  }

  /** Refuses what waits; idempotent. */
  close(): void {
    this.closed = true
    clearTimeout(this.wakeUp)
    for (const job of [...this.jobs.interactive, ...this.jobs.background])
      this.settle(job, () => job.reject(new TelegramError('CLOSED', 0)))
  }

  private jobOf(options: CallOptions, work: Job['work'], resolve: Job['resolve'], reject: Job['reject']): Job {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const job: Job = { options, work, resolve, reject, deadlineMs: this.now() + timeoutMs, cleanUp: () => undefined }
    const giveUp = (type: string) => this.settle(job, () => job.reject(new TelegramError(type, 0)))
    const timer = setTimeout(() => giveUp('TIMEOUT'), timeoutMs)
    const onAbort = () => giveUp('ABORTED')
    options.signal?.addEventListener('abort', onAbort, { once: true })
    job.cleanUp = () => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', onAbort)
    }
    return job
  }

  private startNext(): void {
    if (this.running || this.closed) return
    const job = this.takeNext('interactive') ?? this.takeNext('background')
    if (!job) return this.sleepUntilFloodEnds()
    this.running = job
    this.onChange()
    void this.execute(job)
  }

  private takeNext(priority: 'interactive' | 'background'): Job | null {
    const jobs = this.jobs[priority]
    const index = jobs.findIndex((job) => (this.floods.get(job.options.method) ?? 0) <= this.now())
    return index < 0 ? null : (jobs.splice(index, 1)[0] ?? null)
  }

  private async execute(job: Job): Promise<void> {
    const controller = new AbortController()
    const settleEarly = job.reject
    job.reject = (error) => {
      controller.abort(error)
      settleEarly(error)
    }
    try {
      const result = await job.work(controller.signal)
      this.settle(job, () => job.resolve(result))
    } catch (error) {
      this.fail(job, toTelegramError(error))
    } finally {
      this.running = null
      this.onChange()
      this.startNext()
    }
  }

  private fail(job: Job, error: TelegramError): void {
    if (error.type === 'FLOOD_WAIT') {
      const untilMs = this.now() + (error.argument ?? 1) * SECOND
      this.floods.set(job.options.method, untilMs)
      this.refuseThoseWhoCannotWait(job.options.method, untilMs, error)
    }
    this.settle(job, () => job.reject(error))
  }

  private refuseThoseWhoCannotWait(method: string, untilMs: number, error: TelegramError): void {
    for (const job of [...this.jobs.interactive, ...this.jobs.background]) {
      const cannotWait = job.options.method === method && job.deadlineMs < untilMs
      if (cannotWait) this.settle(job, () => job.reject(error))
    }
  }

  private settle(job: Job, answer: () => void): void {
    job.cleanUp()
    for (const jobs of Object.values(this.jobs)) {
      const index = jobs.indexOf(job)
      if (index >= 0) jobs.splice(index, 1)
    }
    answer()
  }

  private sleepUntilFloodEnds(): void {
    clearTimeout(this.wakeUp)
    if (this.state.waiting === 0) return
    const next = Math.min(...[...this.floods.values()].filter((untilMs) => untilMs > this.now()))
    if (Number.isFinite(next))
      this.wakeUp = setTimeout(() => this.startNext(), Math.min(next - this.now(), 2 ** 31 - 1))
  }
}
