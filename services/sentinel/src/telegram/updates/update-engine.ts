/**
 * Our own update engine over Telegram's raw updates (core.telegram.org/api/updates): GramJS has none. It guarantees that what it
 * hands on is complete and in order for each box (the account's, and one for every channel), with the cursor that covers it; what
 * is lost on the way is fetched by a difference, and where Telegram keeps no difference a gap says so. It does not store anything:
 * an engine lives as long as a connection, and the next one starts where the database stands. The same message may be handed on
 * twice; its key makes that harmless.
 */
import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE, sleep } from '@tgsentinel/kernel/time'
import { CHANNEL_MARK, type Cursor, type Intake, type MarkedId } from '../../model'
import { retryAfter } from '../connecting'
import type { Dialog } from '../dialogs'
import type { Self } from '../message'
import { TelegramError, toTelegramError } from '../telegram-error'
import { AccountSync, type SyncOptions } from './account-sync'
import { Boxes, type Taken } from './boxes'
import { ChannelRounds } from './channel-rounds'
import { ChannelSync } from './channel-sync'
import { readEnvelope, type Envelope } from './envelope'
import type { PollSchedule } from './poll-schedule'
import { judgeSeq } from './pts'
import { ACCOUNT_BOX, channelOf, type Update } from './update'
import type { UpdateCalls } from './update-calls'

export interface UpdateEngineOptions {
  self: Self
  cursors: readonly Cursor[]
  /** Channels that were found closed to us. */
  closed: readonly number[]
  /** The account's list of chats was read before: a channel that is not known since is new. */
  isBegun: boolean
  schedule: PollSchedule
  pollsPerSecond: number
  log: Logger
  /** Stores it, in the order of the calls; false: it is not taken, and never will be by itself. */
  deliver: (intake: Intake) => boolean
  /** Whether more may be fetched. */
  hasRoom: () => boolean
  /** Whether a user can be asked for: a short message brings none. */
  isAddressable: (userId: MarkedId) => boolean
  isWatched: (chatId: MarkedId) => boolean
  /** A channel that cannot be asked, since nobody knows its access hash: the list of chats may. */
  onUnknownChannel: () => void
  /** A message of which the sender is unknown was handed on. */
  onStranger: (chatId: MarkedId, messageId: number, userId: MarkedId) => void
  knowsUser: (userId: MarkedId) => boolean
  /** Errors of the engine's own calls. */
  onError: (error: TelegramError) => void
  /** What arrived was not taken: the connection is of no use until the database is. */
  onStall: () => void
}

/** How long a gap may fill by itself (core.telegram.org/api/updates#recovering-gaps). */
const GAP_WAIT_MS = 500
/** After so long a silence the difference is asked for. */
const SILENCE_MS = 15 * MINUTE
const ROOM_POLL_MS = 50

export class UpdateEngine {
  private readonly boxes: Boxes
  private readonly account: AccountSync
  private readonly rounds: ChannelRounds
  private readonly closed: Set<number>
  private readonly over = new AbortController()
  private readonly suspectSince = new Map<number, number>()
  private gapTimer: NodeJS.Timeout | undefined
  private silenceTimer: NodeJS.Timeout | undefined
  private calls: UpdateCalls | null = null
  private accountRun: Promise<void> | null = null
  private isAccountAsked = false
  private areRoundsOn = false
  private isBegun: boolean
  /** Channels that could not be asked for want of an access hash. */
  private readonly unknown = new Set<number>()
  private heardAtMs = performance.now()

  constructor(private readonly options: UpdateEngineOptions) {
    const { cursors, closed, schedule, self, log, pollsPerSecond, onError } = options
    this.boxes = new Boxes(cursors)
    this.closed = new Set(closed)
    this.isBegun = options.isBegun
    const give = (taken: Taken) => this.give(taken)
    const sync: SyncOptions = { boxes: this.boxes, self, log, give, whenRoom: () => this.whenRoom() }
    this.account = new AccountSync(sync)
    const onUnknown = (box: number) => this.askWho(box)
    const onClosed = (box: number, type: string) => this.shut(box, type)
    const channels = new ChannelSync(sync)
    this.rounds = new ChannelRounds({ schedule, sync: channels, pollsPerSecond, log, onClosed, onUnknown, onError })
    schedule.doubtAll()
    for (const box of this.boxes.channels.keys()) if (!this.closed.has(box)) schedule.add(box)
  }

  /** Catches up, the account first, and goes on asking. */
  start(calls: UpdateCalls): void {
    this.calls = calls
    this.askAccount()
    this.silenceTimer = setInterval(() => this.noticeSilence(), MINUTE).unref()
  }

  /** Idempotent. Resolves once nothing of it is under way. */
  async close(): Promise<void> {
    this.over.abort(new TelegramError('ABORTED', 0))
    clearTimeout(this.gapTimer)
    clearInterval(this.silenceTimer)
    await Promise.all([this.accountRun, this.rounds.close()])
  }

  /** Takes what the tap saw: synchronously, in order. Whatever is no envelope is left alone. */
  accept(raw: unknown): void {
    const envelope = this.over.signal.aborted ? null : readEnvelope(raw, this.options.self)
    if (!envelope) return
    this.heardAtMs = performance.now()
    if (envelope.isIncomplete) this.askAccount()
    this.admit(envelope)
    const updates = envelope.updates.filter((update) => this.isWhole(update, envelope))
    this.give(this.boxes.take(updates, envelope.users, envelope.chats))
    this.confirm(updates)
  }

  /** The list of chats says where each channel stands: a new one begins there, and one that is behind is asked. */
  noticeDialogs(dialogs: readonly Pick<Dialog, 'chat' | 'pts' | 'topMessageId'>[]): void {
    const openings: NonNullable<Intake['openings']> = []
    const cursors: Cursor[] = []
    const confirmations: NonNullable<Intake['confirmations']> = []
    for (const { chat, pts, topMessageId } of dialogs) {
      const isChannel = chat.id < -CHANNEL_MARK
      // The account's own box has no holes: a chat that is new there begins with its first message.
      if (isChannel || !this.isBegun) openings.push({ chatId: chat.id, topMessageId: topMessageId ?? 0, isNew: false })
      if (pts === null || !isChannel) continue
      const box = -chat.id - CHANNEL_MARK
      cursors.push(...this.openChannel(box, pts))
      if (this.boxes.channel(box).pts === pts) confirmations.push({ chatId: chat.id, by: 'catch_up', atMs: Date.now() })
    }
    this.give({ intake: { ...NOTHING, cursors, openings, confirmations }, demands: [] })
    this.isBegun = true
    this.judgeUnknown(new Set(dialogs.map(({ chat }) => chat.id)))
  }

  private openChannel(box: number, pts: number): Cursor[] {
    const state = this.boxes.channel(box)
    const isNew = state.pts === null && !state.isFetching
    if (isNew) {
      state.pts = pts
      this.boxes.newcomers.add(box)
    }
    if (this.closed.has(box)) this.reopen(box)
    this.options.schedule.add(box)
    if (pts === state.pts) this.options.schedule.confirm(box, performance.now())
    else if (pts > (state.pts ?? 0)) this.rounds.urge(box)
    return isNew ? [{ box, pts, qts: 0, date: 0, seq: 0 }] : []
  }

  /** Envelopes have a sequence of their own; what is missing there, the account's difference tells. */
  private admit({ seqStart, seq, date }: Envelope): void {
    const { boxes } = this
    const verdict = judgeSeq(boxes.seq, seqStart)
    if (verdict === 'gap') this.askAccount()
    if (verdict !== 'apply') return
    if (seq > 0) boxes.seq = seq
    boxes.date = Math.max(boxes.date, date)
  }

  /** A short message names people that Telegram takes to be known: where they are not, the difference brings them. */
  private isWhole({ message }: Update, { isShort }: Envelope): boolean {
    if (!isShort || !message) return true
    const people = [message.senderId, message.chatId].filter((id): id is number => id !== null && id > 0)
    if (people.every((id) => this.options.isAddressable(id))) return true
    this.askAccount()
    return false
  }

  /** A push that follows without a gap proves that nothing is missing. */
  private confirm(updates: readonly Update[]): void {
    const { schedule } = this.options
    const nowMs = performance.now()
    for (const { box, pts } of updates) {
      if (box === ACCOUNT_BOX || pts === null) continue
      // What is pushed from there may be read.
      if (this.closed.has(box)) this.reopen(box)
      if (this.boxes.channel(box).hasGap) continue
      if (!schedule.has(box) && !this.closed.has(box)) schedule.add(box)
      schedule.confirm(box, nowMs)
    }
  }

  private give({ intake, demands }: Taken): void {
    // What was refused must not be overtaken by a cursor beyond it.
    if (this.over.signal.aborted) return
    if (!isEmpty(intake) && !this.options.deliver(intake)) {
      this.over.abort(new TelegramError('STORAGE', 0))
      return this.options.onStall()
    }
    if (this.boxes.newcomers.size > 0) this.welcome()
    this.meetStrangers(intake)
    if (this.boxes.suspects.size > 0) this.watchGaps()
    for (const { demand, box } of demands) {
      if (demand === 'account_difference') this.askAccount()
      else if (demand === 'channel_changed') this.reopen(box)
      else this.rounds.urge(box)
    }
  }

  /** Before the list of chats was read for the first time all are known in a moment, and none is new. */
  private welcome(): void {
    const chats = [...this.boxes.newcomers].map(channelOf)
    this.boxes.newcomers.clear()
    if (!this.isBegun) return
    const openings = chats.map((chatId) => ({ chatId, topMessageId: null, isNew: true }))
    this.give({ intake: { ...NOTHING, openings }, demands: [] })
  }

  private meetStrangers({ messages, users }: Intake): void {
    if (users.length > 0) return
    for (const { chatId, messageId, senderId } of messages)
      if (senderId !== null && senderId > 0 && !this.options.knowsUser(senderId))
        this.options.onStranger(chatId, messageId, senderId)
  }

  private askWho(box: number): void {
    this.unknown.add(box)
    this.options.onUnknownChannel()
  }

  /** Of whom the list of chats knows nothing either, nothing can be read. */
  private judgeUnknown(listed: ReadonlySet<MarkedId>): void {
    for (const box of this.unknown) {
      if (listed.has(channelOf(box))) this.rounds.urge(box)
      else {
        this.rounds.giveUp(box)
        this.shut(box, 'PEER_UNKNOWN')
      }
    }
    this.unknown.clear()
  }

  private shut(box: number, type: string): void {
    if (this.closed.has(box)) return
    this.closed.add(box)
    const chatId = channelOf(box)
    const detail = 'This chat is closed to us: what is posted there cannot be read.'
    const gap = { chatId, afterId: null, beforeId: null, reason: 'closed' as const, detail }
    this.options.log.warn({ chat_id: chatId, type }, 'a channel is closed to us')
    const intake: Intake = { ...NOTHING, closures: [{ chatId, reason: type }], gaps: [gap] }
    this.give({ intake, demands: [] })
  }

  /** Something about a channel changed: perhaps it is open to us now, perhaps no longer. */
  private reopen(box: number): void {
    if (this.closed.delete(box))
      this.give({ intake: { ...NOTHING, closures: [{ chatId: channelOf(box), reason: null }] }, demands: [] })
    this.rounds.urge(box)
  }

  private watchGaps(): void {
    const nowMs = performance.now()
    for (const box of this.boxes.suspects) if (!this.suspectSince.has(box)) this.suspectSince.set(box, nowMs)
    this.boxes.suspects.clear()
    this.gapTimer ??= setTimeout(() => this.closeGaps(), GAP_WAIT_MS).unref()
  }

  private closeGaps(): void {
    this.gapTimer = undefined
    const nowMs = performance.now()
    let nextMs = Number.POSITIVE_INFINITY
    for (const [box, sinceMs] of this.suspectSince) {
      const isOpen = this.boxes.boxOf(box).hasGap
      if (isOpen && nowMs - sinceMs < GAP_WAIT_MS) {
        nextMs = Math.min(nextMs, sinceMs + GAP_WAIT_MS - nowMs)
        continue
      }
      this.suspectSince.delete(box)
      if (box === ACCOUNT_BOX) this.askAccount()
      else if (isOpen) this.closeGap(box)
    }
    if (nextMs < Number.POSITIVE_INFINITY && !this.over.signal.aborted)
      this.gapTimer = setTimeout(() => this.closeGaps(), Math.max(1, nextMs)).unref()
  }

  /** What nobody watches is not asked for: the box goes on with what it has. */
  private closeGap(box: number): void {
    if (this.options.isWatched(channelOf(box))) this.rounds.urge(box)
    else this.give(this.boxes.leap(box))
  }

  private noticeSilence(): void {
    if (performance.now() - this.heardAtMs < SILENCE_MS) return
    this.heardAtMs = performance.now()
    this.askAccount()
  }

  private askAccount(): void {
    this.isAccountAsked = true
    if (!this.calls || this.over.signal.aborted) return
    this.accountRun ??= this.syncAccount(this.calls).finally(() => {
      this.accountRun = null
      // Somebody may have asked when the last look was over already.
      if (this.isAccountAsked) this.askAccount()
    })
  }

  /** Until nobody has asked meanwhile. It never rejects. */
  private async syncAccount(calls: UpdateCalls): Promise<void> {
    for (let attempt = 0; this.isAccountAsked && !this.over.signal.aborted;) {
      this.isAccountAsked = false
      try {
        await this.account.run(calls)
        attempt = 0
        this.startRounds(calls)
      } catch (error) {
        if (this.over.signal.aborted) return
        this.isAccountAsked = true
        const known = toTelegramError(error)
        this.options.onError(known)
        // Where the account is refused for an hour, channels need not wait for it.
        this.startRounds(calls)
        await sleep(retryAfter(known, attempt++), this.over.signal).catch(() => undefined)
      }
    }
  }

  private startRounds(calls: UpdateCalls): void {
    if (this.areRoundsOn || this.over.signal.aborted) return
    this.areRoundsOn = true
    this.rounds.start(calls)
  }

  /** After what was given is on its way to the database. */
  private async whenRoom(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    while (!this.options.hasRoom() && !this.over.signal.aborted)
      await sleep(ROOM_POLL_MS, this.over.signal).catch(() => undefined)
    this.over.signal.throwIfAborted()
  }
}

const NOTHING: Intake = { users: [], chats: [], messages: [], cursors: [] }

function isEmpty(intake: Intake): boolean {
  return Object.values(intake).every((part) => !Array.isArray(part) || part.length === 0)
}
