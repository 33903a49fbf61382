import { MINUTE, SECOND } from '@tgsentinel/kernel/time'

/** What is known of a channel that has to be asked whether something was posted. Times are milliseconds of a monotonic clock. */
interface Entry {
  /** When it was known last to be complete; -Infinity: ask at once. */
  confirmedAtMs: number
  /** The same, whatever was lost since; 0: never. */
  lastConfirmedAtMs: number
  /** When the last answer came; -Infinity: none since the last loss of the connection. */
  polledAtMs: number
  /** When it was asked last, whether or not it was answered. */
  askedAtMs: number
  /** Telegram's own wish for the pause between two polls. */
  timeoutMs: number
  /** Messages a millisecond that came by polls alone, averaged over the last ones. */
  unpushedRate: number
  /** Something is known to be missing. */
  isUrgent: boolean
  /** It could not be asked: not before then. */
  notBeforeMs: number
  interest: Interest
}

export interface NextPoll {
  box: number
  isUrgent: boolean
}

interface Candidate {
  box: number
  /** Of urgent ones the last time asked, of others the deadline: the earliest is the first. */
  sinceMs: number
  /** Of those that are due alike: the longest unconfirmed, and those that a profile listens to, are doubted most. */
  formerMs?: number
}

/** `none`: the chat is not watched. `listened`: a profile names it. */
export type Interest = 'none' | 'normal' | 'listened'

const DEFAULT_TIMEOUT_MS = 30 * SECOND
/** Nobody was pushed anything from there, or nothing was posted. */
const QUIET_MS = 5 * MINUTE
const LISTENED_MS = MINUTE
/** Before it is asked again when something was found missing while it was asked. */
const AGAIN_MS = SECOND
/** Share of the last poll in the average. */
const WEIGHT = 0.3
/** A bound is kept also when a poll takes long or is refused once. */
const BOUND_MARGIN = 1.5
const BOUND_GRACE_MS = 15 * SECOND

/**
 * When to ask which channel, within a budget of polls a second: the earliest deadline first. A channel where polls find what was
 * not pushed is asked more often, and so is one that a profile listens to; all pauses stretch or shrink alike until they fit
 * the budget, but none is shorter than Telegram wishes. Pure: the clock comes in as an argument.
 */
export class PollSchedule {
  private readonly entries = new Map<number, Entry>()
  private stretch = 1
  /** Interests and pauses are those of the entries as they are: weighing costs as much as there are channels. */
  private isWeighed = true

  constructor(
    private readonly pollsPerSecond: number,
    private readonly interestIn: (box: number) => Interest = () => 'normal',
  ) {}

  /** Whether some channel is not known to be complete since the last loss of the connection. */
  get isDoubtful(): boolean {
    this.weigh()
    for (const { confirmedAtMs, interest } of this.entries.values())
      if (confirmedAtMs === Number.NEGATIVE_INFINITY && interest !== 'none') return true
    return false
  }

  has(box: number): boolean {
    return this.entries.has(box)
  }

  add(box: number): void {
    if (this.entries.has(box)) return
    const never = Number.NEGATIVE_INFINITY
    this.entries.set(box, {
      confirmedAtMs: never,
      lastConfirmedAtMs: 0,
      polledAtMs: never,
      askedAtMs: never,
      timeoutMs: DEFAULT_TIMEOUT_MS,
      unpushedRate: 0,
      isUrgent: false,
      notBeforeMs: never,
      interest: 'none',
    })
    this.reweigh()
  }

  remove(box: number): void {
    if (this.entries.delete(box)) this.reweigh()
  }

  /** What is watched or listened to may have changed. */
  reweigh(): void {
    this.isWeighed = false
  }

  /** A push proved that nothing is missing. */
  confirm(box: number, nowMs: number): void {
    const entry = this.entries.get(box)
    if (!entry) return
    entry.confirmedAtMs = entry.lastConfirmedAtMs = nowMs
  }

  /** Something is missing there. */
  urge(box: number): void {
    const entry = this.entries.get(box)
    if (entry) entry.isUrgent = true
  }

  /** After a loss of the connection nothing is known to be complete. */
  doubtAll(): void {
    for (const entry of this.entries.values()) entry.confirmedAtMs = entry.polledAtMs = Number.NEGATIVE_INFINITY
  }

  /** It is asked now: what is found missing from here on, the answer may not bring. */
  begin(box: number, nowMs: number): void {
    const entry = this.entries.get(box)
    if (!entry) return
    entry.askedAtMs = nowMs
    entry.isUrgent = false
  }

  /** A poll ended: `found` messages that no push had brought; `timeoutMs` as Telegram said. */
  polled(box: number, nowMs: number, found: number, timeoutMs: number | null): void {
    const entry = this.entries.get(box)
    if (!entry) return
    const sinceMs = Math.max(SECOND, nowMs - Math.max(entry.polledAtMs, nowMs - 60 * MINUTE))
    entry.unpushedRate = (1 - WEIGHT) * entry.unpushedRate + WEIGHT * (found / sinceMs)
    entry.confirmedAtMs = entry.lastConfirmedAtMs = entry.polledAtMs = nowMs
    if (timeoutMs !== null) entry.timeoutMs = timeoutMs
    // Should every answer say that something is missing, it is not asked without a pause.
    if (entry.isUrgent) entry.notBeforeMs = nowMs + AGAIN_MS
    this.reweigh()
  }

  /** It could not be asked: again after a while. */
  postpone(box: number, nowMs: number, delayMs: number): void {
    const entry = this.entries.get(box)
    if (!entry) return
    entry.isUrgent = true
    entry.notBeforeMs = nowMs + delayMs
  }

  /**
   * What to ask next: urgent ones at once, the one asked longest ago first, unless they are to wait (`urgentToo` false); others by
   * their deadline, once it has come. `isBusy`: is being asked already.
   */
  next(nowMs: number, isBusy: (box: number) => boolean, { urgentToo = true } = {}): NextPoll | null {
    this.weigh()
    let urgent: Candidate | null = null
    let due: Candidate | null = null
    for (const [box, entry] of this.entries) {
      if (entry.interest === 'none' || nowMs < entry.notBeforeMs || isBusy(box)) continue
      if (entry.isUrgent) {
        urgent = earlier(urgent, { box, sinceMs: entry.askedAtMs })
        continue
      }
      const deadlineMs = this.deadlineMs(entry)
      if (deadlineMs <= nowMs)
        due = earlier(due, { box, sinceMs: deadlineMs, formerMs: entry.lastConfirmedAtMs + wishMs(entry) })
    }
    if (urgentToo && urgent) return { box: urgent.box, isUrgent: true }
    return due && { box: due.box, isUrgent: false }
  }

  /** How long a channel may go without being confirmed, as it is stated to users. */
  boundMs(box: number): number {
    this.weigh()
    const entry = this.entries.get(box)
    return entry ? boundOf(this.pauseMs(entry)) : 0
  }

  /** The greatest of all bounds. */
  get worstBoundMs(): number {
    this.weigh()
    const watched = [...this.entries.values()].filter(({ interest }) => interest !== 'none')
    return watched.reduce((worst, entry) => Math.max(worst, boundOf(this.pauseMs(entry))), 0)
  }

  private deadlineMs(entry: Entry): number {
    const pause = this.pauseMs(entry)
    return Math.max(entry.confirmedAtMs + pause, entry.polledAtMs + Math.min(entry.timeoutMs, pause))
  }

  private pauseMs(entry: Entry): number {
    return Math.max(entry.timeoutMs, wishMs(entry) * this.stretch)
  }

  private weigh(): void {
    if (this.isWeighed) return
    this.isWeighed = true
    let load = 0
    for (const [box, entry] of this.entries) {
      entry.interest = this.interestIn(box)
      if (entry.interest !== 'none') load += SECOND / wishMs(entry)
    }
    this.stretch = load / this.pollsPerSecond
  }
}

function earlier(one: Candidate | null, other: Candidate): Candidate {
  if (one === null || other.sinceMs < one.sinceMs) return other
  return other.sinceMs === one.sinceMs && (other.formerMs ?? 0) < (one.formerMs ?? 0) ? other : one
}

function wishMs({ unpushedRate, interest }: Entry): number {
  const calmMs = interest === 'listened' ? LISTENED_MS : QUIET_MS
  const busyMs = unpushedRate > 0 ? 1 / unpushedRate : calmMs
  return Math.max(SECOND, Math.min(calmMs, busyMs))
}

function boundOf(pauseMs: number): number {
  return pauseMs * BOUND_MARGIN + BOUND_GRACE_MS
}
