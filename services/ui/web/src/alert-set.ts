import type { Alert } from './model'

/** Newest first, each once; what comes in replaces what was there. */
export function withAlerts(before: readonly Alert[], incoming: readonly Alert[]): Alert[] {
  const byId = new Map([...before, ...incoming].map((alert) => [alert.id, alert]))
  return [...byId.values()].sort((a, b) => b.id - a.id)
}

export function withChange(before: readonly Alert[], id: number, change: Partial<Alert>): Alert[] {
  return before.map((alert) => (alert.id === id ? { ...alert, ...change } : alert))
}
