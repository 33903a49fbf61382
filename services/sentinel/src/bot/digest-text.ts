import { setImmediate } from 'node:timers/promises'
import { DAY } from '@tgsentinel/kernel/time'
import type { Alerts } from '../alerts'
import type { Alert } from '../model'
import { alertsText } from './alert-text'
import { counted } from './pages'

const BEST = 10
const PAGE = 500
/** Older ones of the day are left out, and the digest says so. */
const MAX_READ = 10_000

/** The best alerts of the last 24 hours by their score, and how many each profile has raised. */
export async function digestText(alerts: Pick<Alerts, 'list'>, nowMs: number): Promise<string> {
  const counts = new Map<string, number>()
  let best: Alert[] = []
  let read = 0
  let beforeId: number | undefined
  do {
    const page = alerts.list({ limit: PAGE, sinceMs: nowMs - DAY, beforeId })
    for (const { name } of page.alerts.flatMap(({ profiles }) => profiles))
      counts.set(name, (counts.get(name) ?? 0) + 1)
    best = [...best, ...page.alerts].sort((a, b) => b.score - a.score || b.id - a.id).slice(0, BEST)
    read += page.alerts.length
    beforeId = page.next_cursor === null ? undefined : Number(page.next_cursor)
    await setImmediate()
  } while (beforeId !== undefined && read < MAX_READ)
  if (read === 0) return 'No alerts in the last 24 hours.'
  const scope =
    beforeId === undefined ? 'The last 24 hours' : `The newest ${read.toLocaleString('en-US')} of the last 24 hours`
  const head = `${scope}: ${counted(read, 'alert')}.\n${countsText(counts)}`
  return `${head}\n\nThe best ${best.length === 1 ? 'one' : best.length}, by score:\n\n${alertsText(best, 'brief')}`
}

function countsText(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  return sorted.map(([name, count]) => `${name}: ${count.toLocaleString('en-US')}`).join('\n')
}
