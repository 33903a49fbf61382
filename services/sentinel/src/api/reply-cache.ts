import type { Bus } from '../bus/bus'

const MAX_REPLIES = 64

/**
 * Replies that stay true until something is stored or changed: every ring of the doorbell empties it. What it gives is frozen,
 * so that the binding renders it once.
 */
export class ReplyCache<T extends object> {
  private readonly replies = new Map<string, T>()

  constructor(bus: Bus) {
    bus.onRing('messages', () => this.replies.clear())
    bus.onRing('events', () => this.replies.clear())
  }

  get(key: string, make: () => T): T {
    let reply = this.replies.get(key)
    if (!reply) {
      if (this.replies.size >= MAX_REPLIES) this.replies.clear()
      this.replies.set(key, (reply = Object.freeze(make())))
    }
    return reply
  }
}
