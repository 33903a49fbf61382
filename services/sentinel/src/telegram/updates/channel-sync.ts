import { NO_INTAKE, type ConfirmedBy, type Intake, type NewGap } from '../../intake'
import { toTelegramError } from '../telegram-error'
import type { TlObject } from '../tl'
import { HOLE, UNREAD, type SyncOptions } from './account-sync'
import { isVague, readChannelDifference, type Brought, type ChannelDifference, type LeapCause } from './difference'
import { channelOf } from './update'
import type { UpdateCalls } from './update-calls'

/** Telegram's own clients ask for as much; bots may for more. */
const LIMIT = 100
const LOST_STATE = ['PERSISTENT_TIMESTAMP_INVALID', 'PERSISTENT_TIMESTAMP_EMPTY']
const NO_STATE = 'Telegram lost count of this channel: what happened meanwhile is read from its history.'

const DETAILS: Record<LeapCause | 'too_long', string> = { state_lost: NO_STATE, too_long: HOLE, unreadable: UNREAD }
const NOTHING_BROUGHT: Brought = { messages: [], updates: [], users: [], chats: [], unreadable: [], nameless: 0 }

export interface ChannelSynced {
  /** Messages that the difference brought. */
  found: number
  /** Telegram's wish for the pause before it is asked again. */
  timeoutMs: number | null
}

/** Brings one channel's box up to date by updates.getChannelDifference. */
export class ChannelSync {
  constructor(private readonly options: SyncOptions) {}

  /** Until Telegram says that there is no more. `isStuck`: it failed again and again, and goes on behind. @throws TelegramError */
  async run(calls: UpdateCalls, box: number, by: ConfirmedBy, isStuck = false): Promise<ChannelSynced> {
    const { boxes, give, whenRoom } = this.options
    const state = boxes.channel(box)
    state.beginFetch()
    try {
      if (state.pts === null) return await this.begin(calls, box)
      const synced: ChannelSynced = { found: 0, timeoutMs: null }
      for (let isDone = false; !isDone;) {
        await whenRoom()
        const before = state.pts
        const difference = isStuck ? await this.leap(calls, box, 'unreadable') : await this.ask(calls, box, before)
        synced.timeoutMs = difference.timeoutS === null ? null : difference.timeoutS * 1000
        if (difference.kind === 'slice') synced.found += difference.brought.messages.length
        this.apply(box, difference, by)
        // Without progress it would go on for ever, whatever Telegram says.
        isDone = difference.isFinal || difference.pts === before
      }
      return synced
    } finally {
      give(boxes.settle(box, state.pts))
    }
  }

  /** Nothing is known of the channel yet: it begins here. */
  private async begin(calls: UpdateCalls, box: number): Promise<ChannelSynced> {
    const state = this.options.boxes.channel(box)
    state.pts = (await calls.channelPts(box)) || null
    if (state.pts !== null) this.options.boxes.newcomers.add(box)
    this.give(box, {}, 'catch_up')
    return { found: 0, timeoutMs: null }
  }

  private async ask(calls: UpdateCalls, box: number, pts: number): Promise<ChannelDifference> {
    const { self, log } = this.options
    try {
      return readChannelDifference(await this.difference(calls, box, pts), self)
    } catch (error) {
      const { type } = toTelegramError(error)
      if (type === 'UNREADABLE') return this.leap(calls, box, 'unreadable')
      if (!LOST_STATE.includes(type)) throw error
      log.warn({ type, chat_id: channelOf(box), pts }, 'Telegram does not know where a channel stands')
      return this.leap(calls, box, 'state_lost')
    }
  }

  /** An answer of which nothing can be read, or nobody knows what could not be, is asked for in smaller pieces. */
  private async difference(calls: UpdateCalls, box: number, pts: number): Promise<TlObject> {
    for (let limit = LIMIT; ; limit = Math.floor(limit / 2)) {
      try {
        const answer = await calls.channelDifference(box, pts, limit)
        if (limit <= 1 || !isVague(answer)) return answer
      } catch (error) {
        if (toTelegramError(error).type !== 'UNREADABLE' || limit <= 1) throw error
      }
    }
  }

  /** The box goes on where the channel stands now; what is between is read from its history. */
  private async leap(calls: UpdateCalls, box: number, cause: LeapCause): Promise<ChannelDifference> {
    const present = await calls.channelPts(box)
    return { kind: 'too_long', isFinal: true, timeoutS: null, pts: present, brought: NOTHING_BROUGHT, cause }
  }

  private apply(box: number, difference: ChannelDifference, by: ConfirmedBy): void {
    const { boxes } = this.options
    const state = boxes.channel(box)
    const before = state.pts ?? 0
    if (difference.kind === 'empty') {
      // It may be ahead where steps were taken that concern nobody.
      state.pts = Math.max(before, difference.pts)
      return this.give(box, {}, by)
    }
    state.pts = difference.pts
    const batch = boxes.takeBrought(difference.brought, box)
    batch.touched.delete(box)
    const { intake, demands } = batch.finish(boxes)
    const isReset = difference.pts < before
    const isNameless = difference.brought.nameless > 0
    const gaps = difference.kind === 'too_long' ? [this.holeOf(box, difference)] : isNameless ? [namelessGap(box)] : []
    this.give(box, { ...intake, gaps }, difference.isFinal ? by : null, isReset)
    for (const demand of demands) this.options.give({ intake: NO_INTAKE, demands: [demand] })
  }

  /** Between what is stored and the newest messages; ingestion knows what is stored. */
  private holeOf(box: number, difference: Extract<ChannelDifference, { kind: 'too_long' }>): NewGap {
    const ids = difference.brought.messages.map(({ messageId }) => messageId)
    const isLost = ids.length === 0
    const beforeId = isLost ? null : Math.min(...ids)
    const reason = difference.cause ?? (isLost ? 'state_lost' : 'too_long')
    const detail = DETAILS[reason]
    return { chatId: channelOf(box), afterId: null, beforeId, reason, detail }
  }

  private give(box: number, intake: Partial<Intake>, by: ConfirmedBy | null, isReset = false): void {
    const cursor = this.options.boxes.cursorOf(box)
    const own = cursor ? [{ ...cursor, ...(isReset && { isReset }) }] : []
    const cursors = [...(intake.cursors ?? []), ...own]
    const confirmations = by ? [{ chatId: channelOf(box), by, atMs: Date.now() }] : []
    this.options.give({ intake: { ...NO_INTAKE, ...intake, cursors, confirmations }, demands: [] })
  }
}

/** A message came of which not even the id could be read: the history tells what it is between. */
function namelessGap(box: number): NewGap {
  return { chatId: channelOf(box), afterId: null, beforeId: null, reason: 'unreadable', detail: UNREAD }
}
