import { randomBytes } from 'node:crypto'
import { isoMoment } from '@tgsentinel/kernel/time'
import { asSeenBy } from '../alert-profiles'
import type { Bus } from '../bus/bus'
import { failure, type FeedFormat, type FeedView } from '../model'
import type { Profiles } from '../profiles'
import type { Store } from '../store/store'
import { feedDocument, type FeedDocument } from './feed-document'

export interface FeedsOptions {
  store: Store
  profiles: Profiles
  bus: Bus
  now: () => number
}

const SECRET_BYTES = 32
const MAX_ALERTS = 50

/** A profile's newest alerts for feed readers: whoever knows its secret reads them, and nobody else. */
export class Feeds {
  constructor(private readonly options: FeedsOptions) {}

  /** @throws ApiError NOT_FOUND */
  view(profileId: number): FeedView {
    const { profiles, store } = this.options
    profiles.get(profileId)
    const feed = store.feeds.find(profileId)
    return { secret: feed?.secret ?? null, created_at: feed ? isoMoment(feed.createdAtMs) : null }
  }

  /**
   * A new address; the one before stops working.
   * @throws ApiError NOT_FOUND
   */
  renew(profileId: number): FeedView {
    const { profiles, store, now } = this.options
    profiles.get(profileId)
    const secret = randomBytes(SECRET_BYTES).toString('base64url')
    this.change(() => store.feeds.put({ profileId, secret, createdAtMs: now() }))
    return this.view(profileId)
  }

  /** @throws ApiError NOT_FOUND */
  switchOff(profileId: number): FeedView {
    const { profiles, store } = this.options
    profiles.get(profileId)
    this.change(() => store.feeds.delete(profileId))
    return this.view(profileId)
  }

  /** @throws ApiError NOT_FOUND, the same for whatever is no secret */
  async read(secret: string, format: FeedFormat): Promise<FeedDocument> {
    const { profiles, store } = this.options
    const feed = store.feeds.findBySecret(secret)
    if (!feed)
      throw failure('NOT_FOUND', 'There is no such feed. Its address may have been replaced: look on the page.')
    const { profileId, createdAtMs } = feed
    const found = store.alerts.list({ profileId, withoutExploration: true, limit: MAX_ALERTS })
    const alerts = found.map((alert) => asSeenBy(profileId, alert))
    return feedDocument(format, { profile: profiles.get(profileId), alerts, createdAtMs })
  }

  private change(write: () => void): void {
    const { store, bus } = this.options
    store.transaction(() => {
      write()
      store.events.add('profiles', {})
    })
    bus.ring('events')
  }
}
