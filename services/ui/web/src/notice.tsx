import type { ComponentChildren } from 'preact'

interface NoticeProps {
  kind: 'error' | 'warning' | 'good' | 'info'
  children: ComponentChildren
  testId?: string
}

/** A sentence that asks for attention; an error is read out at once. */
export function Notice({ kind, children, testId }: NoticeProps) {
  return (
    <div class={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : 'status'} data-testid={testId}>
      {children}
    </div>
  )
}

/** What went wrong, and another try; nothing while `error` is empty. */
export function Failure({ error, onRetry }: { error: string; onRetry: () => void }) {
  if (!error) return null
  return (
    <Notice kind="error">
      {error}{' '}
      <button class="button link" onClick={onRetry}>
        Try again
      </button>
    </Notice>
  )
}
