import { SECOND } from '@tgsentinel/kernel/time'
import type { Change, Intake } from '../intake'
import { MessageFlag, type MarkedId, type Message } from '../model'
import type { KnownMessage } from '../store/messages'
import type { Store } from '../store/store'

/** Edits and pins that are remembered, so that history which was asked for before them does not undo them. */
const MAX_REMEMBERED = 10_000
const KEPT_FLAGS = MessageFlag.replyToMe | MessageFlag.backfilled | MessageFlag.namesMe

/** What became of messages that are stored: edits as versions, deletions as tombstones, pins, counts, polls, topics, migrations. */
export class Amendment {
  private readonly changedAtMs = new Map<string, number>()

  constructor(
    private readonly store: Store,
    private readonly add: (accountId: MarkedId, message: Message) => boolean,
    private readonly onMigrated: (fromChatId: MarkedId, toChatId: MarkedId) => void,
  ) {}

  apply(accountId: MarkedId, change: Change): void {
    switch (change.type) {
      case 'edited':
        return this.edit(accountId, change.message)
      case 'garbled':
        return this.remember(keyOf('edit', change.message))
      case 'deleted':
        return change.messageIds.forEach((id) => this.remove(accountId, change.chatId, id))
      case 'pinned':
        return change.messageIds.forEach((id) => this.pin(accountId, change.chatId, id, change.isPinned))
      case 'counted':
        return this.count(accountId, change)
      case 'polled':
        return this.poll(change)
      case 'admin':
        return this.store.adminRosters.change(change.chatId, change.userId, change.isAdmin)
      case 'topic':
        return this.store.chats.saveTopic(change.chatId, change.topicId, change.title)
      case 'migrated':
        if (this.store.chats.migrate(change.fromChatId, change.toChatId))
          this.onMigrated(change.fromChatId, change.toChatId)
        return
      case 'reconciled':
        return this.reconcile(accountId, change)
      default:
        return change satisfies never
    }
  }

  /** A message that is stored came once more: where it says something else, that is newer, but for what was pushed twice. */
  again(accountId: MarkedId, message: Message, { confirmations, askedAtMs }: Intake): void {
    const known = this.store.messages.find(accountId, message.chatId, message.messageId)
    if (!known) return
    const isPush = confirmations === undefined && askedAtMs === undefined
    if (isPush && revisionOf(message) <= revisionOf(known)) return
    if (!this.isOvertaken(keyOf('edit', message), askedAtMs)) this.revise(known, message)
    const isPinned = message.isPinned === true
    if (isPush || isPinned === (known.isPinned === 1) || this.isOvertaken(keyOf('pin', message), askedAtMs)) return
    this.store.messages.pin(accountId, message.chatId, message.messageId, isPinned)
  }

  /** Whether history tells of a message as it was before its last edit. */
  isOutdated(message: Pick<Message, 'chatId' | 'messageId'>, { askedAtMs }: Intake): boolean {
    return this.isOvertaken(keyOf('edit', message), askedAtMs)
  }

  /** Something newer was heard after the history was asked for. */
  private isOvertaken(key: string, askedAtMs: number | undefined): boolean {
    return askedAtMs !== undefined && (this.changedAtMs.get(key) ?? Number.NEGATIVE_INFINITY) >= askedAtMs
  }

  private pin(accountId: MarkedId, chatId: MarkedId, messageId: number, isPinned: boolean): void {
    this.remember(keyOf('pin', { chatId, messageId }))
    this.store.messages.pin(accountId, chatId, messageId, isPinned)
  }

  private edit(accountId: MarkedId, message: Message): void {
    const known = this.store.messages.find(accountId, message.chatId, message.messageId)
    this.remember(keyOf('edit', message))
    if (known) return this.revise(known, message)
    // Posted before anything was read here: the edit is the first that is heard of it, and it is old.
    this.add(accountId, { ...message, flags: message.flags | MessageFlag.backfilled })
  }

  /** A difference gives a message as it is by now, and its former edits after it: what is older than what is stored says nothing. */
  private revise(known: KnownMessage, message: Message): void {
    const { messages, messageHistory } = this.store
    const { row, text, extraText, media, flags, date } = known
    if (message.counts) messageHistory.count(row, nowS(), message.counts)
    if (revisionOf(message) < revisionOf(known)) return
    const isOther = text !== message.text || media !== message.media
    const isReadable = media === 'unsupported' && message.media !== 'unsupported'
    // A picture that was replaced, or words that stand out in another way, are an edit as well.
    if (isOther || (message.editedAt ?? 0) > (known.editedAt ?? 0)) {
      messageHistory.addVersion(row, { text, extraText, media, writtenAt: known.editedAt ?? date })
      const editedAt = message.editedAt ?? known.editedAt ?? (isReadable ? null : nowS())
      messages.rewrite(row, { ...message, flags: message.flags | (flags & KEPT_FLAGS), editedAt })
    } else if (extraText !== (message.extraText ?? null))
      // The preview of a link came, or a button changed: Telegram calls it no edit.
      messages.rewrite(row, { ...message, flags: message.flags | (flags & KEPT_FLAGS), editedAt: known.editedAt })
    else messages.touch(row, message)
  }

  private remove(accountId: MarkedId, chatId: MarkedId | null, messageId: number): void {
    const { messages, messageHistory, unreadable } = this.store
    unreadable.settle(accountId, chatId, messageId)
    const row =
      chatId === null
        ? messages.findOutsideChannels(accountId, messageId)
        : messages.find(accountId, chatId, messageId)?.row
    if (row === undefined) messageHistory.rememberDeletion(accountId, chatId, messageId, nowS())
    else messages.markDeleted(row, nowS())
  }

  private count(accountId: MarkedId, { chatId, messageId, counts }: Extract<Change, { type: 'counted' }>): void {
    const known = this.store.messages.find(accountId, chatId, messageId)
    if (known) this.store.messageHistory.count(known.row, nowS(), counts)
  }

  private poll({ poll, votes }: Extract<Change, { type: 'polled' }>): void {
    for (const { row, facts } of this.store.messages.findPoll(poll.id)) {
      const before = facts.poll
      if (!before) continue
      // What was stored before answers had their options was told in the order of the answers.
      const inOrder = [...votes.values()]
      const votersOf = ({ option }: (typeof before.answers)[number], index: number) =>
        option === undefined ? inOrder[index] : votes.get(option)
      const answers = before.answers.map((answer, index) => ({
        ...answer,
        voters: votersOf(answer, index) ?? answer.voters,
      }))
      const after = { ...before, answers, voters: poll.voters ?? before.voters }
      this.store.messages.setFacts(row, { ...facts, poll: { ...after, isClosed: before.isClosed || poll.isClosed } })
    }
  }

  private reconcile(accountId: MarkedId, change: Extract<Change, { type: 'reconciled' }>): void {
    const { chatId, from, to, messageIds } = change
    const { messages, unreadable } = this.store
    const present = new Set(messageIds)
    for (const { row, messageId } of messages.range(accountId, chatId, from, to))
      if (!present.has(messageId)) messages.markDeleted(row, nowS())
    for (const messageId of unreadable.range(accountId, chatId, from, to))
      if (!present.has(messageId)) unreadable.settle(accountId, chatId, messageId)
  }

  private remember(key: string): void {
    if (this.changedAtMs.size >= MAX_REMEMBERED) this.changedAtMs.clear()
    this.changedAtMs.set(key, performance.now())
  }
}

function keyOf(what: 'edit' | 'pin', { chatId, messageId }: Pick<Message, 'chatId' | 'messageId'>): string {
  return `${what} ${chatId} ${messageId}`
}

function nowS(): number {
  return Math.floor(Date.now() / SECOND)
}

function revisionOf({ revisedAt }: { revisedAt?: number | null }): number {
  return revisedAt ?? 0
}
