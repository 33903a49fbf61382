/**
 * Our own update engine over Telegram's raw updates (core.telegram.org/api/updates): GramJS has none. It guarantees that what it
 * hands on is complete and in order for each box (the account's, and one for every channel), with the cursor that covers it; what
 * is lost on the way is fetched by a difference, and where Telegram keeps no difference a gap says so. It does not store anything:
 * an engine lives as long as a connection, and the next one starts where the database stands. The same message may be handed on
 * twice; its key makes that harmless.
 */
import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE, SECOND, sleep } from '@tgsentinel/kernel/time'
import { NO_INTAKE, type Cursor, type Intake } from '../../intake'
import { CHANNEL_MARK, type MarkedId } from '../../model'
import type { Dialog } from '../dialogs'
import type { Self } from '../message'
import { TelegramError } from '../telegram-error'
import { AccountRounds } from './account-rounds'
import { AccountSync, type SyncOptions } from './account-sync'
import { Boxes, type Taken } from './boxes'
import { ChannelRounds } from './channel-rounds'
import { ChannelSync } from './channel-sync'
import { readEnvelope, type Envelope } from './envelope'
import { GapWatch } from './gap-watch'
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

/** After so long a silence the difference is asked for. */
const SILENCE_MS = 15 * MINUTE
const ROOM_POLL_MS = 50
/** For pushes that cannot be read. */
const ASK_EVERY_MS = 2 * SECOND
const DOUBT_EVERY_MS = MINUTE

export class UpdateEngine {
  private readonly boxes: Boxes
  private readonly account: AccountRounds
  private readonly channels: ChannelRounds
  private readonly closed: Set<number>
  private readonly over = new AbortController()
  private readonly gaps: GapWatch
  private silenceTimer: NodeJS.Timeout | undefined
  private areRoundsOn = false
  private isBegun: boolean
  /** Channels that could not be asked for want of an access hash. */
  private readonly unknown = new Set<number>()
  private heardAtMs = performance.now()
  private askTimer: NodeJS.Timeout | undefined
  private askedAtMs = Number.NEGATIVE_INFINITY
  private nextDoubtMs = Number.NEGATIVE_INFINITY
  /** Unix milliseconds: what was asked before then proves nothing. */
  private doubtedAtMs = 0

  constructor(private readonly options: UpdateEngineOptions) {
    const { cursors, closed, schedule, self, log, pollsPerSecond, onError } = options
    this.boxes = new Boxes(cursors)
    this.gaps = new GapWatch(this.boxes, (box) => this.closeGap(box))
    this.closed = new Set(closed)
    this.isBegun = options.isBegun
    const give = (taken: Taken) => this.give(taken)
    const sync: SyncOptions = { boxes: this.boxes, self, log, give, whenRoom: () => this.whenRoom() }
    const onTurn = (calls: UpdateCalls) => this.startChannels(calls)
    this.account = new AccountRounds({ sync: new AccountSync(sync), signal: this.over.signal, onTurn, onError })
    const onUnknown = (box: number) => this.askWho(box)
    const onClosed = (box: number, type: string) => this.shut(box, type)
    const rounds = { schedule, sync: new ChannelSync(sync), pollsPerSecond, log, onClosed, onUnknown, onError }
    this.channels = new ChannelRounds(rounds)
    schedule.doubtAll()
    for (const box of this.boxes.channels.keys()) if (!this.closed.has(box)) schedule.add(box)
  }

  /** Catches up, the account first, and goes on asking. */
  start(calls: UpdateCalls): void {
    this.account.start(calls)
    this.silenceTimer = setInterval(() => this.noticeSilence(), MINUTE).unref()
  }

  /** Idempotent. Resolves once nothing of it is under way. */
  async close(): Promise<void> {
    this.over.abort(new TelegramError('ABORTED', 0))
    this.gaps.close()
    clearInterval(this.silenceTimer)
    clearTimeout(this.askTimer)
    await Promise.all([this.account.close(), this.channels.close()])
  }

  /** What happened to the account is asked for. */
  ask(): void {
    this.account.ask()
  }

  /** Takes what the tap saw: synchronously, in order. Whatever is no envelope is left alone. */
  accept(raw: unknown): void {
    const envelope = this.over.signal.aborted ? null : readEnvelope(raw, this.options.self)
    if (!envelope) return
    this.heardAtMs = performance.now()
    if (envelope.isIncomplete) this.account.ask()
    if (envelope.isUnreadable) this.askEverything()
    this.admit(envelope)
    const updates = envelope.updates.filter((update) => this.isWhole(update, envelope))
    this.give(this.boxes.take(updates, envelope.users, envelope.chats))
    this.confirm(updates)
  }

  /**
   * The list of chats says where each channel stood at `askedAtMs` (unix milliseconds): a new one begins there, and one that is
   * behind is asked.
   */
  noticeDialogs(dialogs: readonly Pick<Dialog, 'chat' | 'pts' | 'topMessageId'>[], askedAtMs: number): void {
    const ageMs = Math.max(0, Date.now() - askedAtMs)
    const openings: NonNullable<Intake['openings']> = []
    const cursors: Cursor[] = []
    const confirmations: NonNullable<Intake['confirmations']> = []
    for (const { chat, pts, topMessageId } of dialogs) {
      const isChannel = chat.id < -CHANNEL_MARK
      // The account's own box has no holes: a chat that is new there begins with its first message.
      if (isChannel || !this.isBegun) openings.push({ chatId: chat.id, topMessageId: topMessageId ?? 0, isNew: false })
      if (pts === null || !isChannel) continue
      const box = -chat.id - CHANNEL_MARK
      cursors.push(...this.openChannel(box, pts, ageMs))
      if (this.boxes.channel(box).pts === pts) confirmations.push({ chatId: chat.id, by: 'catch_up', atMs: askedAtMs })
    }
    this.give({ intake: { ...NO_INTAKE, cursors, openings, confirmations }, demands: [] })
    this.isBegun = true
    this.judgeUnknown(new Set(dialogs.map(({ chat }) => chat.id)))
  }

  private openChannel(box: number, pts: number, ageMs: number): Cursor[] {
    const state = this.boxes.channel(box)
    const isNew = state.pts === null && !state.isFetching
    if (isNew) {
      state.pts = pts
      this.boxes.newcomers.add(box)
    }
    if (this.closed.has(box)) this.reopen(box)
    this.options.schedule.add(box)
    const isDoubted = Date.now() - ageMs <= this.doubtedAtMs
    if (pts === state.pts && !isDoubted) this.options.schedule.confirm(box, performance.now() - ageMs)
    else if (pts > (state.pts ?? 0) || isDoubted) this.channels.urge(box)
    return isNew ? [{ box, pts, qts: 0, date: 0, seq: 0 }] : []
  }

  /** Envelopes have a sequence of their own; what is missing there, the account's difference tells. */
  private admit({ seqStart, seq, date }: Envelope): void {
    const { boxes } = this
    const verdict = judgeSeq(boxes.seq, seqStart)
    if (verdict === 'gap') this.account.ask()
    if (verdict !== 'apply') return
    if (seq > 0) boxes.seq = seq
    boxes.date = Math.max(boxes.date, date)
  }

  /** A short message names people that Telegram takes to be known: where they are not, the difference brings them. */
  private isWhole({ message }: Update, { isShort }: Envelope): boolean {
    if (!isShort || !message) return true
    const people = [message.senderId, message.chatId].filter((id): id is number => id !== null && id > 0)
    if (people.every((id) => this.options.isAddressable(id))) return true
    this.account.ask()
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
    this.gaps.notice()
    for (const { demand, box } of demands) {
      if (demand === 'account_difference') this.account.ask()
      else if (demand === 'channel_changed') this.reopen(box)
      else if (demand === 'every_difference') this.askEverything()
      else this.channels.urge(box)
    }
  }

  /**
   * A push could not be read, and nobody knows what it was about: whatever it may have belonged to is asked. Where many come the
   * account is asked once in a while, and channels seldom: the poller asks them anyway.
   */
  private askEverything(): void {
    const nowMs = performance.now()
    this.askTimer ??= setTimeout(
      () => {
        this.askTimer = undefined
        this.askedAtMs = performance.now()
        this.account.ask()
        this.askChannels()
      },
      Math.max(0, this.askedAtMs + ASK_EVERY_MS - nowMs),
    ).unref()
  }

  private askChannels(): void {
    if (performance.now() < this.nextDoubtMs) return
    this.nextDoubtMs = performance.now() + DOUBT_EVERY_MS
    this.doubtedAtMs = Date.now()
    this.options.schedule.doubtAll()
    this.channels.wake()
  }

  /** Before the list of chats was read for the first time all are known in a moment, and none is new. */
  private welcome(): void {
    const chats = [...this.boxes.newcomers].map(channelOf)
    this.boxes.newcomers.clear()
    if (!this.isBegun) return
    const openings = chats.map((chatId) => ({ chatId, topMessageId: null, isNew: true }))
    this.give({ intake: { ...NO_INTAKE, openings }, demands: [] })
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
      if (listed.has(channelOf(box))) this.channels.urge(box)
      else {
        this.channels.giveUp(box)
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
    const intake: Intake = { ...NO_INTAKE, closures: [{ chatId, reason: type }], gaps: [gap] }
    this.give({ intake, demands: [] })
  }

  /** Something about a channel changed: perhaps it is open to us now, perhaps no longer. */
  private reopen(box: number): void {
    if (this.closed.delete(box))
      this.give({ intake: { ...NO_INTAKE, closures: [{ chatId: channelOf(box), reason: null }] }, demands: [] })
    this.channels.urge(box)
  }

  /** What nobody watches is not asked for: the box goes on with what it has. */
  private closeGap(box: number): void {
    if (box === ACCOUNT_BOX) this.account.ask()
    else if (this.options.isWatched(channelOf(box))) this.channels.urge(box)
    else this.give(this.boxes.leap(box))
  }

  private noticeSilence(): void {
    if (performance.now() - this.heardAtMs < SILENCE_MS) return
    this.heardAtMs = performance.now()
    this.account.ask()
  }

  private startChannels(calls: UpdateCalls): void {
    if (this.areRoundsOn || this.over.signal.aborted) return
    this.areRoundsOn = true
    this.channels.start(calls)
  }

  /** After what was given is on its way to the database. */
  private async whenRoom(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    while (!this.options.hasRoom() && !this.over.signal.aborted)
      await sleep(ROOM_POLL_MS, this.over.signal).catch(() => undefined)
    this.over.signal.throwIfAborted()
  }
}

function isEmpty(intake: Intake): boolean {
  return Object.values(intake).every((part) => !Array.isArray(part) || part.length === 0)
}
