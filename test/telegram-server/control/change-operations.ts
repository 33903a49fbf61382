import type { PushKind } from '../pusher'
import type { CountOptions, EditOptions, MessageName, MessageNames, ReactionOptions, Votes } from '../world/changes'
import type { NewTopic } from '../world/topics'
import type { PostedMessage } from './control'

/** How others are told; whatever is pushed, the difference has it (but for what has no pts). */
export interface Telling {
  /** `none`: it is in the difference only. */
  push?: PushKind
  /** Raises the account's seq and says so in the envelope, if that is `updates`. */
  withSeq?: boolean
}

/** Where the box of each account, or the channel's, stands after a change; 0 if the update has no pts. */
export interface ChangedBox {
  account: number
  pts: number
}

/** What may happen to chats and messages after they were made. Ids in private chats and basic groups are the account's own. */
export interface ChangeOperations {
  editMessage(options: EditOptions & Telling): Promise<ChangedBox[]>
  setReactions(options: ReactionOptions & Telling): Promise<ChangedBox[]>
  /** Views and forwards by updates of their own, which have no pts; replies by an edit that is to be hidden. */
  setCounts(options: CountOptions & Telling): Promise<ChangedBox[]>
  deleteMessages(options: MessageNames & Telling): Promise<ChangedBox[]>
  pinMessages(options: MessageNames & { pinned: boolean } & Telling): Promise<ChangedBox[]>
  /** How many have voted for each answer; the update has no pts. */
  votePoll(options: MessageName & Votes & Telling): Promise<ChangedBox[]>
  createTopic(options: NewTopic & Telling): Promise<{ topic: number }>
  renameTopic(options: NewTopic & { topic: number } & Telling): Promise<PostedMessage[]>
  /** Gives the marked id of the supergroup; the basic group takes no more messages. */
  migrateGroup(options: { chat: number } & Telling): Promise<{ chat: number }>
}
