import { Ago } from '../clock'
import type { UnreadableMessage } from '../model'

const REASONS: Record<UnreadableMessage['reason'], string> = {
  unknown: 'Of a kind that is newer than this version.',
  unsupported: 'Telegram withholds it from this version.',
  partial: 'Stored, but for a part of a kind that is newer than this version.',
  part: 'Its beginning is stored; the rest is being fetched.',
}

/** Messages that were seen and could not be read: they are named, since nothing may be missing without a word. */
export function UnreadableList({ messages }: { messages: readonly UnreadableMessage[] }) {
  return (
    <>
      <h3>Unreadable messages</h3>
      <p class="hint">They are read again by themselves once a newer version of TG Sentinel is installed.</p>
      <ul class="gaps">
        {messages.map((message) => (
          <li key={message.message_id} data-testid="unreadable" class="is-bad">
            <strong>{message.message_id === null ? 'A message' : `Message #${message.message_id}`}</strong>
            {message.posted_at && (
              <>
                , posted <Ago at={message.posted_at} />
              </>
            )}
            <p class="hint">{REASONS[message.reason]}</p>
          </li>
        ))}
      </ul>
    </>
  )
}
