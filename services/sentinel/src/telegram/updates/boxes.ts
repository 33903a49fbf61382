import type { Change, Cursor, Intake } from '../../intake'
import type { Message } from '../../model'
import { readPeers } from '../peers'
import type { TlObject } from '../tl'
import type { Brought } from './difference'
import { judgePts } from './pts'
import { UpdateBox } from './update-box'
import { ACCOUNT_BOX, type Demand, type Update } from './update'
import type { AccountState } from './update-calls'

/** What the boxes made of updates: to be stored in one transaction, and what is to be asked. */
export interface Taken {
  intake: Intake
  demands: { demand: Demand; box: number }[]
}

/** Where all sequences of updates stand, and what of an update is to be applied. No input or output. */
export class Boxes {
  readonly account = new UpdateBox<Update>()
  readonly channels = new Map<number, UpdateBox<Update>>()
  /** Boxes that held back an update since somebody looked here last. */
  readonly suspects = new Set<number>()
  /** Channels of which a first word came since somebody looked here last. */
  readonly newcomers = new Set<number>()
  qts = 0
  /** The furthest that was heard of before its turn. */
  private qtsAhead = 0
  date = 0
  seq = 0

  constructor(cursors: readonly Cursor[]) {
    for (const cursor of cursors) {
      if (cursor.box !== ACCOUNT_BOX) this.channels.set(cursor.box, new UpdateBox(cursor.pts || null))
      else this.setAccount(cursor)
    }
  }

  get state(): AccountState {
    return { pts: this.account.pts ?? 0, qts: this.qts, date: this.date, seq: this.seq }
  }

  setAccount({ pts, qts, date, seq }: AccountState): void {
    this.account.pts = pts || null
    Object.assign(this, { qts, date, seq, qtsAhead: 0 })
  }

  channel(box: number): UpdateBox<Update> {
    const known = this.channels.get(box)
    if (known) return known
    const created = new UpdateBox<Update>()
    this.channels.set(box, created)
    return created
  }

  hasGap(box: number): boolean {
    return this.boxOf(box).hasGap || (box === ACCOUNT_BOX && this.qtsAhead > this.qts)
  }

  boxOf(box: number): UpdateBox<Update> {
    return box === ACCOUNT_BOX ? this.account : this.channel(box)
  }

  /** Pushed updates, each judged by its box. */
  take(updates: readonly Update[], users: TlObject[], chats: TlObject[]): Taken {
    const batch = new Batch(users, chats)
    for (const update of updates) this.offer(update, batch)
    return batch.finish(this)
  }

  /**
   * What a difference brought. The updates of the box that was asked are covered by the state that came with it; those of others
   * go through their boxes.
   */
  takeBrought({ messages, updates, users, chats, unreadable }: Brought, own: number): Batch {
    const batch = new Batch(users, chats)
    batch.intake.messages.push(...messages)
    if (unreadable.length > 0) batch.intake.unreadable = unreadable
    for (const update of updates) {
      if (update.box === own || update.pts === null) batch.apply(update)
      else this.offer(update, batch)
    }
    return batch
  }

  /** A difference ended: what was held meanwhile and is not covered follows. */
  settle(box: number, pts: number | null): Taken {
    const batch = new Batch([], [])
    const state = this.boxOf(box)
    for (const update of state.settle(pts)) batch.apply(update)
    if (state.hasGap) this.suspects.add(box)
    return batch.finish(this)
  }

  /** Gives up what is missing: what was held follows. */
  leap(box: number): Taken {
    const batch = new Batch([], [])
    for (const update of this.boxOf(box).leap()) batch.apply(update)
    return batch.finish(this)
  }

  cursorOf(box: number): Cursor | null {
    const { pts } = this.boxOf(box)
    if (pts === null) return null
    return box === ACCOUNT_BOX ? { box, ...this.state } : { box, pts, qts: 0, date: 0, seq: 0 }
  }

  private offer(update: Update, batch: Batch): void {
    if (update.qts > 0) this.offerQts(update.qts)
    if (update.pts === null) return batch.apply(update)
    const box = this.boxOf(update.box)
    if (box.pts === null && !box.isFetching) this.newcomers.add(update.box)
    for (const applied of box.offer(update)) batch.apply(applied)
    if (box.hasGap && !box.isFetching) this.suspects.add(update.box)
  }

  /** Secret chats and the like: nothing of them is stored, but their count is the account's, too. */
  private offerQts(qts: number): void {
    if (judgePts(this.qts || null, qts, 1) === 'apply') this.qts = qts
    else if (qts > this.qts) {
      this.qtsAhead = Math.max(this.qtsAhead, qts)
      this.suspects.add(ACCOUNT_BOX)
    }
  }
}

/** Collects what is applied. */
export class Batch {
  readonly intake: Intake & { changes: Change[]; messages: Message[] }
  readonly touched = new Set<number>()
  private readonly demands: Taken['demands'] = []

  constructor(users: TlObject[], chats: TlObject[]) {
    this.intake = { ...readPeers(users, chats), messages: [], cursors: [], changes: [] }
  }

  apply({ box, pts, message, changes, demand }: Update): void {
    if (pts !== null) this.touched.add(box)
    if (message) this.intake.messages.push(message)
    if (changes.length > 0) this.intake.changes.push(...changes)
    if (demand) this.demands.push({ demand, box })
  }

  finish(boxes: Boxes): Taken {
    for (const box of this.touched) {
      const cursor = boxes.cursorOf(box)
      if (cursor) this.intake.cursors.push(cursor)
    }
    return { intake: this.intake, demands: this.demands }
  }
}
