import { SECOND } from '@tgsentinel/kernel/time'
import { TelegramError, toTelegramError } from './telegram-error'

export type Priority = 'interactive' | 'background'

export interface CallOptions {
  /** Telegram's name of the method: floods are per method. */
  method: string
  /** Whose floods count: another session's key has waits of its own. */
  scope?: string
  priority?: Priority
  /** From the request to the answer, the wait in the queue included. */
  timeoutMs?: number
  signal?: AbortSignal
}

export interface QueueState {
  waiting: number
  interactive: number
  background: number
  running: string | null
  capacity: number
  oldestWaitMs: number
}

export interface FloodWait {
  method: string
  /** By the wall clock, to be shown. */
  untilMs: number
}

/** A flood ends by a clock that nobody sets. */
type Flood = FloodWait & { endsAt: number }

/** A call that left the queue, for the metrics. */
export interface CallReport {
  method: string
  priority: Priority
  /** `ok`, or the type of the error. */
  outcome: string
  waitedMs: number
  /** 0 where its turn never came. */
  ranMs: number
}

export interface QueueOptions {
  onReport?: (report: CallReport) => void
  /** Telegram asks to wait. */
  onFlood?: () => void
  capacity?: number
  /** Milliseconds of a clock that only runs forward. */
  now?: () => number
}

interface Job {
  options: CallOptions
  priority: Priority
  queuedMs: number
  startedMs: number | null
  deadlineMs: number
  work: (signal: AbortSignal) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: TelegramError) => void
  cleanUp: () => void
  isSettled: boolean
}

const DEFAULT_TIMEOUT_MS = 30 * SECOND
const DEFAULT_CAPACITY = 4000
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Every call to Telegram goes through here: one at a time, interactive before background, first come first served within
 * each. A full queue refuses at once. A caller that goes away, or whose time is up, frees its place. After FLOOD_WAIT_n nothing of
 * that method is sent for n seconds: calls that can wait so long wait, the others are refused with what is left of the wait.
 */
export class CallQueue {
  private readonly jobs: Record<Priority, Job[]> = { interactive: [], background: [] }
  /** Key of a flood -> when it ends, in milliseconds. */
  private readonly floods = new Map<string, Flood>()
  private readonly onReport: (report: CallReport) => void
  private readonly onFlood: () => void
  private readonly capacity: number
  private readonly now: () => number
  private running: Job | null = null
  private wakeUp: NodeJS.Timeout | undefined
  private closed = false

  constructor({ onReport, onFlood, capacity = DEFAULT_CAPACITY, now = () => performance.now() }: QueueOptions = {}) {
    this.onReport = onReport ?? (() => undefined)
    this.onFlood = onFlood ?? (() => undefined)
    this.capacity = capacity
    this.now = now
  }

  get state(): QueueState {
    const { interactive, background } = this.jobs
    const oldest = Math.min(...[interactive[0], background[0]].map((job) => job?.queuedMs ?? this.now()))
    return {
      waiting: interactive.length + background.length,
      interactive: interactive.length,
      background: background.length,
      running: this.running?.options.method ?? null,
      capacity: this.capacity,
      oldestWaitMs: this.now() - oldest,
    }
  }

  /** The wait that ends last, or null. */
  get floodWait(): FloodWait | null {
    const waits = [...this.floods.values()].filter(({ endsAt }) => endsAt > this.now())
    const last = waits.sort((a, b) => b.endsAt - a.endsAt)[0]
    return last ? { method: last.method, untilMs: last.untilMs } : null
  }

  /**
   * Runs `work` when its turn comes. Its signal aborts with the caller's and at the deadline; a queue that closes refuses what waits.
   * @throws TelegramError: what Telegram said, or QUEUE_FULL, TIMEOUT, ABORTED, CLOSED
   */
  run<T>(options: CallOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const refusal = this.refusalOf(options)
    if (refusal) {
      this.report(options, refusal.type, 0, 0)
      return Promise.reject(refusal)
    }
    return new Promise<T>((resolve, reject) => {
      const job = this.jobOf(options, work, resolve as (value: unknown) => void, reject)
      this.jobs[job.priority].push(job)
      this.startNext()
    })
  }

  /** Refuses what waits; idempotent. */
  close(): void {
    this.closed = true
    clearTimeout(this.wakeUp)
    for (const job of [...this.jobs.interactive, ...this.jobs.background])
      this.refuse(job, new TelegramError('CLOSED', 0))
  }

  private refusalOf({ signal, timeoutMs = DEFAULT_TIMEOUT_MS, ...options }: CallOptions): TelegramError | null {
    if (this.closed) return new TelegramError('CLOSED', 0)
    if (signal?.aborted) return new TelegramError('ABORTED', 0)
    if (this.state.waiting >= this.capacity) return new TelegramError('QUEUE_FULL', 0)
    const leftMs = this.floodEndOf(options) - this.now()
    return leftMs > timeoutMs ? floodError(leftMs) : null
  }

  private jobOf(options: CallOptions, work: Job['work'], resolve: Job['resolve'], reject: Job['reject']): Job {
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const queuedMs = this.now()
    const job: Job = {
      options,
      priority: options.priority ?? 'interactive',
      queuedMs,
      startedMs: null,
      deadlineMs: queuedMs + timeoutMs,
      work,
      resolve,
      reject,
      cleanUp: () => undefined,
      isSettled: false,
    }
    const timer = setTimeout(() => this.refuse(job, new TelegramError('TIMEOUT', 0)), timeoutMs)
    const onAbort = () => this.refuse(job, new TelegramError('ABORTED', 0))
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
    job.startedMs = this.now()
    void this.execute(job)
  }

  private takeNext(priority: Priority): Job | null {
    const jobs = this.jobs[priority]
    const index = jobs.findIndex((job) => this.floodEndOf(job.options) <= this.now())
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
      this.settle(job, 'ok', () => job.resolve(result))
    } catch (error) {
      this.fail(job, toTelegramError(error))
    } finally {
      this.running = null
      this.startNext()
    }
  }

  private fail(job: Job, error: TelegramError): void {
    if (error.type === 'FLOOD_WAIT') {
      this.noteFlood(job.options, (error.argument ?? 1) * SECOND)
    }
    this.refuse(job, error)
  }

  private noteFlood(options: CallOptions, waitMs: number): void {
    for (const [key, { endsAt }] of this.floods) if (endsAt <= this.now()) this.floods.delete(key)
    const endsAt = this.now() + waitMs
    this.floods.set(floodKey(options), { method: options.method, untilMs: Date.now() + waitMs, endsAt })
    for (const job of [...this.jobs.interactive, ...this.jobs.background])
      if (job.deadlineMs < endsAt && this.floodEndOf(job.options) === endsAt) this.refuse(job, floodError(waitMs))
    this.onFlood()
  }

  /** When the method may be called again, by the queue's clock; 0 where nothing is known against it. */
  private floodEndOf(options: Pick<CallOptions, 'method' | 'scope'>): number {
    return this.floods.get(floodKey(options))?.endsAt ?? 0
  }

  private refuse(job: Job, error: TelegramError): void {
    this.settle(job, error.type, () => job.reject(error))
  }

  /** Once: what ran on after its deadline is answered already. */
  private settle(job: Job, outcome: string, answer: () => void): void {
    if (job.isSettled) return
    job.isSettled = true
    job.cleanUp()
    const jobs = this.jobs[job.priority]
    const index = jobs.indexOf(job)
    if (index >= 0) jobs.splice(index, 1)
    const started = job.startedMs ?? this.now()
    this.report(job.options, outcome, started - job.queuedMs, this.now() - started)
    answer()
  }

  private report({ method, priority = 'interactive' }: CallOptions, outcome: string, waitedMs: number, ranMs: number) {
    this.onReport({ method, priority, outcome, waitedMs, ranMs })
  }

  private sleepUntilFloodEnds(): void {
    clearTimeout(this.wakeUp)
    if (this.state.waiting === 0) return
    // Of those that wait: one may end between the look at the jobs and this one.
    const ends = [...this.jobs.interactive, ...this.jobs.background].map((job) => this.floodEndOf(job.options))
    const waitMs = Math.min(...ends) - this.now()
    this.wakeUp = setTimeout(() => this.startNext(), Math.min(Math.max(0, waitMs), MAX_TIMER_MS))
  }
}

function floodKey({ method, scope = '' }: Pick<CallOptions, 'method' | 'scope'>): string {
  return `${scope} ${method}`
}

function floodError(leftMs: number): TelegramError {
  return new TelegramError('FLOOD_WAIT', 420, Math.max(1, Math.ceil(leftMs / SECOND)))
}
