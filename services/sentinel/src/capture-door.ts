import type { Ingestion } from './ingestion/ingestion'
import type { Intake } from './intake'
import type { MarkedId } from './model'
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
      return ingestion.accept(accountId, watched(watch, accountId, intake))
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

/** An intake without what happens in chats that are not watched; of those it only says that something was left out. */
function watched(watch: WatchList, accountId: MarkedId, intake: Intake): Intake {
  const sifted = watch.sift(accountId, intake)
  if (sifted === intake) return intake
  const gaps = intake.gaps?.filter(({ chatId }) => chatId === null || watch.isWatched(accountId, chatId))
  const kept = new Set(sifted.messages)
  const skipped = intake.messages.filter((message) => !kept.has(message)).map(({ chatId }) => chatId)
  return { ...sifted, ...(gaps && { gaps }), ...(skipped.length > 0 && { skipped: [...new Set(skipped)] }) }
}
