import type { ComponentChildren } from 'preact'
import { counted, score } from './format'
import type { Reason, Span } from './model'

export const DETECTORS: Record<string, string> = {
  mention: 'mentions you',
  reply_to_me: 'answers you',
  private: 'written to you alone',
  question: 'asks a question',
  one_time_code: 'one-time code',
  link: 'has a link',
  code: 'has code',
  document: 'has a file',
  media: 'has media',
  poll: 'is a poll',
  forwarded: 'forwarded',
  pinned: 'pinned',
  admin: 'written by an admin',
}

const SAMPLE_SHOWN = 40

/** Why a profile fired, each with what it adds to the score. */
export function Reasons({ reasons, children }: { reasons: readonly Reason[]; children?: ComponentChildren }) {
  return (
    <ul class="chips" data-testid="alert-reasons" aria-label="Why">
      {reasons.map((reason, index) => (
        <li key={index} class={`chip chip-${reason.kind}`}>
          <bdi>{labelOf(reason)}</bdi> <b>{signed(reason.weight)}</b>
        </li>
      ))}
      {children}
    </ul>
  )
}

/** Where in the text it stands. */
export function spansOf(reasons: readonly Reason[]): Span[] {
  return reasons.flatMap((reason) => reason.matches ?? [])
}

function signed(weight: number): string {
  return weight < 0 ? `−${score(-weight)}` : `+${score(weight)}`
}

function labelOf({ kind, label, category, count }: Reason): string {
  if (kind === 'detector') return DETECTORS[label] ?? label
  if (kind === 'interest') return `like “${label.slice(0, SAMPLE_SHOWN)}${label.length > SAMPLE_SHOWN ? '…' : ''}”`
  if (kind === 'vip') return `from ${label}`
  if (kind === 'threshold') return counted(count ?? 0, label === 'replies' ? 'answer' : 'reaction')
  return category ? `${label} · ${category}` : label
}
