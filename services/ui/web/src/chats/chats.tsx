import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Live } from '../live'
import type { Chat, ChatPage, Status, Watch } from '../model'
import { useNews } from '../news'
import { Failure, Notice } from '../notice'
import { addressOf, useDetail } from '../route'
import { ChatDetails } from './chat-details'
import { chatQuery, isFiltered, NO_CHAT_FILTERS, type ChatFilters } from './chat-filters'
import { ChatRow } from './chat-row'
import './chats.css'
import { FilterRow } from './filter-row'
import { ListAge } from './list-age'
import { usePages, type Pages } from './pages'
import { WatchCard } from './watch-card'
import { useWatching } from './watching'
import { isWatched, withChat } from './watch-rules'

/** Every chat of the account, which of them are watched, and one of them in detail. */
export function Chats({ live, status }: { live: Live; status: Status | undefined }) {
  const [filters, setFilters] = useState<ChatFilters>(NO_CHAT_FILTERS)
  const list = useChatList(live, filters)
  const watching = useWatching()
  const openId = useDetail()
  useFocusBack(openId)
  useEffect(() => {
    const { watch } = watching
    if (watch) list.change((chats) => withWatch(chats, watch))
  }, [watching.watch])
  const watchOne = (chat: Chat, shallWatch: boolean) => watching.change((watch) => withChat(watch, chat, shallWatch))
  return (
    <div class={`chats ${openId ? 'has-details' : ''}`}>
      <div class="chats-list">
        <h1>Chats</h1>
        {status && status.state !== 'signed_in' && <NotConnected status={status} />}
        <WatchCard watching={watching} folders={list.page?.folders ?? []} onChange={watching.change} />
        <FilterRow
          filters={filters}
          folders={list.page?.folders ?? []}
          onChange={(part) => setFilters((before) => ({ ...before, ...part }))}
        />
        <List list={list} openId={openId} isNarrowed={isFiltered(filters)} onWatch={watchOne} />
      </div>
      {openId && <ChatDetails key={openId} id={openId} />}
    </div>
  )
}

function useChatList(live: Live, filters: ChatFilters): Pages<Chat, ChatPage> {
  const list = usePages<Chat, ChatPage>({
    addressOf: (page) => {
      if (page && page.next_cursor === null) return undefined
      return `telegram/chats?${chatQuery(filters, page?.next_cursor ?? null)}`
    },
    itemsOf: ({ chats }) => chats,
  })
  useNews(live, ['chats'], list.reload)
  return list
}

/** The same chats where nothing changes: then nothing is rendered again. */
function withWatch(chats: readonly Chat[], watch: Watch): readonly Chat[] {
  const isStale = (chat: Chat) => isWatched(watch, chat) !== chat.is_watched
  if (!chats.some(isStale)) return chats
  return chats.map((chat) => (isStale(chat) ? { ...chat, is_watched: !chat.is_watched } : chat))
}

/** Whoever closes the details is back at the chat that they were of, in the very step that takes them away. */
function useFocusBack(openId: string): void {
  const before = useRef(openId)
  useLayoutEffect(() => {
    if (!openId && before.current) document.getElementById(`chat-${before.current}`)?.focus()
    before.current = openId
  }, [openId])
}

function NotConnected({ status }: { status: Status }) {
  return (
    <Notice kind="info">
      {status.state_message} <a href={addressOf('session')}>Go there</a>. What you see is what was read last.
    </Notice>
  )
}

interface ListProps {
  list: Pages<Chat, ChatPage>
  openId: string
  isNarrowed: boolean
  onWatch: (chat: Chat, shallWatch: boolean) => void
}

function List({ list: { items, page, isLoading, error, reload, more }, openId, isNarrowed, onWatch }: ListProps) {
  return (
    <section aria-label="List of chats">
      {page && <ListAge page={page} onRefreshed={reload} />}
      <Failure error={error} onRetry={reload} />
      <ul class="card rows chat-rows" data-testid="chat-list" aria-busy={isLoading} hidden={items.length === 0}>
        {items.map((chat) => (
          <ChatRow key={chat.id} chat={chat} isOpen={chat.id === openId} onWatch={onWatch} />
        ))}
      </ul>
      {page && !isLoading && !error && items.length === 0 && (
        <p class="card nothing">
          {isNarrowed ? 'No chat fits these filters.' : 'No chats yet. They appear once an account is signed in.'}
        </p>
      )}
      {page?.next_cursor && (
        <button class="button wide" disabled={isLoading} onClick={more}>
          Show more
        </button>
      )}
    </section>
  )
}
