import { useState } from 'preact/hooks'
import { moment } from '../format'
import { useLoaded } from '../loaded'
import type { ContextMessage, MessageContext } from '../model'
import { Failure } from '../notice'

const STEP = 5
const MOST = 100

/** What was said before and after a message; more of it as far as one asks. */
export function Context({ chatId, messageId }: { chatId: string; messageId: number }) {
  const [reach, setReach] = useState(STEP)
  const around = `before=${reach}&after=${reach}`
  const {
    data: context,
    error,
    reload,
  } = useLoaded<MessageContext>(`messages/${chatId}/${messageId}/context?${around}`)
  const messages = context?.messages ?? []
  const isAll = context !== undefined && messages.length <= reach
  return (
    <div class="context" data-testid="search-context" aria-busy={!context}>
      <Failure error={error} onRetry={reload} />
      {!context && !error && <p class="hint">One moment…</p>}
      <ol class="context-messages">
        {messages.map((message) => (
          <Said key={message.message_id} message={message} isFound={message.message_id === messageId} />
        ))}
      </ol>
      {context && !isAll && reach < MOST && (
        <button class="button quiet" onClick={() => setReach(Math.min(MOST, reach + 4 * STEP))}>
          Show more around it
        </button>
      )}
    </div>
  )
}

function Said({ message, isFound }: { message: ContextMessage; isFound: boolean }) {
  const {
    sender,
    text,
    media,
    label,
    file_name: fileName,
    posted_at: at,
    deleted_at: deleted,
    is_outgoing: isOwn,
  } = message
  return (
    <li class={`${isOwn ? 'is-own' : ''} ${isFound ? 'is-found' : ''}`} aria-current={isFound ? 'true' : undefined}>
      <p class="hint">
        <bdi>{isOwn ? 'You' : (sender?.name ?? 'The chat')}</bdi>, {moment(at)}
        {deleted && ' · deleted'}
      </p>
      {media && <span class="chip">{fileName ?? label ?? media.replaceAll('_', ' ')}</span>}
      {text && (
        <p class="hit-text" dir="auto">
          {text}
        </p>
      )}
    </li>
  )
}
