import { MINUTE, SECOND } from '@tgsentinel/kernel/time'
import type { OwnerState } from './model'

/** After a start, or after another session came in force, things need their time. */
const GRACE_MS = 2 * MINUTE
/** How long the connection may be gone: a change of networks is no illness. */
const ABSENCE_MS = MINUTE
const ENDED: readonly OwnerState[] = ['session_conflict', 'session_revoked', 'banned', 'session_invalid', 'frozen']
const NOBODY: readonly OwnerState[] = ['signed_out', 'needs_app']
const LOOK_MS = 5 * SECOND

export interface Health {
  is_healthy: boolean
  reason: string
}

export interface HealthFacts {
  state: OwnerState
  stateMessage: string
  /** When the connection stood last; null where it never did. */
  connectedAtMs: number | null
  /** Since when the process runs, or this session is in force. */
  sinceMs: number
  isStorageFailing: boolean
  /** Seconds since the channel was confirmed that waits longest, and within how many that is to be. */
  staleness: { worstS: number; boundS: number }
}

/** Whether the product does what it is for, and why. */
export function verdictOf(facts: HealthFacts, nowMs: number): Health {
  if (facts.isStorageFailing) return { is_healthy: false, reason: 'The database takes no writes. Check its disk.' }
  const problem = problemOf(facts, nowMs)
  if (problem === null) return { is_healthy: true, reason: wellBeing(facts) }
  const isYoung = nowMs - facts.sinceMs < GRACE_MS
  return isYoung ? { is_healthy: true, reason: `Just started. ${problem}` } : { is_healthy: false, reason: problem }
}

function problemOf({ staleness, ...facts }: HealthFacts, nowMs: number): string | null {
  if (ENDED.includes(facts.state)) return facts.stateMessage
  if (NOBODY.includes(facts.state)) return null
  const absentMs = nowMs - (facts.connectedAtMs ?? facts.sinceMs)
  if (absentMs > ABSENCE_MS || facts.connectedAtMs === null)
    return `Telegram has not been heard for ${spanOf(absentMs)}.${facts.state === 'connecting' ? ` ${facts.stateMessage}` : ''}`
  if (staleness.boundS > 0 && staleness.worstS > 2 * staleness.boundS + ABSENCE_MS / SECOND)
    return `A channel was not asked for ${spanOf(staleness.worstS * SECOND)}, instead of ${staleness.boundS} seconds.`
  return null
}

function wellBeing({ state }: HealthFacts): string {
  return NOBODY.includes(state) ? 'Nobody is signed in.' : 'Telegram is heard.'
}

function spanOf(ms: number): string {
  const minutes = Math.round(ms / MINUTE)
  if (minutes < 1) return `${Math.round(ms / SECOND)} seconds`
  return minutes === 1 ? 'a minute' : `${minutes} minutes`
}

interface Sources {
  owner: () => { state: OwnerState; stateMessage: string; isConnected: boolean; generation: number }
  isStorageFailing: () => boolean
  summary: () => { worst_staleness_s: number; bound_s: number }
  now: () => number
}

/** Looks every few seconds whether Telegram is connected, and tells how the product is. */
export class HealthBoard {
  private connectedAtMs: number | null = null
  private sinceMs: number
  private generation: number
  private readonly timer: NodeJS.Timeout

  constructor(private readonly sources: Sources) {
    this.sinceMs = sources.now()
    this.generation = sources.owner().generation
    this.timer = setInterval(() => this.look(), LOOK_MS).unref()
  }

  get verdict(): Health {
    this.look()
    const { owner, isStorageFailing, summary, now } = this.sources
    const { worst_staleness_s: worstS, bound_s: boundS } = summary()
    const { connectedAtMs, sinceMs } = this
    const known = { connectedAtMs, sinceMs, isStorageFailing: isStorageFailing(), staleness: { worstS, boundS } }
    return verdictOf({ ...owner(), ...known }, now())
  }

  /** Somebody is signed in, and Telegram is connected now. */
  get isHeard(): boolean {
    return this.verdict.is_healthy && this.sources.owner().isConnected
  }

  close(): void {
    clearInterval(this.timer)
  }

  private look(): void {
    const { isConnected, generation } = this.sources.owner()
    if (generation !== this.generation) {
      this.generation = generation
      this.sinceMs = this.sources.now()
      this.connectedAtMs = null
    }
    if (isConnected) this.connectedAtMs = this.sources.now()
  }
}
