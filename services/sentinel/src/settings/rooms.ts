import type { Destinations } from '../deliveries/destinations'
import type { Digests } from '../digests/digests'
import type { Retention } from '../keeping/retention'
import type { MarkedId } from '../model'
import type { Profiles } from '../profiles'
import type { Restraint } from '../restraint/restraint'
import type { Templates } from '../templates/templates'
import type { TimeZone } from '../time-zone'
import type { WatchList } from '../watch'

/** Everybody who holds something that a person configured. */
export interface Rooms {
  profiles: Profiles
  templates: Templates
  destinations: Destinations
  digests: Digests
  restraint: Restraint
  timeZone: TimeZone
  retention: Retention
  watch: WatchList
  /** Whose list of chats says what can be watched. */
  accountId: () => MarkedId
  now: () => number
}
