import { useEffect, useRef, useState } from 'preact/hooks'
import { call, messageOf } from '../api'
import { countdown, count } from '../format'
import type { ChatDetails as Details } from '../model'
import { Notice } from '../notice'
import { addressOf } from '../route'
import { Fact } from '../status-card'
import { Avatar } from './avatar'
import { hasParticipants, KINDS } from './chat-kinds'
import { Messages } from './messages'
import { Participants } from './participants'
import { Unfolding } from './unfolding'

/** One chat, asked of Telegram when it is opened. */
export function ChatDetails({ id }: { id: string }) {
  const { chat, error, reload } = useDetails(id)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <aside class="chat-details card" aria-labelledby="details-title" data-testid="chat-details">
      <a class="button quiet back" href={addressOf('chats')}>
        ← Back to the list
      </a>
      <h2 id="details-title" ref={heading} tabIndex={-1} dir="auto">
        {chat?.title ?? (error ? 'This chat' : 'One moment…')}
      </h2>
      {error && (
        <Notice kind="error">
          {error}{' '}
          <button class="button link" onClick={reload}>
            Try again
          </button>
        </Notice>
      )}
      {chat && <About chat={chat} />}
      {chat && hasParticipants(chat.kind) && (
        <Unfolding title="Participants">{() => <Participants id={id} />}</Unfolding>
      )}
      {chat && <Unfolding title="Last messages">{() => <Messages id={id} />}</Unfolding>}
    </aside>
  )
}

function About({ chat }: { chat: Details }) {
  const { kind, username, about, members, online, admins } = chat
  return (
    <>
      <div class="chat-about">
        <Avatar id={chat.id} title={chat.title} hasPhoto={chat.has_photo} />
        <p class="hint">
          {KINDS[kind]}
          {username && ` · @${username}`} · id {chat.id}
        </p>
      </div>
      {about && (
        <p class="about" dir="auto" data-testid="chat-about">
          {about}
        </p>
      )}
      <dl class="facts">
        {members !== null && <Fact name="Members">{count(members)}</Fact>}
        {online !== null && <Fact name="Online now">{count(online)}</Fact>}
        {admins !== null && <Fact name="Admins">{count(admins)}</Fact>}
        {chat.slow_mode_s !== null && <Fact name="Slow mode">one message in {countdown(chat.slow_mode_s)}</Fact>}
        {chat.pinned_message_id !== null && <Fact name="Pinned message">#{chat.pinned_message_id}</Fact>}
        {chat.linked_chat !== null && (
          <Fact name="Linked chat">
            <a href={addressOf('chats', chat.linked_chat)}>{chat.linked_chat}</a>
          </Fact>
        )}
        <Fact name="Watched">{chat.is_watched ? 'yes' : 'no'}</Fact>
      </dl>
    </>
  )
}

function useDetails(id: string) {
  const [chat, setChat] = useState<Details | undefined>()
  const [error, setError] = useState('')
  const reload = () => {
    setError('')
    call<Details>('GET', `telegram/chats/${encodeURIComponent(id)}`).then(setChat, (cause: unknown) =>
      setError(messageOf(cause)),
    )
  }
  useEffect(reload, [id])
  return { chat, error, reload }
}
