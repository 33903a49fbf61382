import type { Logger } from '@tgsentinel/kernel/log'
import { DAY, isoMoment, SECOND } from '@tgsentinel/kernel/time'
import { turnTaker } from '@tgsentinel/kernel/turns'
import type { Bus } from '../bus/bus'
import { failure, type Backtest, type BacktestDraft, type PreviewExample, type Profile } from '../model'
import type { Profiles } from '../profiles'
import { asProfile } from '../profiles/as-profile'
import { checkInTurns } from '../profiles/queries'
import type { Store } from '../store/store'
import { WINDOW_MS } from '../stories/stories'
import { Comparison, type Example } from './comparison'
import { sourceOf, type TrialSource } from '../stories/trial'

const DEFAULT_DAYS = 30
/** Rows that are read and scored in a turn of the event loop: some milliseconds. */
const SLICE = 200
const TELL_EVERY_MS = SECOND / 4

interface Run {
  id: number
  state: Backtest['state']
  days: number
  tried: Profile
  comparison: Comparison
  scanned: number
  toScan: number
  startedAtMs: number
  tookMs: number
  toldAtMs: number
}

export interface BacktestsOptions {
  store: Store
  profiles: Profiles
  bus: Bus
  log: Logger
  now: () => number
  botId?: number | undefined
}

/** The time machine: a profile tried on the stored history, in the background, one at a time. Nothing is written but how far it is. */
export class Backtests {
  private latest: Run | null = null
  private lastId = 0
  private isClosed = false

  private readonly source: TrialSource

  constructor(private readonly options: BacktestsOptions) {
    this.source = sourceOf(options.store, options.botId)
  }

  /** Begins, in place of the one under way. @throws ApiError INVALID_QUERY, NOT_FOUND */
  async start({ profile, compare_to: comparedId, days = DEFAULT_DAYS }: BacktestDraft): Promise<Backtest> {
    const { profiles, store } = this.options
    await checkInTurns(profile)
    const now = comparedId === undefined ? null : profiles.get(comparedId)
    const tried = asProfile(profile, comparedId)
    await profiles.readMeaning([], 'background', [tried])
    const comparison = await Comparison.inTurns(
      tried,
      now,
      profiles.dictionary,
      profiles.knowledge,
      turnTaker(),
      this.source,
    )
    if (this.latest?.state === 'running') this.latest.state = 'cancelled'
    const startedAtMs = performance.now()
    const counts = { scanned: 0, toScan: store.messages.lastRow(), tookMs: 0 }
    const run: Run = {
      id: ++this.lastId,
      state: 'running',
      days,
      tried,
      comparison,
      ...counts,
      startedAtMs,
      toldAtMs: 0,
    }
    this.latest = run
    void this.work(run)
    return this.viewOf(run)
  }

  /** @throws ApiError NOT_FOUND */
  get(id: number): Backtest {
    return this.viewOf(this.find(id))
  }

  /** @throws ApiError NOT_FOUND */
  cancel(id: number): Backtest {
    const run = this.find(id)
    if (run.state === 'running') this.end(run, 'cancelled')
    return this.viewOf(run)
  }

  close(): void {
    this.isClosed = true
  }

  private find(id: number): Run {
    if (this.latest?.id !== id) throw failure('NOT_FOUND', `There is no backtest ${id} any more. Start another one.`)
    return this.latest
  }

  /** The oldest rows first, a slice a turn; what was posted shortly before the period may have told its stories. It never rejects. */
  private async work(run: Run): Promise<void> {
    const { store, profiles, now, log } = this.options
    const since = Math.floor((now() - run.days * DAY) / SECOND)
    const rested = turnTaker()
    const isOver = () => this.isClosed || run.state !== 'running'
    try {
      for (let row = 1; row <= run.toScan; row += SLICE) {
        await rested()
        if (isOver()) return
        const slice = store.messages.slice(row, SLICE, since - WINDOW_MS / SECOND)
        const texts = slice.map(({ text }) => text)
        await profiles.readMeaning(texts, 'background', [run.tried])
        for (const message of slice) {
          await rested()
          if (isOver()) return
          run.comparison.take(store.circumstances.complete(message, run.comparison.wants), message.date < since)
        }
        run.scanned = Math.min(run.toScan, row + SLICE - 1)
        this.tell(run)
      }
      this.end(run, 'done')
    } catch (error) {
      log.error({ err: error }, 'a backtest broke off')
      this.end(run, 'failed')
    }
  }

  private end(run: Run, state: Backtest['state']): void {
    run.state = state
    run.tookMs = Math.round(performance.now() - run.startedAtMs)
    run.toldAtMs = 0
    this.tell(run)
  }

  private tell(run: Run): void {
    if (performance.now() - run.toldAtMs < TELL_EVERY_MS && run.toldAtMs > 0) return
    run.toldAtMs = performance.now()
    try {
      const { id, state, scanned, toScan } = run
      this.options.store.events.add('backtest', { id, state, scanned, to_scan: toScan })
      this.options.bus.ring('events')
    } catch (error) {
      // A full disk keeps nobody from asking.
      this.options.log.debug({ err: error }, 'nobody is told how far a backtest is')
    }
  }

  private viewOf({ id, state, days, comparison, scanned, toScan, tookMs, startedAtMs }: Run): Backtest {
    const { alerts, alertsNow, added, removed } = comparison
    const byDay = [...comparison.days].sort(([a], [b]) => a - b)
    return {
      ...{ id, state, days, scanned, to_scan: toScan, alerts, alerts_now: alertsNow, added, removed },
      by_day: byDay.map(([day, counts]) => ({
        day: isoMoment(day * DAY).slice(0, 10),
        alerts: counts.alerts,
        alerts_now: counts.alertsNow,
      })),
      stored_days: storedDays(comparison.firstDate, this.options.now()),
      added_examples: this.viewsOf([...comparison.addedExamples].reverse()),
      removed_examples: this.viewsOf([...comparison.removedExamples].reverse()),
      took_ms: state === 'running' ? Math.round(performance.now() - startedAtMs) : tookMs,
    }
  }

  private viewsOf(examples: readonly Example[]): PreviewExample[] {
    return examples.flatMap(({ message: { row, messageId, date, text }, score, reasons }) => {
      const chat = this.options.store.newestMessages.chatOf(row)
      return chat ? [{ chat, message_id: messageId, posted_at: isoMoment(date * SECOND), text, score, reasons }] : []
    })
  }
}

/** How many days of the period are stored, to a hundredth. */
function storedDays(firstDate: number, nowMs: number): number {
  const ms = nowMs - firstDate * SECOND
  return Number.isFinite(ms) ? Math.max(0, Math.round((ms / DAY) * 100) / 100) : 0
}
