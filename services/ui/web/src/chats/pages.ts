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
  /** As many as are shown, once more. */
  renew: () => void
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
  const read = async (from: Page | undefined, atLeast: number) => {
    if (addressOf(from) === undefined) return
    const turn = ++asked.current
    const ifLatest = (step: () => void) => turn === asked.current && step()
    setLoading(true)
    setError('')
    try {
      const [found, last] = await follow<Page, Item>({ addressOf, itemsOf }, from, atLeast)
      ifLatest(() => setPage(last))
      ifLatest(() => setItems((present) => (from === undefined ? found : [...present, ...found])))
    } catch (error) {
      ifLatest(() => setError(messageOf(error)))
    }
    ifLatest(() => setLoading(false))
  }
  const reload = () => void read(undefined, 0)
  const renew = () => void read(undefined, items.length)
  const more = () => void read(page, 0)
  useEffect(reload, [addressOf(undefined)])
  return { items, page, isLoading, error, reload, renew, more, change: setItems }
}

/** At least one page after `from`, and as many as hold `atLeast` items. */
async function follow<Page, Item>(
  { addressOf, itemsOf }: PagesOptions<Item, Page>,
  from: Page | undefined,
  atLeast: number,
) {
  const items: Item[] = []
  let last = from
  let address = addressOf(from)
  while (address !== undefined) {
    last = await call<Page>('GET', address)
    items.push(...itemsOf(last))
    address = items.length < atLeast ? addressOf(last) : undefined
  }
  return [items, last] as const
}
