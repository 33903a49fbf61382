import type { SignInView } from '../model'
import { Notice } from '../notice'

/** How the last attempt ended, where it did not end well; a way that it did not take keeps silent. */
export function Outcome({ view, way }: { view: SignInView | undefined; way: 'phone' | 'qr' }) {
  if (!view || !isOver(view) || (view.method !== null && view.method !== way)) return null
  return (
    <Notice kind={KINDS[view.step] ?? 'info'} testId={`sign-in-${view.step}`}>
      {view.message}
    </Notice>
  )
}

const KINDS: Partial<Record<SignInView['step'], 'error' | 'warning'>> = { failed: 'error', interrupted: 'warning' }

export function isOver({ step }: SignInView): boolean {
  return step === 'failed' || step === 'cancelled' || step === 'interrupted'
}
