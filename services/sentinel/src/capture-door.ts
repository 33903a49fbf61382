import type { Ingestion } from './ingestion/ingestion'
import type { Intake } from './model'
import type { Profiles } from './profiles'
import type { Store } from './store/store'
import type { CaptureDoor } from './telegram/supervisor'
import type { WatchList } from './watch'

export interface DoorOptions {
  store: Store
  ingestion: Ingestion
  watch: WatchList
  profiles: Profiles
  /** Whoever waits for an answer in a chat, watched or not. */
  hear: (intake: Intake) => void
  onStranger: CaptureDoor['onStranger']
  onUnknownChannel: CaptureDoor['onUnknownChannel']
}

/** What the owner of the session knows of what is stored, and hands what it hears to. */
export function captureDoor(options: DoorOptions): CaptureDoor {
  const { store, ingestion, watch, profiles, hear, onStranger, onUnknownChannel } = options
  return {
    cursors: (accountId) => {
      ingestion.drain()
      return store.cursors.list(accountId)
    },
    isBegun: (accountId) => store.dialogs.count(accountId) > 0,
    closedChats: (accountId) => store.coverage.closedChats(accountId),
    onIntake: (accountId, intake) => {
      hear(intake)
      return ingestion.accept(accountId, watch.sift(accountId, intake))
    },
    hasRoom: () => ingestion.hasRoom,
    knowsUser: (id) => store.chats.findUser(id) !== undefined,
    onStranger,
    onUnknownChannel,
    interestIn: (accountId, chatId) => {
      if (!watch.isWatched(accountId, chatId)) return 'none'
      return profiles.scorer.names(chatId) ? 'listened' : 'normal'
    },
  }
}
