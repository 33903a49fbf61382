import { HOUR, SECOND } from '@tgsentinel/kernel/time'
import { Amendment } from './amendment'
import { GapOpening } from './gap-opening'
import { Newcomers } from './newcomers'
import { TideMark } from './tide-mark'
import { RECENT_MESSAGES, type Intake, type Opening } from '../intake'
import { CHANNEL_MARK, GENERAL_TOPIC, MessageFlag, type MarkedId, type Message, type UnreadableMessage } from '../model'
import type { Store } from '../store/store'

/** Messages by the hour and chat. */
interface Count {
  hour: number
  chatId: MarkedId
  messages: number
}

/**
 * Writes what arrived, in the transaction that its caller holds: messages once each, what became of them, how far each chat is
 * captured, and the cursors that cover it all.
 */
export class Capture {
  private readonly amendment: Amendment
  private readonly gaps: GapOpening
  private readonly newcomers: Newcomers
  private hasNews = false
  /** Of the batch that is being written. */
  private counts = new Map<string, Count>()

  constructor(
    private readonly store: Store,
    /** A basic group became a supergroup: what was said of the one holds for the other. */
    onMigrated: (fromChatId: MarkedId, toChatId: MarkedId) => void,
  ) {
    this.gaps = new GapOpening(store)
    this.newcomers = new Newcomers(store)
    this.amendment = new Amendment(store, (accountId, message) => this.add(accountId, message), onMigrated)
  }

  /** Whether something was put on the event stream since this was asked last. */
  takeNews(): boolean {
    const { hasNews } = this
    this.hasNews = false
    return hasNews
  }

  write(batch: readonly { accountId: MarkedId; intake: Intake }[]): void {
    this.counts = new Map()
    const { revision } = this.store.unreadable
    const tide = new TideMark(this.store)
    for (const { accountId, intake } of batch) {
      this.hasNews = this.newcomers.list(accountId, intake) || this.hasNews
      for (const chatId of intake.skipped ?? []) {
        if (this.store.coverage.isSkipped(accountId, chatId)) continue
        tide.write(true)
        this.store.coverage.skip(accountId, chatId)
      }
      if (isMorePush(intake)) {
        this.writeContent(accountId, intake)
        tide.note(accountId, intake)
      } else {
        tide.write(true)
        this.writeWhole(accountId, intake)
      }
    }
    tide.write(true)
    if (this.store.unreadable.revision !== revision) this.tell()
    for (const { hour, chatId, messages } of this.counts.values())
      this.store.traffic.countMessages(hour, chatId, messages)
  }

  private writeContent(accountId: MarkedId, intake: Intake): void {
    const { chats } = this.store
    for (const user of intake.users) chats.saveUser(user)
    for (const chat of intake.chats) chats.saveChat(chat)
    for (const message of intake.messages) {
      if (!this.add(accountId, message)) this.amendment.again(accountId, message, intake)
      if (!this.amendment.isOutdated(message, intake)) this.noteReading(accountId, message)
    }
    for (const message of intake.unreadable ?? [])
      if (!this.isGone(accountId, message, intake)) this.noteUnreadable(accountId, message)
    for (const change of intake.changes ?? []) {
      this.amendment.apply(accountId, change)
      if (change.type === 'edited') this.noteReading(accountId, change.message)
      if (change.type === 'garbled') this.noteUnreadable(accountId, change.message)
    }
  }

  /** What says more than that something was posted: gaps, confirmations, chats that open or close. */
  private writeWhole(accountId: MarkedId, intake: Intake): void {
    const { coverage } = this.store
    // A hole begins where the chat stood before the messages that came with it.
    for (const gap of intake.gaps ?? []) this.gaps.open(accountId, gap)
    this.writeContent(accountId, intake)
    for (const opening of intake.openings ?? []) this.open(accountId, opening)
    const tide = new TideMark(this.store)
    tide.note(accountId, intake)
    tide.write(intake.confirmations === undefined)
    for (const { chatId, by, atMs } of intake.confirmations ?? []) coverage.confirm(accountId, chatId, by, atMs)
    for (const { chatId, reason } of intake.closures ?? []) {
      coverage.setClosed(accountId, chatId, reason)
      if (reason === null) this.gaps.reopen(accountId, chatId)
    }
    if (intake.closures?.length || intake.gaps?.length) this.tell()
  }

  /** Whether it was new. */
  private add(accountId: MarkedId, message: Message): boolean {
    const { messages, messageHistory } = this.store
    const flags = this.flagsOf(accountId, message)
    const topicId = message.topicId ?? (this.store.chats.isForum(message.chatId) ? GENERAL_TOPIC : null)
    const row = messages.add(accountId, { ...message, topicId, flags })
    if (row === null) return false
    if (topicId !== null) this.store.chats.noteTopic(message.chatId, topicId)
    count(this.counts, message)
    const { counts, chatId, messageId, date } = message
    if (counts && (counts.reactions || counts.replies)) messageHistory.countFirst(row, date, counts)
    if (!(flags & MessageFlag.backfilled)) return true
    const deletedAt = messageHistory.deletionOf(accountId, chatId > -CHANNEL_MARK ? null : chatId, messageId)
    if (deletedAt !== undefined) messages.markDeleted(row, deletedAt)
    return true
  }

  /** What was read whole is unreadable no longer; what was not, is put on record. */
  private noteReading(accountId: MarkedId, { chatId, messageId, senderId, date, unreadable }: Message): void {
    if (!unreadable) return this.store.unreadable.settle(accountId, chatId, messageId)
    this.noteUnreadable(accountId, { chatId, messageId, senderId, date, reason: unreadable, constructorId: null })
  }

  /** Deleted while the history was on its way. */
  private isGone(accountId: MarkedId, { chatId, messageId }: UnreadableMessage, { askedAtMs }: Intake): boolean {
    if (askedAtMs === undefined) return false
    const { messages, messageHistory } = this.store
    const known = messages.find(accountId, chatId, messageId)
    if (known) return known.deletedAt !== null
    return messageHistory.deletionOf(accountId, chatId > -CHANNEL_MARK ? null : chatId, messageId) !== undefined
  }

  private noteUnreadable(accountId: MarkedId, message: UnreadableMessage): void {
    this.store.unreadable.add(accountId, message, Date.now())
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

  /** A chat that is new to an account that was read before: what was posted there before it was heard of is read, too. */
  private open(accountId: MarkedId, { chatId, topMessageId, isNew }: Opening): void {
    const { coverage, backfills } = this.store
    if (topMessageId !== null) coverage.begin(accountId, chatId, topMessageId)
    if (!isNew || backfills.lastOf(accountId, chatId)) return
    const wanted = RECENT_MESSAGES
    backfills.add({ accountId, chatId, gapId: null, cause: 'joined', afterId: 0, nextBefore: null, wanted })
  }

  private tell(): void {
    this.store.events.add('coverage', {})
    this.hasNews = true
  }
}

/** Pushed messages and what became of others, and nothing else. */
function isMorePush({ gaps, confirmations, openings, closures, cursors }: Intake): boolean {
  const isPlain = !gaps && !confirmations && !openings && !closures
  return isPlain && cursors.every(({ isReset }) => !isReset)
}

function count(counts: Map<string, Count>, { date, chatId }: Message): void {
  const hour = Math.floor((date * SECOND) / HOUR)
  const key = `${hour} ${chatId}`
  const entry = counts.get(key)
  if (entry) entry.messages++
  else counts.set(key, { hour, chatId, messages: 1 })
}

function isUnnamedMention(flags: number): boolean {
  return (flags & MessageFlag.mentioned) !== 0 && (flags & MessageFlag.namesMe) === 0
}
