import { Details } from '../details'
import { countdown, count } from '../format'
import { useLoaded } from '../loaded'
import type { ChatDetails as ChatFacts } from '../model'
import { addressOf } from '../route'
import { Fact } from '../status-card'
import { Avatar } from './avatar'
import { hasParticipants, KINDS } from './chat-kinds'
import { Messages } from './messages'
import { Participants } from './participants'
import { Unfolding } from './unfolding'

/** One chat, asked of Telegram when it is opened. */
export function ChatDetails({ id }: { id: string }) {
  const { data: chat, error, reload } = useLoaded<ChatFacts>(`telegram/chats/${encodeURIComponent(id)}`)
  return (
    <Details id="chat-details" title={chat?.title} noun="chat" backTo="chats" error={error} onRetry={reload}>
      {chat && <About chat={chat} />}
      {chat && hasParticipants(chat.kind) && (
        <Unfolding title="Participants">{() => <Participants id={id} />}</Unfolding>
      )}
      {chat && <Unfolding title="Last messages">{() => <Messages id={id} />}</Unfolding>}
    </Details>
  )
}

function About({ chat }: { chat: ChatFacts }) {
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
