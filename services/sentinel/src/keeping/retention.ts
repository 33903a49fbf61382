import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from '@tgsentinel/kernel/log'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import { DAY, HOUR, isoMoment, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import type { MarkedId, Retention as RetentionView, RetentionRules, Sweep } from '../model'
import type { Store } from '../store/store'
import { forecastOf, KINDS, NO_RULE } from './forecast'
import { readHoldings } from './holdings'
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
/** Deletions of what is not stored are remembered for so long. */
const DELETIONS_MS = 7 * DAY
/** After each turn: a sweep is in no hurry. */
const PAUSE_MS = 3
const FORGOTTEN_AT_ONCE = 500

export interface RetentionOptions {
  store: Store
  bus: Bus
  log: Logger
  now: () => number
  /** Messages that are stored and not yet counted. */
  uncounted: () => number
  /** Of an account's messages in a chat below that id those are gone that no alert holds; told in the transaction that deletes them. */
  onSwept: (accountId: MarkedId, chatId: MarkedId, belowMessageId: number) => void
}

/** How long messages are kept, by kind of chat and by the size of it all; what is beyond that is swept every hour. */
export class Retention {
  private readonly stop = new AbortController()
  private readonly timer: NodeJS.Timeout
  private underWay: Promise<void> | null = null
  private nextAtMs: number
  private latest: Sweep

  constructor(private readonly options: RetentionOptions) {
    const { store, now } = options
    this.latest = JSON.parse(store.settings.get('swept') ?? JSON.stringify(NO_SWEEP)) as Sweep
    this.nextAtMs = now() + INTERVAL_MS
    this.timer = setInterval(() => this.takeTurn(), INTERVAL_MS).unref()
  }

  /** The rules, and what they come to. */
  async read(): Promise<RetentionView> {
    const { store, now, uncounted } = this.options
    const { rules } = this
    const holdings = await readHoldings({ store, rules, now: now(), pause: nextTurn })
    const { free, sizeBytes } = store.space.pages()
    return {
      ...forecastOf(rules, holdings, now()),
      max_size_mb: rules.max_size_mb,
      size_bytes: holdings.usedBytes,
      free_bytes: free * sizeBytes,
      uncounted: uncounted(),
      next_sweep_at: isoMoment(this.nextAtMs),
      sweep: this.latest,
    }
  }

  /** Nothing is deleted at once: the next sweep does. */
  async set(rules: RetentionRules): Promise<RetentionView> {
    this.keep(rules)
    return this.read()
  }

  /** The same, without what it comes to. */
  keep(rules: RetentionRules): void {
    this.options.store.settings.set('retention', JSON.stringify(completeRules(rules)))
    this.announce()
  }

  get sweeping(): Sweep {
    return this.latest
  }

  /** Begins a sweep, or joins the one under way. */
  sweep(): Sweep {
    this.underWay ??= this.run().finally(() => (this.underWay = null))
    return this.latest
  }

  /** What is deleted by then stays deleted. */
  async close(): Promise<void> {
    clearInterval(this.timer)
    this.stop.abort(new Error('the sentinel stops'))
    await this.underWay
  }

  private takeTurn(): void {
    const { now, log } = this.options
    this.nextAtMs = now() + INTERVAL_MS
    try {
      void this.forgetDeletions()
      if (this.isLimited()) this.sweep()
    } catch (error) {
      log.error({ err: error }, 'the next sweep is tried later')
    }
  }

  /** Some a turn of the event loop. */
  private async forgetDeletions(): Promise<void> {
    const { store, now, log } = this.options
    const before = Math.floor((now() - DELETIONS_MS) / SECOND)
    try {
      while (!this.stop.signal.aborted && store.messageHistory.forgetDeletions(before, FORGOTTEN_AT_ONCE) > 0)
        await nextTurn()
    } catch (error) {
      log.error({ err: error }, 'old deletions are forgotten later')
    }
  }

  get rules(): RetentionRules {
    const kept = this.options.store.settings.get('retention')
    return kept === undefined ? EVERYTHING : (JSON.parse(kept) as RetentionRules)
  }

  private isLimited(): boolean {
    const { kinds, max_size_mb: maxSizeMb } = this.rules
    return maxSizeMb !== null || Object.values(kinds).some((rule) => rule.max_age_days ?? rule.max_messages)
  }

  private async run(): Promise<void> {
    const { store, now, log, onSwept } = this.options
    const { signal } = this.stop
    this.latest = {
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
        onDeleted: (messages) => (this.latest = { ...this.latest, messages: this.latest.messages + messages }),
      })
      this.finish('done', sentenceOf(this.latest.messages))
    } catch (error) {
      if (signal.aborted) return
      log.error({ err: error }, 'a sweep did not end')
      this.finish('failed', failureOf(error))
    }
  }

  private finish(state: 'done' | 'failed', message: string): void {
    const { store, now, log } = this.options
    this.latest = { ...this.latest, state, message, finished_at: isoMoment(now()) }
    const { messages } = this.latest
    if (messages > 0) log.info({ messages, state }, 'swept')
    try {
      store.settings.set('swept', JSON.stringify(this.latest))
      this.announce()
    } catch (error) {
      if (!isStorageFailure(error)) throw error
      log.error({ err: error }, 'what a sweep did could not be written down')
    }
  }

  private announce(): void {
    const { store, bus } = this.options
    store.events.add('retention', { sweep: this.latest })
    store.afterCommit(() => bus.ring('events'))
  }
}

/** With each kind; one that is not named is kept for good. */
export function completeRules({ kinds, max_size_mb: maxSizeMb }: RetentionRules): RetentionRules {
  return { kinds: Object.fromEntries(KINDS.map((kind) => [kind, kinds[kind] ?? NO_RULE])), max_size_mb: maxSizeMb }
}

function sentenceOf(messages: number): string {
  return messages === 0 ? 'There was nothing to sweep.' : `${messages.toLocaleString('en-US')} messages were deleted.`
}

function failureOf(error: unknown): string {
  return isStorageFailure(error)
    ? 'The database took no writes. What was deleted by then stays deleted; the next sweep goes on.'
    : 'Something went wrong; the log says what. The next sweep goes on.'
}
