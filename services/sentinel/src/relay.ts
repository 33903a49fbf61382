import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import type { Chats } from './chats'
import type { Intake } from './intake'
import { failure, MessageFlag, type ChatMessage, type MarkedId, type Message, type SentMessage } from './model'
import type { StyledText } from './styled-text'
import type { TelegramReader } from './telegram/reader'
import type { TelegramSender } from './telegram/sender'

export interface RelayRequest {
  chat: string
  text: string
  limit: number
  timeoutMs: number
}

export interface RelayOutcome {
  sent: SentMessage
  replies: ChatMessage[]
  isComplete: boolean
}

export interface Posting {
  /** `me`, `@name` or a marked id. */
  chat: string
  topicId: number | null
  text: StyledText
  /** What is posted again under the same key is one message. */
  key: string
}

interface Listener {
  chatId: MarkedId
  hear: (message: Message) => void
}

/** What comes in while a message is being sent, before its id is known. */
const MAX_HEARD = 1000
const TEST_MESSAGE = 'TG Sentinel can write to you here. This is a test message.'

/**
 * Writes to chats that TG_SEND_ALLOW names, and to Saved Messages, and hears what is answered. One exchange at a time: replies belong to
 * the message before them.
 */
export class Relay {
  private listener: Listener | null = null
  private turn: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly sender: TelegramSender,
    private readonly reader: TelegramReader,
    private readonly chats: Chats,
    /** `@name` in lower case, or marked ids. */
    private readonly allowed: readonly string[],
  ) {}

  /** The tap: everything that comes in passes here. */
  hear({ messages }: Intake): void {
    const { listener } = this
    if (!listener) return
    for (const message of messages) if (message.chatId === listener.chatId) listener.hear(message)
  }

  /** Sends, and waits for `limit` replies or until the time is up. @throws ApiError */
  async exchange(request: RelayRequest, signal: AbortSignal): Promise<RelayOutcome> {
    const chatId = await this.permitted(request.chat, signal)
    return this.inTurn(() => this.run(chatId, request, signal), signal)
  }

  /** A message that says that it is one; to Saved Messages where no chat is named. @throws ApiError */
  async sendTest(chat: string, signal: AbortSignal): Promise<SentMessage> {
    const chatId = await this.permitted(chat, signal)
    const sent = await this.sender.send(this.isOwn(chatId) ? null : chatId, TEST_MESSAGE, { signal })
    return sentView(chatId, sent)
  }

  /** A message that nobody waits for, and that is written once. @throws ApiError */
  async post({ chat, topicId, text: { text, marks }, key }: Posting, signal: AbortSignal): Promise<void> {
    const chatId = await this.permitted(chat, signal)
    const options = { signal, priority: 'background' as const, key, marks, topicId }
    await this.sender.sendOnce(this.isOwn(chatId) ? null : chatId, text, options)
  }

  /**
   * The chat, where it may be written to. A name that is not on the list is refused without asking Telegram.
   * @throws ApiError SEND_NOT_ALLOWED
   */
  private async permitted(chat: string, signal: AbortSignal): Promise<MarkedId> {
    const name = chat.toLowerCase()
    if (name === 'me') return this.chats.resolve(name, { signal })
    // Names change hands: what is stored may be their former holder's.
    if (name.startsWith('@') && this.allowed.includes(name)) return this.chats.lookUp(name, { signal })
    const chatId = this.chats.known(name)
    if (chatId !== null && (this.isOwn(chatId) || this.isAllowed(chatId))) return chatId
    throw failure(
      'SEND_NOT_ALLOWED',
      `TG_SEND_ALLOW does not name ${chat}. Add it there and restart the sentinel, if it is to be written to.`,
    )
  }

  /** A chat is on the list by its id or by its username. */
  private isAllowed(chatId: MarkedId): boolean {
    const names = this.chats.usernamesOf(chatId)
    return this.allowed.includes(String(chatId)) || names.some((name) => this.allowed.includes(`@${name}`))
  }

  private isOwn(chatId: MarkedId): boolean {
    return chatId === this.reader.self?.id
  }

  private async run(chatId: MarkedId, request: RelayRequest, signal: AbortSignal): Promise<RelayOutcome> {
    const heard: Message[] = []
    let wake: () => void = () => undefined
    this.listener = {
      chatId,
      hear: (message) => {
        if (heard.length < MAX_HEARD) heard.push(message)
        wake()
      },
    }
    try {
      const sent = await this.sender.send(this.isOwn(chatId) ? null : chatId, request.text, { signal })
      const deadlineMs = performance.now() + request.timeoutMs
      const replies = () => repliesIn(heard, sent.messageId)
      while (replies().length < request.limit && performance.now() < deadlineMs && !signal.aborted)
        await news(deadlineMs - performance.now(), signal, (tell) => (wake = tell))
      const found = await this.completed(chatId, replies(), sent.messageId, request.limit, signal)
      return { sent: sentView(chatId, sent), ...found }
    } finally {
      this.listener = null
    }
  }

  /** A push may be lost: where replies are missing, the history has the last word. */
  private async completed(
    chatId: MarkedId,
    heard: Message[],
    after: number,
    limit: number,
    signal: AbortSignal,
  ): Promise<Pick<RelayOutcome, 'replies' | 'isComplete'>> {
    let replies = heard
    if (heard.length < limit && !signal.aborted) {
      const page = await this.reader.history(chatId, { limit: 100, after }, { signal }).catch(() => null)
      if (page) replies = repliesIn(page.messages, after)
    }
    const kept = replies.slice(0, limit)
    return { replies: kept.map((message) => this.chats.messageView(message)), isComplete: kept.length >= limit }
  }

  private async inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const result = this.turn.then(() => {
      signal.throwIfAborted()
      return work()
    })
    this.turn = result.catch(() => undefined)
    return result
  }
}

/** What others wrote after a message, oldest first, each once. */
function repliesIn(messages: readonly Message[], after: number): Message[] {
  const later = messages.filter(({ messageId, flags }) => messageId > after && !(flags & MessageFlag.outgoing))
  const byId = new Map(later.map((message) => [message.messageId, message]))
  return [...byId.values()].sort((a, b) => a.messageId - b.messageId)
}

/** Resolves when something was heard, when the time is up, or when the caller goes away. */
function news(timeoutMs: number, signal: AbortSignal, listen: (tell: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, timeoutMs)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
    listen(done)
  })
}

function sentView(chatId: MarkedId, { messageId, date }: { messageId: number; date: number }): SentMessage {
  return { chat_id: String(chatId), message_id: messageId, sent_at: isoMoment(date * SECOND) }
}
