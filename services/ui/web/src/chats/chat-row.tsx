import { Ago } from '../clock'
import { count } from '../format'
import type { Chat } from '../model'
import { addressOf } from '../route'
import { Avatar } from './avatar'
import { KINDS } from './chat-kinds'

interface ChatRowProps {
  chat: Chat
  isOpen: boolean
  onWatch: (chat: Chat, shallWatch: boolean) => void
}

export function ChatRow({ chat, isOpen, onWatch }: ChatRowProps) {
  return (
    <li class={`chat ${isOpen ? 'is-open' : ''}`} data-testid="chat-item" data-chat-id={chat.id}>
      <Avatar id={chat.id} title={chat.title} hasPhoto={chat.has_photo} />
      <div class="chat-main">
        <a
          id={`chat-${chat.id}`}
          class="chat-title"
          href={addressOf('chats', chat.id)}
          aria-current={isOpen ? 'true' : undefined}
        >
          <bdi>{chat.title}</bdi>
        </a>
        <p class="hint">
          {factsOf(chat).join(' · ')}
          {chat.last_message_at && (
            <>
              {' · '}
              <Ago at={chat.last_message_at} />
            </>
          )}
        </p>
      </div>
      {chat.unread > 0 && (
        <span class="unread" title="Unread">
          <span class="visually-hidden">Unread: </span>
          {count(chat.unread)}
        </span>
      )}
      <label class="watch">
        <input
          type="checkbox"
          role="switch"
          checked={chat.is_watched}
          aria-label={`Watch ${chat.title}`}
          onChange={(event) => onWatch(chat, event.currentTarget.checked)}
        />
        <span aria-hidden="true">{chat.is_watched ? 'Watched' : 'Not watched'}</span>
      </label>
    </li>
  )
}

function factsOf({ kind, username, members, is_pinned, is_archived, is_muted, is_forum }: Chat): string[] {
  const facts = [is_forum ? 'Forum' : KINDS[kind]]
  if (username) facts.push(`@${username}`)
  if (members !== null) facts.push(`${count(members)} ${members === 1 ? 'member' : 'members'}`)
  if (is_pinned) facts.push('pinned')
  if (is_archived) facts.push('archived')
  if (is_muted) facts.push('muted')
  return facts
}
