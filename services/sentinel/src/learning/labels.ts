import type { Bus } from '../bus/bus'
import { failure, type Label, type LabelSource, type MarkedId } from '../model'
import type { Profiles } from '../profiles'
import type { Store } from '../store/store'

export interface LabelsOptions {
  store: Store
  profiles: Profiles
  bus: Bus
  now: () => number
  /** There is something to learn from. */
  onChange: () => void
}

/** Of the latest labels so many are learned from, and told. */
export const MAX_LABELS = 2000

/** What the owner says of messages, a profile each: wanted or not. */
export class Labels {
  constructor(private readonly options: LabelsOptions) {}

  /** The newest first. @throws ApiError NOT_FOUND */
  list(profileId: number): Label[] {
    this.options.profiles.get(profileId)
    return this.options.store.labels.list(profileId, MAX_LABELS)
  }

  /** @throws ApiError NOT_FOUND: no such profile, or no such message stored */
  put(profileId: number, chatId: MarkedId, messageId: number, relevant: boolean, source: LabelSource): Label {
    const { profiles, store, now } = this.options
    profiles.get(profileId)
    const label = this.change(profileId, chatId, messageId, () =>
      store.labels.put({ profileId, chatId, messageId, relevant, source, atMs: now() }),
    )
    if (!label) throw failure('NOT_FOUND', `Message ${messageId} of chat ${chatId} is not stored here.`)
    return label
  }

  /** @throws ApiError NOT_FOUND */
  delete(profileId: number, chatId: MarkedId, messageId: number): void {
    const { profiles, store } = this.options
    profiles.get(profileId)
    const wasThere = this.change(profileId, chatId, messageId, () => store.labels.delete(profileId, chatId, messageId))
    if (!wasThere) throw failure('NOT_FOUND', 'Nothing was said of this message.')
  }

  /** The label, and what the pages that show its alert have to know. */
  private change<T>(profileId: number, chatId: MarkedId, messageId: number, write: () => T): T {
    const { store, bus, onChange } = this.options
    const written = store.transaction(() => {
      const result = write()
      const alert = result ? store.alerts.findOf(chatId, messageId) : undefined
      if (alert?.profiles.some(({ id }) => id === profileId)) {
        const { id, read, starred, dismissed, label, profiles } = alert
        store.events.add('alert_changed', { id, read, starred, dismissed, label, profiles })
      }
      return result
    })
    bus.ring('events')
    onChange()
    return written
  }
}
