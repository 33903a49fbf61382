import type { Logger } from '@tgsentinel/kernel/log'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import { HOUR, isoMoment, sleep } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import type { MarkedId, Retention as RetentionView, RetentionRules, Sweep } from '../model'
import type { Store } from '../store/store'
import { forecastOf, hourBefore, KINDS, NO_RULE, type Holdings } from './forecast'
import { sweep } from './sweeping'

const EVERYTHING: RetentionRules = { kinds: {}, max_size_mb: null }
const NO_SWEEP: Sweep = {
  state: 'none',
  started_at: null,
  finished_at: null,
  messages: 0,
  message: 'Nothing was swept yet.',
}
const INTERVAL_MS = HOUR
const RECENT_DAYS = 7
/** After each turn: a sweep is in no hurry. */
const PAUSE_MS = 3

interface RetentionOptions {
  store: Store
  bus: Bus
  log: Logger
  now: () => number
  /** Messages that are stored and not yet counted. */
  uncounted: () => number
  /** Of a chat's messages below that id those are gone that no alert holds; told in the transaction that deletes them. */
  onSwept?: (chatId: MarkedId, belowMessageId: number) => void
}

/** How long messages are kept, by kind of chat and by the size of it all; what is beyond that is swept every hour. */
export class Retention {
  private readonly stop = new AbortController()
  private readonly timer: NodeJS.Timeout
  private underWay: Promise<void> | null = null
  private nextAtMs: number
  private sweeping: Sweep

  constructor(private readonly options: RetentionOptions) {
    const { store, now } = options
    this.sweeping = JSON.parse(store.settings.get('swept') ?? JSON.stringify(NO_SWEEP)) as Sweep
    this.nextAtMs = now() + INTERVAL_MS
    this.timer = setInterval(() => {
      this.nextAtMs = now() + INTERVAL_MS
      if (this.isLimited()) this.sweep()
    }, INTERVAL_MS).unref()
  }

  get view(): RetentionView {
    const { store, now, uncounted } = this.options
    const { total, free, sizeBytes } = store.space.pages()
    const { max_size_mb: maxSizeMb } = this.rules
    return {
      ...forecastOf(this.rules, this.holdings((total - free) * sizeBytes), now()),
      max_size_mb: maxSizeMb,
      size_bytes: (total - free) * sizeBytes,
      free_bytes: free * sizeBytes,
      uncounted: uncounted(),
      next_sweep_at: isoMoment(this.nextAtMs),
      sweep: this.sweeping,
    }
  }

  /** Nothing is deleted at once: the next sweep does. */
  set({ kinds, max_size_mb: maxSizeMb }: RetentionRules): RetentionView {
    const all = Object.fromEntries(KINDS.map((kind) => [kind, kinds[kind] ?? NO_RULE]))
    this.options.store.settings.set('retention', JSON.stringify({ kinds: all, max_size_mb: maxSizeMb }))
    this.announce()
    return this.view
  }

  /** Begins a sweep, or joins the one under way. */
  sweep(): Sweep {
    this.underWay ??= this.run().finally(() => (this.underWay = null))
    return this.sweeping
  }

  /** What is deleted by then stays deleted. */
  async close(): Promise<void> {
    clearInterval(this.timer)
    this.stop.abort(new Error('the sentinel stops'))
    await this.underWay
  }

  private get rules(): RetentionRules {
    const kept = this.options.store.settings.get('retention')
    return kept === undefined ? EVERYTHING : (JSON.parse(kept) as RetentionRules)
  }

  private isLimited(): boolean {
    const { kinds, max_size_mb: maxSizeMb } = this.rules
    return maxSizeMb !== null || Object.values(kinds).some((rule) => rule.max_age_days ?? rule.max_messages)
  }

  private async run(): Promise<void> {
    const { store, now, log, onSwept = () => undefined } = this.options
    const { signal } = this.stop
    this.sweeping = {
      state: 'running',
      started_at: isoMoment(now()),
      finished_at: null,
      messages: 0,
      message: 'Sweeping.',
    }
    try {
      this.announce()
      await sleep(PAUSE_MS, signal)
      await sweep({
        store,
        rules: this.rules,
        now: now(),
        pause: () => sleep(PAUSE_MS, signal),
        onSwept,
        onDeleted: (messages) => (this.sweeping = { ...this.sweeping, messages: this.sweeping.messages + messages }),
      })
      this.finish('done', sentenceOf(this.sweeping.messages))
    } catch (error) {
      if (signal.aborted) return
      log.error({ err: error }, 'a sweep did not end')
      this.finish('failed', failureOf(error))
    }
  }

  private finish(state: 'done' | 'failed', message: string): void {
    const { store, now, log } = this.options
    this.sweeping = { ...this.sweeping, state, message, finished_at: isoMoment(now()) }
    const { messages } = this.sweeping
    if (messages > 0) log.info({ messages, state }, 'swept')
    try {
      store.settings.set('swept', JSON.stringify(this.sweeping))
      this.announce()
    } catch (error) {
      if (!isStorageFailure(error)) throw error
      log.error({ err: error }, 'what a sweep did could not be written down')
    }
  }

  private announce(): void {
    const { store, bus } = this.options
    store.events.add('retention', { sweep: this.sweeping })
    bus.ring('events')
  }

  private holdings(usedBytes: number): Holdings {
    const { store, now } = this.options
    const thisHour = hourBefore(0, now())
    const since = hourBefore(RECENT_DAYS, now()) + 1
    const first = store.traffic.firstHour(since) ?? thisHour
    const everything = store.traffic.messagesByChat(0, Number.MAX_SAFE_INTEGER)
    return {
      volumes: store.volumes.all(),
      usedBytes,
      recent: store.traffic.messagesByChat(since, thisHour + 1),
      // A database of yesterday has not seen a week.
      recentDays: Math.max(1, (thisHour + 1 - first) / 24),
      ever: everything,
      olderThan: (days) => store.traffic.messagesByChat(0, hourBefore(days, now()) + 1),
    }
  }
}

function sentenceOf(messages: number): string {
  return messages === 0 ? 'There was nothing to sweep.' : `${messages.toLocaleString('en-US')} messages were deleted.`
}

function failureOf(error: unknown): string {
  return isStorageFailure(error)
    ? 'The database took no writes. What was deleted by then stays deleted; the next sweep goes on.'
    : 'Something went wrong; the log says what. The next sweep goes on.'
}
