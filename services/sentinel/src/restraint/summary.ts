import type { Alert } from '../model'
import type { DeliveryContent } from '../store/deliveries'
import { escaped, styledText, withoutControls } from '../styled-text'
import { variablesOf } from '../templates/alert-variables'
import { cutToPoints } from '../cutting'
import { oneLine } from '../wording'

const SHOWN = 10
const MAX_TEXT = 200

/** What a cap held back, as one. Pure. */
export function summaryOf(profileName: string, alerts: readonly Alert[]): DeliveryContent {
  const best = [...alerts].sort((a, b) => b.score - a.score || b.id - a.id).slice(0, SHOWN)
  const title = `${oneLine(profileName)}: and ${alerts.length} more`
  const more = alerts.length - best.length
  const markup = [
    `<b>${escaped(title)}</b>`,
    ...best.map(alertMarkup),
    ...(more > 0 ? [`The other ${more} are in the list of alerts.`] : []),
  ].join('\n\n')
  const data = { alert_count: alerts.length, alerts: best }
  return { title, body: styledText(withoutControls(markup)), data }
}

function alertMarkup(alert: Alert): string {
  const { score, where, text, link } = variablesOf(alert)
  const [head, body] = [`<b>[${score}]</b> ${escaped(where)}`, escaped(cutToPoints(text, MAX_TEXT))]
  return [head, body, ...(link ? [escaped(link)] : [])].join('\n')
}
