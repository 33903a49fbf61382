import type { Logger } from '@tgsentinel/kernel/log'
import { NO_INTAKE, type Intake } from '../../intake'
import type { Self } from '../message'
import { TelegramError, toTelegramError } from '../telegram-error'
import type { TlObject } from '../tl'
import type { Boxes, Taken } from './boxes'
import { isVague, readAccountDifference, type AccountDifference, type LeapCause } from './difference'
import { ACCOUNT_BOX } from './update'
import type { UpdateCalls } from './update-calls'

export interface SyncOptions {
  boxes: Boxes
  self: Self
  log: Logger
  /** Stores it, and follows what it demands. */
  give: (taken: Taken) => void
  /** Resolves when there is room for more; rejects when the connection is over. */
  whenRoom: () => Promise<void>
}

/** Of what is asked for in pieces. */
const FIRST_LIMIT = 100
const LOST_STATE = ['PERSISTENT_TIMESTAMP_INVALID', 'PERSISTENT_TIMESTAMP_EMPTY', 'DATE_EMPTY']
export const UNREAD =
  'An answer of Telegram could not be read by this version: what was in it is read from the histories.'
export const HOLE = 'More happened than Telegram keeps: changes to older messages made meanwhile are not known.'

/** Brings the account's own box up to date by updates.getDifference: private chats, basic groups, and news of channels. */
export class AccountSync {
  constructor(private readonly options: SyncOptions) {}

  /** Until Telegram says that there is no more. `isStuck`: it failed again and again, and goes on behind. @throws TelegramError */
  async run(calls: UpdateCalls, isStuck = false): Promise<void> {
    const { boxes, give, whenRoom } = this.options
    boxes.account.beginFetch()
    try {
      if (boxes.account.pts === null) return await this.begin(calls)
      for (let isDone = false, leaps = 0; !isDone;) {
        await whenRoom()
        const pts: number | null = boxes.account.pts
        const difference: AccountDifference = isStuck && leaps === 0 ? await this.behind(calls) : await this.ask(calls)
        // Whatever Telegram says, nothing is asked for without a pause that did not help before.
        if (difference.kind === 'too_long' && ++leaps > 1) throw new TelegramError('NO_PROGRESS', 0)
        isDone = this.apply(difference)
        if (!isDone && difference.kind === 'slice' && boxes.account.pts === pts)
          throw new TelegramError('NO_PROGRESS', 0)
      }
    } finally {
      give(boxes.settle(ACCOUNT_BOX, boxes.account.pts))
    }
  }

  /** Nothing is known of the account yet: it begins here. */
  private async begin(calls: UpdateCalls): Promise<void> {
    this.options.boxes.setAccount(await calls.state())
    this.give(NO_INTAKE)
  }

  private async ask(calls: UpdateCalls): Promise<AccountDifference> {
    const { boxes, self, log } = this.options
    try {
      return readAccountDifference(await this.difference(calls), self)
    } catch (error) {
      const { type } = toTelegramError(error)
      if (type === 'UNREADABLE') return this.behind(calls)
      if (!LOST_STATE.includes(type)) throw error
      log.warn({ type, pts: boxes.account.pts }, 'Telegram does not know where the account stands')
      const state = await calls.state()
      boxes.setAccount({ ...state, pts: boxes.account.pts ?? state.pts })
      return { kind: 'too_long', pts: state.pts }
    }
  }

  private async behind(calls: UpdateCalls): Promise<AccountDifference> {
    return { kind: 'too_long', pts: (await calls.state()).pts, cause: 'unreadable' }
  }

  /** An answer of which nothing can be read, or nobody knows what could not be, is asked for in smaller pieces. */
  private async difference(calls: UpdateCalls): Promise<TlObject> {
    const { state } = this.options.boxes
    for (let limit: number | null = null; ; limit = limit === null ? FIRST_LIMIT : Math.floor(limit / 2)) {
      try {
        const answer = await calls.difference(state, limit)
        if ((limit !== null && limit <= 1) || !isVague(answer)) return answer
      } catch (error) {
        if (toTelegramError(error).type !== 'UNREADABLE' || (limit !== null && limit <= 1)) throw error
      }
    }
  }

  /** Whether it was the last. */
  private apply(difference: AccountDifference): boolean {
    const { boxes } = this.options
    switch (difference.kind) {
      case 'empty':
        Object.assign(boxes, { date: difference.date, seq: Math.max(boxes.seq, difference.seq) })
        this.give(NO_INTAKE)
        return true
      case 'too_long':
        this.leap(difference.pts, difference.cause)
        return false
      case 'slice': {
        const { state, brought, isLast } = difference
        boxes.setAccount({ ...state, seq: Math.max(boxes.seq, state.seq) })
        const batch = boxes.takeBrought(brought, ACCOUNT_BOX)
        batch.touched.add(ACCOUNT_BOX)
        const taken = batch.finish(boxes)
        const gaps = brought.nameless > 0 ? [NAMELESS] : []
        const intake = { ...taken.intake, ...(gaps.length > 0 && { gaps }), confirmations: confirmed(isLast) }
        this.options.give({ ...taken, intake })
        return isLast
      }
      default:
        return difference satisfies never
    }
  }

  private leap(pts: number, cause: LeapCause | undefined): void {
    const { boxes, give } = this.options
    const isReset = pts < (boxes.account.pts ?? 0)
    boxes.account.pts = pts
    const [reason, detail] = cause === 'unreadable' ? (['unreadable', UNREAD] as const) : (['too_long', HOLE] as const)
    const gap = { chatId: null, afterId: null, beforeId: null, reason, detail }
    const cursors = [{ box: ACCOUNT_BOX, ...boxes.state, ...(isReset && { isReset }) }]
    give({ intake: { ...NO_INTAKE, cursors, gaps: [gap] }, demands: [] })
  }

  private give(intake: Intake): void {
    const { boxes } = this.options
    const cursor = boxes.cursorOf(ACCOUNT_BOX)
    const cursors = cursor ? [cursor] : []
    this.options.give({ intake: { ...intake, cursors, confirmations: confirmed(true) }, demands: [] })
  }
}

/** A message came of which not even the id could be read. */
const NAMELESS = { chatId: null, afterId: null, beforeId: null, reason: 'unreadable' as const, detail: UNREAD }

function confirmed(isLast: boolean): NonNullable<Intake['confirmations']> {
  return isLast ? [{ chatId: null, by: 'catch_up', atMs: Date.now() }] : []
}
