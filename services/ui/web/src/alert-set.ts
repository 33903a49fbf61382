import type { Alert, AlertPage, MessageChange } from './model'

/** How many alerts may come in by themselves before the list is asked for anew, and how many it asks for then. */
export const LIVE_MAX = 100
const PAGE_MAX = 500

export interface AlertSet {
  alerts: readonly Alert[]
  nextCursor: string | null
  /** How many came in by themselves since the list was loaded. */
  liveCount: number
  /** Heard while a load is under way: its page may have been read before. */
  heard: readonly Alert[]
  changes: readonly AlertDelta[]
  isLoading: boolean
}

/** `change`: one more of its message. */
type AlertDelta = { id: number; change?: MessageChange } & Partial<Alert>

/** As many as the sentinel keeps. */
const KEPT_CHANGES = 10

export const NO_ALERTS: AlertSet = {
  alerts: [],
  nextCursor: null,
  liveCount: 0,
  heard: [],
  changes: [],
  isLoading: false,
}

/** Newest first, each once; what comes in replaces what was there. */
export function withAlerts(before: readonly Alert[], incoming: readonly Alert[]): Alert[] {
  const byId = new Map([...before, ...incoming].map((alert) => [alert.id, alert]))
  return [...byId.values()].sort((a, b) => b.id - a.id)
}

export function withChange(before: readonly Alert[], { id, change, ...part }: AlertDelta): Alert[] {
  const applied = (alert: Alert): Alert => ({ ...alert, ...part, ...(change && { changes: added(alert, change) }) })
  return before.map((alert) => (alert.id === id ? applied(alert) : alert))
}

/** A page that was read late may have it already. */
function added({ changes }: Alert, change: MessageChange): MessageChange[] {
  return [...changes.filter(({ id }) => id !== change.id), change].slice(-KEPT_CHANGES)
}

export function loadBegun(set: AlertSet): AlertSet {
  return { ...set, heard: [], changes: [], isLoading: true }
}

/** The count begins again, so that a list that cannot be asked for is not asked for without end. */
export function loadFailed(set: AlertSet): AlertSet {
  return { ...set, heard: [], changes: [], liveCount: 0, isLoading: false }
}

/** A page that was asked for; the first one takes the place of all but what was heard meanwhile. */
export function loaded(set: AlertSet, page: AlertPage, isFirst: boolean): AlertSet {
  const { heard, changes } = set
  const below = isFirst ? heard : set.alerts
  const alerts = changes.reduce<Alert[]>(withChange, withAlerts(below, page.alerts))
  const liveCount = isFirst ? heard.length : set.liveCount
  return { ...NO_ALERTS, alerts, nextCursor: page.next_cursor, liveCount }
}

export function arrived(set: AlertSet, alert: Alert): AlertSet {
  const heard = set.isLoading ? [...set.heard, alert] : set.heard
  return { ...set, alerts: withAlerts(set.alerts, [alert]), liveCount: set.liveCount + 1, heard }
}

export function changed(set: AlertSet, delta: AlertDelta): AlertSet {
  const changes = set.isLoading ? [...set.changes, delta] : set.changes
  return { ...set, alerts: withChange(set.alerts, delta), changes }
}

/** Whether an open page has heard so much that its oldest rows have to go. */
export function isOverfull({ liveCount, isLoading }: AlertSet): boolean {
  return liveCount >= LIVE_MAX && !isLoading
}

/** How many rows an overfull list keeps: what its owner paged to stays. */
export function keptCount({ alerts, liveCount }: AlertSet): number {
  return Math.min(PAGE_MAX, Math.max(LIVE_MAX, alerts.length - liveCount))
}
