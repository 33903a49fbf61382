import { Ago } from '../clock'
import type { ChatMessage, ChatMessagePage } from '../model'
import { MorePages } from './more-pages'
import { usePages } from './pages'

const PAGE = 20

/** Newest first, back as far as one asks. */
export function Messages({ id }: { id: string }) {
  const pages = usePages<ChatMessage, ChatMessagePage>({
    addressOf: (page) => (page && page.next_before === null ? undefined : addressOfPage(id, page?.next_before)),
    itemsOf: ({ messages }) => messages,
  })
  return (
    <div class="unfolded">
      <ol class="messages" data-testid="messages">
        {pages.items.map((message) => (
          <li key={message.message_id} class={message.is_outgoing ? 'is-own' : ''}>
            <p class="hint">
              <bdi>{message.is_outgoing ? 'You' : (message.sender?.name ?? 'The channel')}</bdi>,{' '}
              <Ago at={message.posted_at} />
            </p>
            {message.media && <span class="chip">{message.label ?? message.media}</span>}
            {message.text && (
              <p class="message-text" dir="auto">
                {message.text}
              </p>
            )}
          </li>
        ))}
      </ol>
      <MorePages pages={pages} hasMore={pages.page?.next_before != null} label="Show older" nothing="No messages." />
    </div>
  )
}

function addressOfPage(id: string, before: number | null | undefined): string {
  const query = new URLSearchParams({ limit: String(PAGE) })
  if (before) query.set('before', String(before))
  return `telegram/chats/${encodeURIComponent(id)}/messages?${query}`
}
