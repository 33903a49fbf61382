import { DAY, HOUR } from '@tgsentinel/kernel/time'
import { asSeenBy } from '../alert-profiles'
import type { Deliveries } from '../deliveries/deliveries'
import type { CoverageSummary, DigestRun } from '../model'
import type { DeliveryContent } from '../store/deliveries'
import type { StoredDigest } from '../store/digests'
import type { Store } from '../store/store'
import { digestContent } from './digest-content'

export interface DigestMakerOptions {
  store: Store
  deliveries: Pick<Deliveries, 'enqueue'>
  coverage: () => CoverageSummary
  zone: () => string
  now: () => number
}

/** A digest as it would be now. */
export interface MadeDigest {
  content: DeliveryContent
  alerts: number
  upToAlert: number
  upToMessages: number
  fromMs: number
  toMs: number
}

/** Makes of what is due one thing to tell, and hands it to the outbox. */
export class DigestMaker {
  constructor(private readonly options: DigestMakerOptions) {}

  /** Everything beyond what was truly told, up to now. */
  make(digest: StoredDigest): MadeDigest {
    const { store, coverage, zone, now } = this.options
    const [toMs, upToAlert] = [now(), store.alerts.lastFinding()]
    const upToMessages = store.traffic.allTotals().messages
    const { count, best } = store.digests.due(digest, upToAlert)
    const period = { fromMs: Math.min(digest.toldAtMs, toMs), toMs }
    const content = digestContent({
      ...{ ...period, zone: zone(), alerts: count, coverage: coverage() },
      profile: { id: digest.profileId, name: digest.profileName },
      best: best.flatMap((id) => store.alerts.find(id) ?? []).map((alert) => asSeenBy(digest.profileId, alert)),
      // Erasing begins to count anew.
      messages: upToMessages >= digest.toldMessages ? upToMessages - digest.toldMessages : upToMessages,
    })
    return { ...{ content, alerts: count, upToAlert, upToMessages }, ...period }
  }

  /** As if it were to tell of the last day. */
  sample(digest: StoredDigest): MadeDigest {
    const { store, now } = this.options
    const toldAtMs = now() - DAY
    const day = { sinceHour: Math.floor(toldAtMs / HOUR), chatId: null, profileId: null, bucketHours: 24 }
    const toldMessages = store.traffic.allTotals().messages - store.traffic.stats(day).messages
    return this.make({ ...digest, toldUpTo: store.alerts.lastFindingBefore(toldAtMs), toldAtMs, toldMessages })
  }

  /**
   * In the caller's transaction: the run and its delivery. `atMs`: the slot; by hand, when. By hand it tells also that there is nothing.
   * The run's id, or undefined where this slot has run already.
   */
  run(digest: StoredDigest, cause: DigestRun['cause'], atMs: number): number | undefined {
    const { store, deliveries } = this.options
    const { content, ...made } = this.make(digest)
    const isSkipped = made.alerts === 0 && digest.whenEmpty === 'skip' && cause === 'schedule'
    const run = { digestId: digest.id, cause, atMs, ...made }
    if (isSkipped || digest.destinationId === null)
      return store.digestRuns.add({ ...run, state: 'empty', deliveryId: null })
    const deliveryId = deliveries.enqueue({
      destinationId: digest.destinationId,
      kind: 'digest',
      dedupeKey: `digest:${digest.id}:${cause}:${atMs}`,
      content: { ...content, data: { digest_id: digest.id, ...content.data } },
    })
    return deliveryId === undefined ? undefined : store.digestRuns.add({ ...run, state: 'on_its_way', deliveryId })
  }
}
