import { isIPv6 } from 'node:net'
import { MINUTE, SECOND } from '@tgsentinel/kernel/time'

interface Record {
  failures: number
  blockedUntil: number
  lastAt: number
}

interface Limit {
  free: number
  firstMs: number
  lastMs: number
}

const PER_ADDRESS: Limit = { free: 5, firstMs: 15 * SECOND, lastMs: 30 * MINUTE }
// Many addresses together; short, because this one also makes the owner wait.
const TOGETHER: Limit = { free: 50, firstMs: SECOND, lastMs: 30 * SECOND }
const FORGET_AFTER_MS = 60 * MINUTE
const MAX_ADDRESSES = 10_000

/** How an attempt fares: it may go on, or has to wait; `isNew` tells the first refusal of a wait. */
export type Verdict = { waitMs: 0 } | { waitMs: number; isNew: boolean }

/**
 * Slows guessing down: after five wrong passwords an address waits, twice as long after each further one, and all
 * addresses together have a bound of their own. An attempt counts when it begins, so that many at once gain nothing.
 */
export class Throttle {
  private readonly addresses = new Map<string, Record>()
  private together: Record = { failures: 0, blockedUntil: 0, lastAt: 0 }
  private readonly refused = new WeakMap<Record, number>()

  constructor(private readonly now: () => number) {}

  begin(address: string): Verdict {
    const now = this.now()
    const own = this.recordOf(networkOf(address), now)
    this.together = fresh(this.together, now)
    const blocked = [own, this.together].find((record) => record.blockedUntil > now)
    if (blocked) return this.refuse(blocked, now)
    count(own, PER_ADDRESS, now)
    count(this.together, TOGETHER, now)
    return { waitMs: 0 }
  }

  /** The attempt had the right password. */
  succeed(address: string): void {
    this.addresses.delete(networkOf(address))
    this.together.failures = Math.max(0, this.together.failures - 1)
    this.together.blockedUntil = 0
  }

  private refuse(record: Record, now: number): Verdict {
    const isNew = this.refused.get(record) !== record.blockedUntil
    this.refused.set(record, record.blockedUntil)
    return { waitMs: record.blockedUntil - now, isNew }
  }

  private recordOf(network: string, now: number): Record {
    const record = fresh(this.addresses.get(network) ?? { failures: 0, blockedUntil: 0, lastAt: now }, now)
    // Set anew, so that the map stays in the order of use and the one at its begin may go.
    this.addresses.delete(network)
    this.addresses.set(network, record)
    const [oldest] = this.addresses.keys()
    if (this.addresses.size > MAX_ADDRESSES && oldest !== undefined) this.addresses.delete(oldest)
    return record
  }
}

function fresh(record: Record, now: number): Record {
  const isForgotten = now - record.lastAt > FORGET_AFTER_MS && record.blockedUntil <= now
  return isForgotten ? { failures: 0, blockedUntil: 0, lastAt: now } : record
}

function count(record: Record, limit: Limit, now: number): void {
  record.failures += 1
  record.lastAt = now
  const beyond = record.failures - limit.free
  if (beyond >= 0) record.blockedUntil = now + Math.min(limit.lastMs, limit.firstMs * 2 ** Math.min(beyond, 20))
}

/** One household has a /64 of IPv6, so that counts as one address. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? []
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const zeros = address.includes('::') ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0') : []
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}
