import { moment, span } from './format'
import { highlight, type Span } from './highlight'
import type { Alert, MessageChange } from './model'

/** What became of the message of an alert: what it said and what it says, with the words that went and came marked. */
export function MessageChanges({ changes }: Pick<Alert, 'changes'>) {
  if (changes.length === 0) return null
  return (
    <ol class="message-changes" data-testid="message-changes" aria-label="What became of the message">
      {changes.map((change) => (
        <li key={change.id}>
          <Change {...change} />
        </li>
      ))}
    </ol>
  )
}

/** That an alert was not raised by what was posted. */
export function RaisedBy({ by }: { by: Alert['raised_by'] }) {
  if (by === 'post') return null
  return (
    <p class="hint" data-testid="raised-by">
      {by === 'edit'
        ? 'Raised by an edit: before it, the message did not match.'
        : 'Raised by what others made of it, not when it was posted.'}
    </p>
  )
}

function Change({ kind, at, after_s: afterS, before, after, removed, added }: MessageChange) {
  return (
    <>
      <p class="message-change-head">
        <strong>
          {kind === 'edited' ? 'Changed' : 'Deleted'} {span(afterS)} after posting
        </strong>{' '}
        <span class="hint">{moment(at)}</span>
      </p>
      {kind === 'edited' && after !== null && (
        <>
          <Text text={before} spans={removed} as="del" label="Was" />
          <Text text={after} spans={added} as="ins" label="Now" />
        </>
      )}
    </>
  )
}

interface TextProps {
  text: string
  spans: readonly Span[]
  as: 'del' | 'ins'
  label: string
}

function Text({ text, spans, as: As, label }: TextProps) {
  return (
    <p class="message-change-text" dir="auto">
      <span class="message-change-label">{label}: </span>
      {highlight(text, spans).map((piece, index) => (piece.isMatch ? <As key={index}>{piece.text}</As> : piece.text))}
    </p>
  )
}
