import type { Logger } from '@tgsentinel/kernel/log'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import { backoffMs, HOUR, SECOND } from '@tgsentinel/kernel/time'
import type { Bus } from './bus/bus'
import { MessageFlag, type Intake, type MarkedId, type Message } from './model'
import type { Store } from './store/store'

/** Messages, and envelopes, that may wait in memory while the database takes none. */
const MAX_WAITING = 100_000

/**
 * From Telegram to the database. What has arrived is written in one synchronous transaction: messages once each
 * (account, chat, message id), with the cursors that cover them. While the database fails, what arrives waits in memory,
 * bounded, and is tried again; what is beyond the bound is dropped and the log says how much.
 */
export class Ingestion {
  private waiting: { accountId: MarkedId; intake: Intake }[] = []
  private waitingMessages = 0
  private attempt = 0
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined

  constructor(
    private readonly store: Store,
    private readonly bus: Bus,
    private readonly log: Logger,
  ) {}

  /** Whether the database takes what arrives. */
  get isFailing(): boolean {
    return this.attempt > 0
  }

  /** Messages that are received but not yet stored. */
  get backlog(): number {
    return this.waitingMessages
  }

  /** Takes what an envelope brought; it is written before the next turn of the event loop ends. */
  accept(accountId: MarkedId, intake: Intake): void {
    if (this.waitingMessages + intake.messages.length > MAX_WAITING || this.waiting.length >= MAX_WAITING) {
      this.log.error({ messages: intake.messages.length }, 'dropped: the database takes nothing and memory is bounded')
      return
    }
    this.waiting.push({ accountId, intake })
    this.waitingMessages += intake.messages.length
    this.timer ??= setImmediate(() => this.drain())
  }

  /** Writes what waits, now. */
  drain(): void {
    this.cancelTimer()
    const batch = this.waiting
    if (batch.length === 0) return
    try {
      this.store.transaction(() => this.write(batch))
      this.finish()
    } catch (error) {
      this.store.chats.forgetWritten()
      if (isStorageFailure(error)) this.retryLater(error)
      else this.writeOneByOne(batch)
    }
  }

  close(): void {
    this.drain()
    this.cancelTimer()
  }

  private write(batch: { accountId: MarkedId; intake: Intake }[]): void {
    const counts = new Map<string, { hour: number; chatId: MarkedId; messages: number }>()
    for (const { accountId, intake } of batch) {
      for (const user of intake.users) this.store.chats.saveUser(user)
      for (const chat of intake.chats) this.store.chats.saveChat(chat)
      for (const message of intake.messages) this.writeMessage(accountId, message, counts)
      for (const cursor of intake.cursors) this.store.cursors.advance(accountId, cursor)
    }
    for (const { hour, chatId, messages } of counts.values()) this.store.traffic.countMessages(hour, chatId, messages)
  }

  private writeMessage(
    accountId: MarkedId,
    message: Message,
    counts: Map<string, { hour: number; chatId: MarkedId; messages: number }>,
  ): void {
    if (!this.store.messages.add(accountId, { ...message, flags: this.flagsOf(accountId, message) })) return
    const hour = Math.floor((message.date * SECOND) / HOUR)
    const key = `${hour} ${message.chatId}`
    const count = counts.get(key)
    if (count) count.messages++
    else counts.set(key, { hour, chatId: message.chatId, messages: 1 })
  }

  /** Telegram marks an answer to me as a mention: the answered message, where it is stored, tells whose it was. */
  private flagsOf(accountId: MarkedId, message: Message): number {
    const { flags, replyToId } = message
    // Who pins a message of mine does not answer it, though the service message points at it.
    if (flags & MessageFlag.pinned) return flags
    if (replyToId === null) return flags & MessageFlag.mentioned ? flags | MessageFlag.namesMe : flags
    const answered = this.store.messages.flagsOf(accountId, message.chatId, replyToId)
    const answersMe = answered === undefined ? isUnnamedMention(flags) : (answered & MessageFlag.outgoing) !== 0
    if (answersMe) return flags | MessageFlag.replyToMe
    return flags & MessageFlag.mentioned ? flags | MessageFlag.namesMe : flags
  }

  /** One that cannot be written must not keep the others out: it is named in the log, by its ids, and left. */
  private writeOneByOne(batch: { accountId: MarkedId; intake: Intake }[]): void {
    for (const entry of batch) {
      try {
        this.store.transaction(() => this.write([entry]))
      } catch (error) {
        this.store.chats.forgetWritten()
        const ids = entry.intake.messages.map(({ chatId, messageId }) => [chatId, messageId])
        this.log.error({ err: error, ids }, 'an envelope could not be stored')
      }
    }
    this.finish()
  }

  private finish(): void {
    this.waiting = []
    this.waitingMessages = 0
    this.attempt = 0
    this.bus.ring('messages')
  }

  private retryLater(error: unknown): void {
    const delayMs = backoffMs(this.attempt++, 250, 30 * SECOND, Math.random())
    this.log.error({ err: error, waiting: this.waitingMessages, retry_ms: delayMs }, 'the database takes no messages')
    this.timer = setTimeout(() => this.drain(), delayMs)
  }

  private cancelTimer(): void {
    clearTimeout(this.timer as NodeJS.Timeout | undefined)
    clearImmediate(this.timer as NodeJS.Immediate | undefined)
    this.timer = undefined
  }
}

function isUnnamedMention(flags: number): boolean {
  return (flags & MessageFlag.mentioned) !== 0 && (flags & MessageFlag.namesMe) === 0
}
