import { MINUTE } from '@tgsentinel/kernel/time'
import type { Bus, SharedName } from '../bus/bus'
import type { Chats } from '../chats'
import type { OwnerSnapshot } from '../telegram/owner-facts'
import { allChats, channelsOf, usersOf } from './chat-lists'

/** Programs of the original read these for a quarter of an hour at most. */
const TTL_S = 15 * 60
const REFRESH_MS = 5 * MINUTE
const NAMES: readonly SharedName[] = ['cached_channels', 'cached_users', 'cache_ready', 'user_info']

/**
 * What programs of the original read from Redis without asking: the lists of chats and users, and whose session it is. Kept anew when
 * the list was read, when the session became another, and when Redis came back; gone while nobody is signed in. No phone number is in it.
 */
export class SharedCaches {
  private timer: NodeJS.Timeout | undefined
  private readonly stopListening: (() => void)[] = []

  constructor(
    private readonly owner: () => OwnerSnapshot,
    private readonly chats: Chats,
    private readonly bus: Bus,
  ) {}

  start(): void {
    if (this.bus.state === 'off') return
    for (const ring of ['chats', 'redis'] as const) this.stopListening.push(this.bus.onRing(ring, () => this.refresh()))
    this.timer = setInterval(() => this.refresh(), REFRESH_MS).unref()
    this.refresh()
  }

  /** Says what is so now. */
  refresh(): void {
    const { user, isAuthorized } = this.owner()
    if (this.bus.state !== 'up') return
    if (user === null || !isAuthorized) return this.clear()
    const { username, first_name, user_id } = user
    this.bus.share('user_info', { username, first_name, last_name: '', phone: null, user_id, avatar: null }, TTL_S)
    const all = allChats(this.chats)
    if (all.length === 0) return
    this.bus.share('cached_channels', channelsOf(all), TTL_S)
    this.bus.share('cached_users', usersOf(all), TTL_S)
    this.bus.share('cache_ready', 1, TTL_S)
  }

  close(): void {
    clearInterval(this.timer)
    for (const stop of this.stopListening.splice(0)) stop()
  }

  private clear(): void {
    for (const name of NAMES) this.bus.share(name, null, TTL_S)
  }
}
