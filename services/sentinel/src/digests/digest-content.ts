import { isoMoment } from '@tgsentinel/kernel/time'
import type { Alert, CoverageSummary } from '../model'
import { shown } from '../schedules/wall-time'
import type { DeliveryContent } from '../store/deliveries'
import { escaped, styledText, withoutControls } from '../styled-text'
import { variablesOf } from '../templates/alert-variables'
import { cutToPoints } from '../cutting'
import { oneLine } from '../wording'

const MAX_TEXT = 300
const MAX_WHERE = 100

/** What a digest tells of. */
export interface DigestFacts {
  profile: { id: number; name: string }
  /** The best alerts by score, and how many there are in all. */
  best: readonly Alert[]
  alerts: number
  fromMs: number
  toMs: number
  zone: string
  /** Messages that were captured in this time. */
  messages: number
  coverage: CoverageSummary
}

/** A digest, in a form that every kind of destination makes its own of. Pure. */
export function digestContent(facts: DigestFacts): DeliveryContent {
  const { profile, best, alerts, fromMs, toMs, zone } = facts
  const title = `${oneLine(profile.name)}: ${alerts === 0 ? 'nothing new' : counted(alerts, 'alert')}`
  const period = `${shown(fromMs, zone)} – ${shown(toMs, zone)} (${zone})`
  const more = alerts - best.length
  const markup = [
    `<b>${escaped(title)}</b>\n<i>${escaped(period)}</i>`,
    ...best.map(alertMarkup),
    ...(more > 0 ? [`And ${number(more)} more, in the list of alerts.`] : []),
    `<i>${escaped(coverageLine(facts))}</i>`,
  ].join('\n\n')
  return { title, body: styledText(withoutControls(markup)), data: dataOf(facts) }
}

/** How complete it is: a digest that says nothing of what it could not see says too much. */
export function coverageLine({ messages, coverage }: Pick<DigestFacts, 'messages' | 'coverage'>): string {
  const {
    chats,
    open_gaps: open,
    unfillable_gaps: lost,
    unreadable,
    stale_chats: stale,
    closed_chats: closed,
  } = coverage
  const gaps = [
    ...(open > 0 ? [`${counted(open, 'gap')} still open`] : []),
    ...(lost > 0 ? [`${counted(lost, 'gap')} that cannot be filled`] : []),
    ...(open + lost === 0 ? ['no gaps'] : []),
    ...(unreadable > 0 ? [`${counted(unreadable, 'message')} that could not be read`] : []),
    ...(stale > 0 ? [`${counted(stale, 'chat')} not confirmed lately`] : []),
    ...(closed > 0 ? [`${counted(closed, 'chat')} closed to you`] : []),
    ...(coverage.is_hearing ? [] : ['Telegram is not heard at the moment']),
  ]
  return `Coverage: ${counted(messages, 'message')} seen, ${counted(chats, 'chat')} watched, ${gaps.join(', ')}.`
}

function alertMarkup(alert: Alert, index: number): string {
  const { score, where, text, link } = variablesOf(alert)
  const head = `${index + 1}. <b>[${score}]</b> ${escaped(cutToPoints(oneLine(where), MAX_WHERE))}`
  const since = alert.changes.at(-1)
  const note = since ? [`<i>${since.kind === 'edited' ? 'Changed' : 'Deleted'} since then.</i>`] : []
  return [head, escaped(cutToPoints(text, MAX_TEXT)), ...note, ...(link ? [escaped(link)] : [])].join('\n')
}

function dataOf({ profile, best, alerts, fromMs, toMs, zone, messages, coverage }: DigestFacts) {
  return {
    profile,
    ...{ from: isoMoment(fromMs), to: isoMoment(toMs), time_zone: zone },
    alert_count: alerts,
    more: alerts - best.length,
    alerts: best,
    coverage: { messages, ...coverage, sentence: coverageLine({ messages, coverage }) },
  }
}

function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
