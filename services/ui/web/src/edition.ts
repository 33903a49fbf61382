import { useState } from 'preact/hooks'

interface Revised {
  revision: number
}

export interface Edition<T extends Revised> {
  /** What the form was begun from, or saved last. */
  basis: T
  /** Another one: the form begins anew. */
  key: number
  /** Somebody else changed it since. */
  isStale: boolean
  /** The answer to a change that was made here. */
  take: (changed: T) => void
  /** Begins anew, from what is there now if nothing else is given. */
  renew: (from?: T) => void
}

/**
 * What a form stands for and saves under, however new the facts around it are: what was changed elsewhere meanwhile is told of and refused by
 * the sentinel, and not overwritten.
 */
export function useEdition<T extends Revised>(now: T): Edition<T> {
  const [{ basis, key }, set] = useState({ basis: now, key: 0 })
  return {
    ...{ basis, key },
    isStale: now.revision > basis.revision,
    take: (changed) => set((before) => (followsOn(before.basis, changed) ? { ...before, basis: changed } : before)),
    renew: (from = now) => set((before) => ({ basis: from, key: before.key + 1 })),
  }
}

/** What is changed without the form, as a secret is, may come after a change from elsewhere that the form does not show. */
function followsOn(basis: Revised, changed: Revised): boolean {
  return changed.revision <= basis.revision + 1
}
