import { useId, useState } from 'preact/hooks'
import { Unfolding } from '../chats/unfolding'
import { Ago } from '../clock'
import { moment } from '../format'
import { Marked } from '../marked'
import type { SearchHit } from '../model'
import { Context } from './context'
import { Judging } from './judging'
import type { SearchFilters } from './search-filters'

interface HitProps {
  hit: SearchHit
  onNarrow: (part: Partial<SearchFilters>) => void
}

export function Hit({ hit, onNarrow }: HitProps) {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  const { chat, text } = hit
  return (
    <li class="card hit" data-testid="search-hit" data-message-id={hit.message_id}>
      <HitHead hit={hit} />
      {text && (
        <p class="hit-text" dir="auto">
          <Marked text={text} spans={hit.highlights} />
        </p>
      )}
      <Chips hit={hit} />
      <div class="actions">
        {hit.link && <OpenLink link={hit.link} />}
        <button class="button quiet" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide context' : 'Show context'}
        </button>
        <button class="button quiet" onClick={() => onNarrow({ in: chat.id })}>
          Only this chat
        </button>
      </div>
      <Unfolding title="Teach a profile with it">
        {() => <Judging chatId={chat.id} messageId={hit.message_id} />}
      </Unfolding>
      <div id={id}>{isOpen && <Context chatId={chat.id} messageId={hit.message_id} />}</div>
    </li>
  )
}

function HitHead({ hit: { chat, sender, posted_at: at, is_outgoing: isOwn } }: { hit: SearchHit }) {
  return (
    <header class="hit-head">
      <h2 class="hit-chat">
        <bdi>{chat.title}</bdi>
      </h2>
      {isOwn ? (
        <span class="hint">You</span>
      ) : (
        sender && sender.name !== chat.title && <bdi class="hint">{sender.name}</bdi>
      )}
      <span class="hint hit-when">
        <Ago at={at} />
      </span>
    </header>
  )
}

function Chips({ hit }: { hit: SearchHit }) {
  const {
    parts,
    topic,
    media,
    label,
    file_name: fileName,
    edited_at: edited,
    deleted_at: deleted,
    is_pinned: isPinned,
  } = hit
  const chips = [
    topic && `Topic: ${topic.title ?? topic.id}`,
    parts.length > 1 ? `Album of ${parts.length}` : (label ?? media?.replaceAll('_', ' ').replace('service:', '')),
    fileName,
    isPinned && 'pinned',
    edited && `edited ${moment(edited)}`,
  ].filter(Boolean)
  if (chips.length === 0 && !deleted) return null
  return (
    <ul class="chips">
      {chips.map((chip) => (
        <li key={String(chip)} class="chip">
          <bdi>{chip}</bdi>
        </li>
      ))}
      {deleted && <li class="chip chip-deleted">deleted, noticed {moment(deleted)}</li>}
    </ul>
  )
}

/** t.me opens the app or a page; tg: only the app. */
function OpenLink({ link }: { link: string }) {
  return (
    <a class="button quiet" href={link} target="_blank" rel="noreferrer">
      Open in Telegram
    </a>
  )
}
