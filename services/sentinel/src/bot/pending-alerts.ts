import { setImmediate } from 'node:timers/promises'
import type { Alerts } from '../alerts'
import type { Alert } from '../model'
import { alertsText, alertText } from './alert-text'
import { answerKeyboard, type Keyboard } from '../answer-buttons'
import { counted, MAX_MESSAGE } from './pages'

/** Beyond so many, a chat is told of the newest ones and of how many the others are. */
const MAX_TOLD_ONE_BY_ONE = 100
const NEWEST = 10
const PAGE = 500
/** Counting stops there. */
const MAX_COUNTED = 10_000
/** Alerts of one message: what is longer is told in the next. */
const MAX_JOINED = 20

export interface Telling {
  text: string
  /** By which what is told can be answered. */
  keyboard: Keyboard
  /** The last alert that the text stands for. */
  upTo: number
  /** Alerts that are told before others, which are held; the last one that was told stays the same then. */
  ahead: readonly number[]
  /** It was told before, and snoozed. */
  isReminder: boolean
}

type AlertList = Pick<Alerts, 'list'>

/** How far a chat was told, beyond that of which alerts, and which alerts are held at the moment. */
export interface ToldSoFar {
  toldUpTo: number
  ahead: ReadonlySet<number>
  isHeld: (alert: Alert) => boolean
}

/**
 * What a chat is to be told next, in one message; null where there is nothing. While some are held the others of the newest are told
 * ahead of them.
 */
export async function nextTelling(alerts: AlertList, { toldUpTo, ahead, isHeld }: ToldSoFar): Promise<Telling | null> {
  const [newest] = alerts.list({ limit: 1 }).alerts
  if (!newest || newest.id <= toldUpTo) return null
  const newer = alerts.list({ limit: MAX_TOLD_ONE_BY_ONE + 1 }).alerts.filter(({ id }) => id > toldUpTo)
  const pending = newer.filter(({ id }) => !ahead.has(id)).reverse()
  const free = pending.filter((alert) => !isHeld(alert))
  if (free.length < pending.length) return joined(free, true)
  if (newer.length > MAX_TOLD_ONE_BY_ONE) return summary(alerts, toldUpTo, 'new')
  return joined(pending, false)
}

/** What came while a chat was not told: how many, and the newest of them. */
export async function missedTelling(alerts: AlertList, toldUpTo: number): Promise<Telling | null> {
  const [newest] = alerts.list({ limit: 1 }).alerts
  return newest && newest.id > toldUpTo ? summary(alerts, toldUpTo, 'came meanwhile') : null
}

/** An alert whose snooze is over. */
export function reminderOf(alert: Alert): Telling {
  const text = `Again: ${alertText(alert, 'whole')}`
  return { text, keyboard: answerKeyboard([alert], null), upTo: alert.id, ahead: [], isReminder: true }
}

async function summary(alerts: AlertList, toldUpTo: number, how: 'new' | 'came meanwhile'): Promise<Telling> {
  const newest = alerts.list({ limit: NEWEST }).alerts.filter(({ id }) => id > toldUpTo)
  const upTo = newest[0]?.id ?? toldUpTo
  const { count, isComplete } = await countBetween(alerts, toldUpTo, upTo)
  const many = `${isComplete ? '' : 'more than '}${counted(count, 'alert')}`
  const rest = count - newest.length
  const head = how === 'new' ? `New: ${many}.` : `${many} came meanwhile.`
  const scope = rest > 0 ? ` The newest ${newest.length}:` : ''
  const more = rest > 0 ? `\n\nAnd ${isComplete ? '' : 'more than '}${rest.toLocaleString('en-US')} more: /alerts` : ''
  return {
    text: `${capitalized(head)}${scope}\n\n${alertsText(newest.reverse(), 'brief')}${more}`,
    keyboard: [],
    upTo,
    ahead: [],
    isReminder: false,
  }
}

/** Oldest first, as many as go into one message. */
function joined(pending: Alert[], isAhead: boolean): Telling | null {
  const length = pending.length > 1 ? 'short' : 'whole'
  let text = ''
  const told: Alert[] = []
  for (const alert of pending.slice(0, MAX_JOINED)) {
    // Its buttons bear the same number.
    const number = pending.length > 1 ? `${told.length + 1} · ` : ''
    const next = `${text && `${text}\n\n`}${number}${alertText(alert, length)}`
    if (text && next.length > MAX_MESSAGE) break
    text = next
    told.push(alert)
  }
  const last = told.at(-1)
  if (!last) return null
  const ids = told.map(({ id }) => id)
  return {
    text,
    keyboard: answerKeyboard(told, null, pending.length > 1),
    upTo: last.id,
    ahead: isAhead ? ids : [],
    isReminder: false,
  }
}

/** How many alerts there are beyond an id, up to another; in steps, so that others have their turn. */
async function countBetween(alerts: AlertList, beyond: number, upTo: number) {
  let count = 0
  for (let beforeId = upTo + 1; count < MAX_COUNTED;) {
    const page = alerts.list({ limit: PAGE, beforeId }).alerts.filter(({ id }) => id > beyond)
    count += page.length
    const last = page.at(-1)
    if (page.length < PAGE || !last) return { count, isComplete: true }
    beforeId = last.id
    await setImmediate()
  }
  return { count, isComplete: false }
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
