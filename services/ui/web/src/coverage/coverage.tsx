import { useState } from 'preact/hooks'
import { MorePages } from '../chats/more-pages'
import { usePages, type Pages } from '../chats/pages'
import type { Live } from '../live'
import type { ChatCoverage, CoveragePage } from '../model'
import { useNews } from '../news'
import { useDetail } from '../route'
import { CoverageDetails } from './coverage-details'
import { CoverageRow } from './coverage-row'
import { CoverageSummary } from './coverage-summary'
import './coverage.css'
import { useAtMostEvery } from './settled'

type Show = 'all' | 'trouble'

/** The ledger changes with every message somewhere. */
const RELOAD_MS = 1000

/** The ledger: how far each chat is captured, when that was confirmed last, and what is missing. */
export function Coverage({ live }: { live: Live }) {
  const [show, setShow] = useState<Show>('all')
  const list = useLedger(live, show)
  const openId = useDetail()
  return (
    <div class={`chats ${openId ? 'has-details' : ''}`}>
      <div class="chats-list">
        <h1>Coverage</h1>
        {list.page && <CoverageSummary page={list.page} />}
        <fieldset class="choices">
          <legend>Show</legend>
          <div class="choices-row">
            <Choice name="All chats" isChosen={show === 'all'} onChoose={() => setShow('all')} />
            <Choice name="Trouble only" isChosen={show === 'trouble'} onChoose={() => setShow('trouble')} />
          </div>
        </fieldset>
        <section aria-label="Chats in the ledger">
          <ul class="card rows chat-rows" aria-busy={list.isLoading} hidden={list.items.length === 0}>
            {list.items.map((row) => (
              <CoverageRow key={row.chat.id} row={row} isOpen={row.chat.id === openId} />
            ))}
          </ul>
          <MorePages
            pages={list}
            hasMore={Boolean(list.page?.next_cursor)}
            label="Show more"
            nothing={
              show === 'trouble'
                ? 'Nothing is known to be missing.'
                : 'No chats yet. They appear once an account is signed in.'
            }
          />
        </section>
      </div>
      {openId && <CoverageDetails key={openId} id={openId} live={live} />}
    </div>
  )
}

function useLedger(live: Live, show: Show): Pages<ChatCoverage, CoveragePage> {
  const list = usePages<ChatCoverage, CoveragePage>({
    addressOf: (page) => {
      if (page && page.next_cursor === null) return undefined
      const cursor = page?.next_cursor ? `&cursor=${encodeURIComponent(page.next_cursor)}` : ''
      return `coverage?limit=100&show=${show}${cursor}`
    },
    itemsOf: ({ chats }) => chats,
  })
  const refresh = useAtMostEvery(RELOAD_MS, list.renew)
  useNews(live, ['coverage', 'chats', 'status'], refresh)
  return list
}

function Choice({ name, isChosen, onChoose }: { name: string; isChosen: boolean; onChoose: () => void }) {
  return (
    <label>
      <input type="radio" name="coverage-show" checked={isChosen} onChange={onChoose} /> {name}
    </label>
  )
}
