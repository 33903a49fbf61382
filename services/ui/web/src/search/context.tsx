import { useEffect, useRef, useState } from 'preact/hooks'
import { call, messageOf } from '../api'
import { moment } from '../format'
import type { ContextMessage, MessageContext } from '../model'
import { Notice } from '../notice'

const STEP = 5
const MOST = 100

/** What was said before and after a message; more of it as far as one asks. */
export function Context({ chatId, messageId }: { chatId: string; messageId: number }) {
  const [reach, setReach] = useState(STEP)
  const [context, setContext] = useState<MessageContext | undefined>()
  const [error, setError] = useState('')
  const asked = useRef(0)
  const load = () => {
    const turn = ++asked.current
    setError('')
    call<MessageContext>('GET', `messages/${chatId}/${messageId}/context?before=${reach}&after=${reach}`).then(
      (found) => turn === asked.current && setContext(found),
      (cause: unknown) => turn === asked.current && setError(messageOf(cause)),
    )
  }
  useEffect(load, [chatId, messageId, reach])
  const messages = context?.messages ?? []
  const isAll = context !== undefined && messages.length <= reach
  return (
    <div class="context" data-testid="search-context" aria-busy={!context}>
      {error && (
        <Notice kind="error">
          {error}{' '}
          <button class="button link" onClick={load}>
            Try again
          </button>
        </Notice>
      )}
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
  const { sender, text, media, file_name: fileName, posted_at: at, deleted_at: deleted, is_outgoing: isOwn } = message
  return (
    <li class={`${isOwn ? 'is-own' : ''} ${isFound ? 'is-found' : ''}`} aria-current={isFound ? 'true' : undefined}>
      <p class="hint">
        <bdi>{isOwn ? 'You' : (sender?.name ?? 'The chat')}</bdi>, {moment(at)}
        {deleted && ' · deleted'}
      </p>
      {media && <span class="chip">{fileName ?? media.replaceAll('_', ' ')}</span>}
      {text && (
        <p class="hit-text" dir="auto">
          {text}
        </p>
      )}
    </li>
  )
}
