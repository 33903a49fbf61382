import { httpError } from '@tgsentinel/kernel/errors'
import { isDeepStrictEqual } from 'node:util'
import type { Bus } from '../bus/bus'
import { failure, type Digest, type DigestDraft, type DigestPreview, type DigestRun, type Schedule } from '../model'
import type { DigestRules, StoredDigest } from '../store/digests'
import type { Store } from '../store/store'
import { digestView, runView } from './digest-view'
import type { DigestMaker } from './digest-maker'
import type { SlotClock } from './slot-clock'

const DEFAULT_TOP = 10
const DEFAULT_TIME = '08:00'
const MAX_DIGESTS = 200

export interface DigestsOptions {
  store: Store
  bus: Bus
  maker: DigestMaker
  slots: SlotClock
  now: () => number
}

/** Refuses a change that was made to another revision. */
export type RevisionCheck = (digest: Digest) => void

/** What the owner has told together at set times, and what they may change of it. */
export class Digests {
  constructor(private readonly options: DigestsOptions) {}

  list(): Digest[] {
    return this.options.store.digests.list().map((digest) => this.viewOf(digest))
  }

  /** @throws ApiError NOT_FOUND */
  get(id: number): Digest {
    return this.viewOf(this.find(id))
  }

  /** @throws ApiError INVALID_REQUEST, NOT_FOUND, CONFLICT */
  create(draft: DigestDraft): Digest {
    const { store, now } = this.options
    const rules = this.rulesOf(draft)
    this.requireRoom(1)
    return this.get(this.change(() => store.digests.add(rules, this.fromNow(), now())))
  }

  /** In the caller's transaction: digests of a profile that was imported, each switched off and without a destination. */
  adopt(profileId: number, drafts: readonly Omit<DigestDraft, 'profile_id' | 'destination_id'>[]): void {
    const { store, now } = this.options
    for (const draft of drafts) {
      const rules = this.rulesOf({ ...draft, profile_id: profileId, destination_id: null, enabled: false })
      store.digests.add(rules, this.fromNow(), now())
    }
    if (drafts.length > 0) store.events.add('digest', {})
  }

  /** @throws ApiError INVALID_REQUEST, NOT_FOUND, CONFLICT, REVISION_CHANGED */
  replace(id: number, draft: DigestDraft, requireRevision: RevisionCheck): Digest {
    requireRevision(this.get(id))
    const rules = this.rulesOf(draft)
    this.change(() => this.write(id, rules))
    return this.get(id)
  }

  /** Several, made or replaced as they stand in a file: all of them or none, told once. @throws ApiError */
  takeOver(entries: readonly { present: Digest | null; draft: DigestDraft }[]): void {
    if (entries.length === 0) return
    const { store, now } = this.options
    this.requireRoom(entries.filter(({ present }) => !present).length)
    this.change(() => {
      for (const { present, draft } of entries) {
        const rules = this.rulesOf(draft)
        if (!present) store.digests.add(rules, this.fromNow(), now())
        else if (this.find(present.id).revision === present.revision) this.write(present.id, rules)
        else throw failure('REVISION_CHANGED', 'A digest was changed meanwhile.')
      }
    })
  }

  private write(id: number, rules: DigestRules): void {
    const { store, now } = this.options
    const before = this.find(id)
    store.digests.replace(id, rules, now())
    if (!isSameRhythm(before, rules)) store.digests.sawSlots(id, now())
    if (before.profileId !== rules.profileId) store.digests.told(id, this.fromNow())
    if (before.destinationId !== rules.destinationId) this.recall(id)
  }

  /** @throws ApiError NOT_FOUND, REVISION_CHANGED */
  delete(id: number, requireRevision: RevisionCheck): void {
    requireRevision(this.get(id))
    this.change(() => this.options.store.digests.delete(id))
  }

  /** The newest first. @throws ApiError NOT_FOUND */
  runs(id: number): DigestRun[] {
    return this.options.store.digestRuns.of(this.find(id).id).map(runView)
  }

  /** @throws ApiError NOT_FOUND */
  preview(id: number): DigestPreview {
    const { maker, store } = this.options
    const digest = this.find(id)
    const due = maker.make(digest)
    // Before the first one there is little or nothing to show.
    const isSample = due.alerts === 0 && store.digestRuns.of(id, 1).length === 0
    const { content, alerts } = isSample ? maker.sample(digest) : due
    return {
      title: content.title,
      text: content.body.text,
      marks: [...content.body.marks],
      alerts,
      is_sample: isSample,
    }
  }

  /** @throws ApiError NOT_FOUND, CONFLICT */
  send(id: number): DigestRun {
    const { store, maker, now } = this.options
    const digest = this.find(id)
    if (digest.destinationId === null)
      throw failure('CONFLICT', 'This digest has no destination. Choose one, then send it.')
    if (store.digestRuns.isUnderWay(id))
      throw failure('CONFLICT', 'The last one is still on its way. Wait until it has arrived, or cancel its delivery.')
    const runId = this.change(() => maker.run(digest, 'hand', now()))
    const run = runId === undefined ? undefined : store.digestRuns.find(runId)
    if (!run) throw failure('CONFLICT', 'It was sent this very moment.')
    return runView(run)
  }

  /** What waits for a destination that is not meant any more is not sent there, and stays due for the other one. */
  private recall(id: number): void {
    const { store, now } = this.options
    for (const { id: runId, digestId, deliveryId, state } of store.digestRuns.open()) {
      if (digestId !== id || state !== 'on_its_way') continue
      if (deliveryId !== null) store.deliveries.cancel(deliveryId, now())
      store.digestRuns.change(runId, 'not_sent')
      store.events.add('delivery', {})
    }
  }

  /** @throws ApiError CONFLICT */
  requireRoom(more: number): void {
    if (this.options.store.digests.list().length + more > MAX_DIGESTS)
      throw failure('CONFLICT', `There is room for ${MAX_DIGESTS} digests. Delete one first.`)
  }

  private fromNow() {
    const { store, now } = this.options
    return {
      toldUpTo: store.alerts.lastFinding(),
      toldAtMs: now(),
      toldMessages: store.traffic.allTotals().messages,
    }
  }

  private rulesOf(draft: DigestDraft): DigestRules {
    const { profile_id: profileId, destination_id: destinationId, schedule, enabled: isEnabled = true } = draft
    const { store } = this.options
    if (!store.profiles.find(profileId)) throw failure('NOT_FOUND', `There is no profile ${profileId}.`)
    if (destinationId !== null && !store.destinations.find(destinationId))
      throw failure('NOT_FOUND', `There is no destination ${destinationId}.`)
    if (destinationId === null && isEnabled)
      throw httpError(
        'INVALID_REQUEST',
        'destination_id: a digest that is switched on needs a destination. Choose one.',
      )
    const { top_n: topN, min_score: minScore, when_empty: whenEmpty } = completeDigest(draft)
    return {
      ...{ profileId, destinationId, isEnabled, topN, minScore, whenEmpty },
      schedule: completeSchedule(schedule),
    }
  }

  /** @throws ApiError NOT_FOUND */
  private find(id: number): StoredDigest {
    const found = this.options.store.digests.find(id)
    if (!found) throw failure('NOT_FOUND', `There is no digest ${id}.`)
    return found
  }

  private viewOf(digest: StoredDigest): Digest {
    const { store, slots } = this.options
    const [last] = store.digestRuns.of(digest.id, 1)
    return digestView(digest, last, slots.next(digest.schedule, digest.slotsUpToMs))
  }

  private change<T>(write: () => T): T {
    const { store, bus } = this.options
    const result = store.transaction(() => {
      const written = write()
      store.events.add('digest', {})
      return written
    })
    store.afterCommit(() => bus.ring('events'))
    return result
  }
}

/** What a draft says beside what it is of, and the defaults for what it does not. */
export function completeDigest(draft: Pick<DigestDraft, 'top_n' | 'min_score' | 'when_empty' | 'enabled'>) {
  return {
    top_n: draft.top_n ?? DEFAULT_TOP,
    min_score: draft.min_score ?? 0,
    when_empty: draft.when_empty ?? ('skip' as const),
    enabled: draft.enabled ?? true,
  }
}

export function completeSchedule({ kind, at = DEFAULT_TIME, weekday = 'monday' }: DigestDraft['schedule']): Schedule {
  return { kind, at, weekday }
}

/** Whether slots that were missed until now are still meant: they are not where the times are others, or it was off. */
function isSameRhythm(before: StoredDigest, after: DigestRules): boolean {
  return before.isEnabled && before.destinationId !== null && isDeepStrictEqual(before.schedule, after.schedule)
}
