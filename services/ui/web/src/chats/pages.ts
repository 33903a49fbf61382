import { useEffect, useRef, useState } from 'preact/hooks'
import { call, messageOf } from '../api'

export interface Pages<Item, Page> {
  items: readonly Item[]
  /** The page that was read last: what it says beside its items. */
  page: Page | undefined
  isLoading: boolean
  error: string
  /** From the first page on. */
  reload: () => void
  more: () => void
  change: (step: (items: readonly Item[]) => readonly Item[]) => void
}

interface PagesOptions<Item, Page> {
  /** Address of the first page, or of the one after `page`; undefined: there is none. Another first page begins the list anew. */
  addressOf: (page: Page | undefined) => string | undefined
  itemsOf: (page: Page) => readonly Item[]
}

/** A list that is read by pages. Of several questions the last one counts; a failure leaves what is there. */
export function usePages<Item, Page>({ addressOf, itemsOf }: PagesOptions<Item, Page>): Pages<Item, Page> {
  const [items, setItems] = useState<readonly Item[]>([])
  const [page, setPage] = useState<Page | undefined>()
  const [isLoading, setLoading] = useState(false)
  const [error, setError] = useState('')
  const asked = useRef(0)
  const load = (before: Page | undefined) => {
    const address = addressOf(before)
    if (address === undefined) return
    const turn = ++asked.current
    const ifLatest = (step: () => void) => turn === asked.current && step()
    setLoading(true)
    setError('')
    const take = (next: Page) => {
      setPage(next)
      setItems((present) => (before === undefined ? itemsOf(next) : [...present, ...itemsOf(next)]))
    }
    call<Page>('GET', address)
      .then(
        (next) => ifLatest(() => take(next)),
        (cause: unknown) => ifLatest(() => setError(messageOf(cause))),
      )
      .finally(() => ifLatest(() => setLoading(false)))
  }
  const reload = () => load(undefined)
  useEffect(reload, [addressOf(undefined)])
  return { items, page, isLoading, error, reload, more: () => load(page), change: setItems }
}
