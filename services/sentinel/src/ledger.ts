import { isoMoment, MINUTE, SECOND } from '@tgsentinel/kernel/time'
import {
  CHANNEL_MARK,
  failure,
  type BackfillView,
  type ChatCoverage,
  type CoverageSummary,
  type GapView,
  type MarkedId,
  type UnreadableMessage,
  type UnreadableView,
  type WatchState,
} from './model'
import type { Backfill } from './store/backfills'
import { OUTSIDE_CHANNELS, type Coverage, type CoverageRow } from './store/coverage'
import type { Gap } from './store/gaps'
import type { Store } from './store/store'
import type { Telegram } from './telegram/telegram'
import type { WatchList } from './watch'

/** Where nothing is pushed, the account itself is asked after a quarter of an hour. */
const HEARING_MS = 16 * MINUTE
const GAPS_SHOWN = 100
const ALL = 1_000_000
const SUMMARY_MS = SECOND

export interface LedgerQuery {
  show: 'all' | 'trouble'
  /** The chat after which the page begins. */
  beyond: MarkedId | null
  limit: number
}

/** How far each chat is captured, when that was confirmed, and what is missing: what the database says, seen from now. */
export class Ledger {
  private kept: { summary: CoverageSummary; untilMs: number; asOf: number } | null = null

  constructor(
    private readonly store: Store,
    private readonly telegram: Pick<Telegram, 'snapshot' | 'reader' | 'pollBoundMs' | 'worstPollBoundMs'>,
    private readonly watch: WatchList,
  ) {}

  page({ show, beyond, limit }: LedgerQuery) {
    const { coverage, gaps } = this.store
    const from = beyond ?? Number.MIN_SAFE_INTEGER
    const isAll = show === 'all'
    const rows = this.viewsOf(coverage.page(this.accountId, from, isAll ? limit + 1 : ALL))
    const shown = isAll ? rows : rows.filter(isInTrouble)
    const chats = shown.slice(0, limit)
    return {
      summary: this.summary,
      outside_channels: this.outside(),
      gaps: gaps.of(this.accountId, null, GAPS_SHOWN).map(gapView),
      chats,
      next_cursor: shown.length > limit ? (chats.at(-1)?.chat.id ?? null) : null,
    }
  }

  /** @throws ApiError NOT_FOUND */
  chat(chatId: MarkedId) {
    const { coverage, gaps, backfills } = this.store
    const row = coverage.row(this.accountId, chatId)
    if (!row) throw failure('NOT_FOUND', `Nothing is known of chat ${chatId} yet.`)
    const backfill = backfills.lastOf(this.accountId, chatId)
    const [view] = this.viewsOf([row]) as [ChatCoverage]
    return {
      coverage: view,
      gaps: gaps.of(this.accountId, chatId, GAPS_SHOWN).map(gapView),
      unreadable: this.store.unreadable.of(this.accountId, chatId, GAPS_SHOWN).map(unreadableView),
      backfill: backfill ? backfillView(backfill) : null,
    }
  }

  /** A second old at most, since it is asked for with every status; never older than what the event stream told of the ledger. */
  get summary(): CoverageSummary {
    const asOf = this.store.events.newestOf('coverage')
    const isFresh = this.kept && performance.now() <= this.kept.untilMs && this.kept.asOf === asOf
    if (!this.kept || !isFresh || this.kept.summary.is_hearing !== this.isHearing)
      this.kept = { summary: this.summarize(), untilMs: performance.now() + SUMMARY_MS, asOf }
    return this.kept.summary
  }

  /** All watched chats. */
  get watched(): ChatCoverage[] {
    const rows = this.store.coverage.page(this.accountId, Number.MIN_SAFE_INTEGER, ALL)
    return this.viewsOf(rows).filter((row) => row.is_watched)
  }

  /** What the rules of watching come to for this account. */
  get watching(): WatchState {
    return this.watch.state(this.accountId)
  }

  private summarize(): CoverageSummary {
    const { accountId, watched } = this
    const open = watched.filter((row) => row.closed_reason === null && row.bound_s !== null)
    const gaps = this.store.gaps.count(accountId)
    return {
      is_hearing: this.isHearing,
      chats: watched.length,
      open_gaps: gaps.open + gaps.filling,
      unfillable_gaps: gaps.closed,
      unreadable: watched.reduce((sum, row) => sum + row.unreadable, 0),
      closed_chats: watched.filter((row) => row.closed_reason !== null).length,
      stale_chats: open.filter(isStale).length,
      worst_staleness_s: open.reduce((worst, row) => Math.max(worst, row.staleness_s ?? 0), 0),
      bound_s: Math.ceil(this.telegram.worstPollBoundMs / SECOND),
    }
  }

  private get isHearing(): boolean {
    const { isConnected, lastHeardAtMs } = this.telegram.snapshot
    return isConnected && lastHeardAtMs !== null && Date.now() - lastHeardAtMs < HEARING_MS
  }

  /** The account whose ledger it is; the last one's while nobody is signed in. */
  private get accountId(): MarkedId {
    return this.telegram.reader.self?.id ?? this.store.settings.number('chats_account')
  }

  private outside() {
    const known = this.outsideChannels
    return {
      confirmed_at: momentOf(known?.confirmedAtMs),
      confirmed_by: known?.confirmedBy ?? null,
      staleness_s: ageOf(known?.confirmedAtMs),
    }
  }

  private get outsideChannels(): Coverage | undefined {
    return this.store.coverage.find(this.accountId, OUTSIDE_CHANNELS)
  }

  private viewsOf(rows: readonly CoverageRow[]): ChatCoverage[] {
    const { accountId, outsideChannels } = this
    const unreadable = this.store.unreadable.counts(accountId)
    return rows.map((row) => ({
      ...this.viewOf(row, accountId, outsideChannels),
      unreadable: unreadable.get(row.chatId) ?? 0,
    }))
  }

  private viewOf(
    row: CoverageRow,
    accountId: MarkedId,
    outsideChannels: Coverage | undefined,
  ): Omit<ChatCoverage, 'unreadable'> {
    const { chatId, title, kind, username, firstId, upToId, closedReason, openGaps } = row
    const isChannel = chatId < -CHANNEL_MARK
    const confirmed = isChannel ? row : outsideChannels
    const isOpen = isChannel && closedReason === null
    const boundMs = isOpen ? this.telegram.pollBoundMs(chatId) : 0
    return {
      chat: { id: String(chatId), title: title ?? `Chat ${chatId}`, kind: kind ?? 'group', username },
      is_watched: this.watch.isWatched(accountId, chatId),
      first_id: upToId >= firstId && firstId > 0 ? firstId : null,
      up_to_id: upToId >= firstId && firstId > 0 ? upToId : null,
      confirmed_at: momentOf(confirmed?.confirmedAtMs),
      confirmed_by: confirmed?.confirmedBy ?? null,
      staleness_s: ageOf(confirmed?.confirmedAtMs),
      bound_s: boundMs > 0 ? Math.ceil(boundMs / SECOND) : null,
      closed_reason: closedReason,
      open_gaps: openGaps,
    }
  }
}

function isInTrouble(row: ChatCoverage): boolean {
  return row.open_gaps > 0 || row.unreadable > 0 || row.closed_reason !== null || isStale(row)
}

function isStale({ staleness_s: stalenessS, bound_s: boundS, is_watched: isWatched }: ChatCoverage): boolean {
  return isWatched && stalenessS !== null && boundS !== null && stalenessS > boundS
}

function momentOf(atMs: number | null | undefined): string | null {
  return atMs == null ? null : isoMoment(atMs)
}

function ageOf(atMs: number | null | undefined): number | null {
  return atMs == null ? null : Math.max(0, Math.round((Date.now() - atMs) / SECOND))
}

function gapView({ id, afterId, beforeId, reason, state, detail, foundAtMs, changedAtMs }: Gap): GapView {
  const moments = { found_at: isoMoment(foundAtMs), changed_at: isoMoment(changedAtMs) }
  return { id, after_id: afterId, before_id: beforeId, reason, state, detail, ...moments }
}

function unreadableView(message: UnreadableMessage & { foundAtMs: number }): UnreadableView {
  const { messageId, senderId, date, reason, constructorId, foundAtMs } = message
  return {
    message_id: messageId < 0 ? null : messageId,
    sender_id: senderId === null ? null : String(senderId),
    posted_at: date === null ? null : isoMoment(date * SECOND),
    reason,
    constructor: constructorId === null ? null : constructorId.toString(16).padStart(8, '0'),
    found_at: isoMoment(foundAtMs),
  }
}

export function backfillView(backfill: Backfill): BackfillView {
  const { cause, state, wanted, read, added, problem, requestedAtMs, changedAtMs } = backfill
  const moments = { requested_at: isoMoment(requestedAtMs), changed_at: isoMoment(changedAtMs) }
  return { cause, state, wanted, read, added, problem, ...moments }
}
