import type { Logger } from '@tgsentinel/kernel/log'
import { backoffMs, MINUTE, SECOND } from '@tgsentinel/kernel/time'
import type { ConfirmedBy } from '../../intake'
import { toTelegramError, type TelegramError } from '../telegram-error'
import type { ChannelSync } from './channel-sync'
import type { NextPoll, PollSchedule } from './poll-schedule'
import { channelOf } from './update'
import type { UpdateCalls } from './update-calls'

export interface RoundsOptions {
  schedule: PollSchedule
  sync: Pick<ChannelSync, 'run'>
  pollsPerSecond: number
  log: Logger
  /** Its access hash is not known; it is tried again. */
  onUnknown: (box: number) => void
  /** Nothing may be read there any more. */
  onClosed: (box: number, type: string) => void
  /** Every other error; whoever is told judges whether the session is over. */
  onError: (error: TelegramError) => void
}

/** At most so many channels are asked at once (TELEGRAM section 5). */
const WORKERS = 3
/** While others are due, one is left to them. */
const URGENT_WORKERS = 2
/** How long it takes at most until what is watched or listened to since is asked too. */
const WEIGH_MS = SECOND
/** After a loss of the connection every channel is asked, quicker than polls, and still without a burst. */
const SWEEP_PER_SECOND = 20
const CLOSED = [
  'CHANNEL_PRIVATE',
  'CHANNEL_INVALID',
  'CHANNEL_FORUM_MISSING',
  'CHANNEL_PUBLIC_GROUP_NA',
  'USER_BANNED_IN_CHANNEL',
  'CHAT_FORBIDDEN',
]
/** What asking again does not mend: after so many failures a gap says so, and the box goes on behind it. */
const STUCK = ['INTERNAL', 'UNREADABLE', 'NO_PROGRESS']
const STUCK_AFTER = 5
const OVER = ['NETWORK', 'ABORTED', 'CLOSED']
const IDLE_MS = 250

/** Asks channels one after another what was posted there: what is missing at once, the others in turn. */
export class ChannelRounds {
  private readonly busy = new Map<number, Promise<void>>()
  /** Those of the busy ones that were urgent. */
  private readonly urgent = new Set<number>()
  private readonly failures = new Map<number, number>()
  private readonly stuck = new Map<number, number>()
  private timer: NodeJS.Timeout | undefined
  private nextPollMs = 0
  private nextWeighMs = 0
  private calls: UpdateCalls | null = null

  constructor(private readonly options: RoundsOptions) {}

  start(calls: UpdateCalls): void {
    this.calls = calls
    this.turn()
  }

  /** Resolves once nobody is asked any more. */
  async close(): Promise<void> {
    this.calls = null
    clearTimeout(this.timer)
    await Promise.all(this.busy.values())
  }

  /** Something is missing in a channel. */
  urge(box: number): void {
    this.options.schedule.add(box)
    this.options.schedule.urge(box)
    if (!this.busy.has(box)) this.turn()
  }

  /** What is due changed: somebody looks at once. */
  wake(): void {
    if (this.calls) this.turn()
  }

  /** A channel is asked no more. */
  giveUp(box: number): void {
    this.failures.delete(box)
    this.options.schedule.remove(box)
  }

  private turn(): void {
    clearTimeout(this.timer)
    this.reweigh()
    while (this.calls && this.busy.size < WORKERS) {
      const nowMs = performance.now()
      const next = this.choose(nowMs)
      if (!next) break
      if (!next.isUrgent) {
        if (nowMs < this.nextPollMs) break
        this.nextPollMs = nowMs + SECOND / this.rate
      }
      if (next.isUrgent) this.urgent.add(next.box)
      this.options.schedule.begin(next.box, nowMs)
      const run = this.ask(this.calls, next.box, next.isUrgent ? 'catch_up' : 'poll')
      this.busy.set(next.box, run)
    }
    if (!this.calls) return
    const waitMs = Math.max(1, Math.min(IDLE_MS, this.nextPollMs - performance.now()))
    this.timer = setTimeout(() => this.turn(), waitMs > 1 ? waitMs : IDLE_MS / 5).unref()
  }

  /** Nobody says that a chat is watched since, or named by a profile. */
  private reweigh(): void {
    const nowMs = performance.now()
    if (nowMs < this.nextWeighMs) return
    this.nextWeighMs = nowMs + WEIGH_MS
    this.options.schedule.reweigh()
  }

  private choose(nowMs: number): NextPoll | null {
    const { schedule } = this.options
    const isBusy = (box: number) => this.busy.has(box)
    const next = schedule.next(nowMs, isBusy)
    const isOthersTurn = this.urgent.size >= URGENT_WORKERS && nowMs >= this.nextPollMs
    if (!next?.isUrgent || !isOthersTurn) return next
    return schedule.next(nowMs, isBusy, { urgentToo: false }) ?? next
  }

  private get rate(): number {
    const { schedule, pollsPerSecond } = this.options
    return schedule.isDoubtful ? Math.max(SWEEP_PER_SECOND, pollsPerSecond) : pollsPerSecond
  }

  private async ask(calls: UpdateCalls, box: number, by: ConfirmedBy): Promise<void> {
    const { schedule, sync } = this.options
    try {
      const isStuck = (this.stuck.get(box) ?? 0) >= STUCK_AFTER
      const { found, timeoutMs } = await sync.run(calls, box, by, isStuck)
      this.stuck.delete(box)
      this.failures.delete(box)
      schedule.polled(box, performance.now(), found, timeoutMs)
    } catch (error) {
      this.judge(box, toTelegramError(error))
    } finally {
      this.busy.delete(box)
      this.urgent.delete(box)
      this.turn()
    }
  }

  private judge(box: number, error: TelegramError): void {
    const { schedule, log, onClosed, onUnknown, onError } = this.options
    if (CLOSED.includes(error.type)) {
      this.giveUp(box)
      return onClosed(box, error.type)
    }
    if (STUCK.includes(error.type) || error.code >= 500) this.stuck.set(box, (this.stuck.get(box) ?? 0) + 1)
    const attempt = (this.failures.get(box) ?? 0) + 1
    this.failures.set(box, attempt)
    const isFlood = error.type === 'FLOOD_WAIT'
    const waitMs = isFlood ? (error.argument ?? 1) * SECOND : backoffMs(attempt, SECOND, 10 * MINUTE, Math.random())
    schedule.postpone(box, performance.now(), waitMs)
    if (isFlood) this.nextPollMs = performance.now() + waitMs
    if (OVER.includes(error.type)) return
    if (error.type === 'PEER_UNKNOWN') return onUnknown(box)
    log.info({ type: error.type, chat_id: channelOf(box), retry_ms: waitMs }, 'a channel could not be asked')
    onError(error)
  }
}
