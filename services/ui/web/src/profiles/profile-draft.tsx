import { useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../api'
import { moment } from '../format'
import type { KeptProfileForm, ProfileForm } from '../model'
import { Notice } from '../notice'

const PAUSE_MS = 600

type Draft = KeptProfileForm
type Request = ['PUT', object] | ['DELETE']

/** What is typed in the form of one profile, kept by the ui for this browser a moment after each pause. */
class DraftKeeper {
  private timer: ReturnType<typeof setTimeout> | undefined
  private waiting: object | undefined
  private last: Promise<unknown> = Promise.resolve()

  constructor(private readonly path: string) {}

  keep(form: ProfileForm, revision: number | null): void {
    this.waiting = { form, revision }
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.flush(), PAUSE_MS)
  }

  forget(): void {
    clearTimeout(this.timer)
    this.waiting = undefined
    this.send('DELETE')
  }

  /** Who leaves the form does not wait for the pause. */
  flush(): void {
    clearTimeout(this.timer)
    if (this.waiting) this.send('PUT', this.waiting)
    this.waiting = undefined
  }

  /** One after the other. What cannot be kept is typed all the same. */
  private send(...[method, body]: Request): void {
    this.last = this.last.then(() => call(method, this.path, body)).catch(() => undefined)
  }
}

export interface Drafting {
  /** Of an earlier visit; nothing is kept over it until its owner has decided. */
  offered: Draft | null
  keep: (form: ProfileForm) => void
  /** It was saved, or is not wanted. */
  forget: () => void
  /** Its owner goes on with it. */
  take: () => void
}

/** `profile`: an id, `new` or `copy-…`; `revision`: of what the edits begin with. */
export function useDrafting(profile: string, revision: number | null): Drafting {
  const path = `drafts/profiles/${profile}`
  const [offered, setOffered] = useState<Draft | null>(null)
  const [keeper] = useState(() => new DraftKeeper(path))
  const isDecided = useRef(false)
  const decide = () => {
    isDecided.current = true
    setOffered(null)
  }
  useEffect(() => {
    const offer = ({ draft }: { draft: Draft | null }) => (draft ? setOffered(draft) : decide())
    call<{ draft: Draft | null }>('GET', path).then(offer, decide)
    return () => keeper.flush()
  }, [])
  return {
    offered,
    keep: (form) => isDecided.current && keeper.keep(form, revision),
    forget: () => {
      decide()
      keeper.forget()
    },
    take: decide,
  }
}

interface DraftOfferProps {
  draft: Draft | null
  onTake: (draft: Draft) => void
  onForget: () => void
}

/** Offers what was typed and not saved; nothing where there is nothing of the kind. */
export function DraftOffer({ draft, onTake, onForget }: DraftOfferProps) {
  if (!draft) return null
  return (
    <Notice kind="info" testId="draft-offer">
      You have unsaved changes from <time dateTime={draft.saved_at}>{moment(draft.saved_at)}</time>.{' '}
      <button type="button" class="button link" onClick={() => onTake(draft)}>
        Continue
      </button>{' '}
      <button type="button" class="button link" onClick={onForget}>
        Throw away
      </button>
    </Notice>
  )
}
