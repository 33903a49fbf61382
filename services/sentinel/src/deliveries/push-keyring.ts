import type { Store } from '../store/store'
import { newPushKeys, type PushKeys } from '../notifiers/web-push'

/** The keys by which push services know this sentinel. A browser subscribes to one key, so they are made once and stay. */
export class PushKeyring {
  constructor(private readonly store: Store) {}

  get keys(): PushKeys {
    const { settings } = this.store
    const kept = settings.get('push_keys')
    if (kept !== undefined) return JSON.parse(kept) as PushKeys
    const keys = newPushKeys()
    settings.set('push_keys', JSON.stringify(keys))
    return keys
  }
}
