import { borderBefore } from '../cutting'
import { profileNames } from '../alert-profiles'
import type { Alert, MessageChange, Span } from '../model'
import type { DeliveryContent } from '../store/deliveries'
import { escaped, styledText, withoutControls } from '../styled-text'
import { variablesOf } from '../templates/alert-variables'
import { wordDiff } from '../word-diff'
import { cutToPoints } from '../cutting'
import { oneLine } from '../wording'

const MAX_TEXT = 800
const MAX_WHERE = 120
/** Of what stands before the first word that changed. */
const LEAD = 120

/** That the message of an alert was edited or deleted: what it said and what it says, with the words that went and came marked. Pure. */
export function changeContent(alert: Alert, change: MessageChange): DeliveryContent {
  const name = profileNames(alert)
  const where = cutToPoints(oneLine(variablesOf(alert).where), MAX_WHERE)
  const { link } = alert
  const headline = `${change.kind === 'edited' ? 'Changed' : 'Deleted'} ${spanText(change.after_s)} after posting`
  const wordless = alert.medium?.label ?? '(no text)'
  const markup = [
    `<b>${escaped(headline)}</b> · ${escaped(where)}`,
    `Was: ${marked(change.before, change.removed, 'i', wordless)}`,
    ...(change.after === null ? [] : [`Now: ${marked(change.after, change.added, 'b', wordless)}`]),
    `<i>${escaped(oneLine(name))}</i>`,
    ...(link && change.kind === 'edited' ? [escaped(link)] : []),
  ].join('\n')
  const { changes: _changes, ...told } = alert
  return {
    title: `${oneLine(name)}: ${change.kind === 'edited' ? 'changed' : 'deleted'} after posting, ${where}`,
    body: styledText(withoutControls(markup)),
    data: { change, alert: told, link },
  }
}

/** Several edits that are told as one: from what the first found to what the last left; null where that is the same. */
export function joinedChange(first: MessageChange, last: MessageChange): MessageChange | null {
  if (first.before === last.after || last.after === null) return null
  return { ...last, before: first.before, ...wordDiff(first.before, last.after) }
}

/** `40 s`, `12 min`, `3 h`, `2 days`. */
export function spanText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`
}

/** A part of a long text, around the first words that stand out. `wordless`: what stands for a text without a word. */
function marked(text: string, spans: readonly Span[], tag: 'b' | 'i', wordless: string): string {
  if (text.trim() === '') return escaped(wordless)
  const first = spans[0]?.offset ?? 0
  const start = text.length > MAX_TEXT && first > LEAD ? borderBefore(text, first - LEAD) : 0
  const end = text.length - start > MAX_TEXT ? borderBefore(text, start + MAX_TEXT) : text.length
  let at = start
  let markup = start > 0 ? '…' : ''
  for (const { offset, length } of spans) {
    const [from, to] = [Math.max(offset, at), Math.min(offset + length, end)]
    if (from >= to) continue
    markup += `${escaped(text.slice(at, from))}<${tag}>${escaped(text.slice(from, to))}</${tag}>`
    at = to
  }
  return `${markup}${escaped(text.slice(at, end))}${end < text.length ? '…' : ''}`
}
