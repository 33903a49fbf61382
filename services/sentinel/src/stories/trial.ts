import { SECOND } from '@tgsentinel/kernel/time'
import { isOurOwn } from '../own-words'
import type { MarkedId, Profile } from '../model'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'
import { MemoryStoryIndex } from './memory-story-index'
import { Stories } from './stories'

/** What has to be looked up of a message. */
export interface TrialSource {
  originOf: (row: number) => { chatId: MarkedId; messageId: number } | null
  isOurOwn: (message: StoredMessage) => boolean
}

export const NO_SOURCE: TrialSource = { originOf: () => null, isOurOwn: () => false }

export function sourceOf(store: Store, botId: number | undefined): TrialSource {
  return {
    originOf: (row) => store.stories.originOf(row),
    isOurOwn: (message) => isOurOwn(message, store, botId),
  }
}

/**
 * Which of the messages that a profile fires for would raise an alert of it: what is ours raises none, an album counts once, and so does
 * a story, by the rules that hold for alerts. The clock is that of the messages.
 */
export class Trial {
  private readonly albums = new Set<string>()
  private readonly stories: Stories
  private atMs = 0

  constructor(
    private readonly profile: Profile,
    private readonly source: TrialSource = NO_SOURCE,
  ) {
    this.stories = new Stories(new MemoryStoryIndex(source.originOf), () => this.atMs)
  }

  /** Given those for which it fires, the oldest first. */
  raises(message: StoredMessage): boolean {
    this.atMs = message.date * SECOND
    if (this.source.isOurOwn(message) || this.isOfKnownAlbum(message)) return false
    if (this.stories.find(this.profile, message)) return false
    this.stories.open(this.profile.id, message.row, message)
    return true
  }

  private isOfKnownAlbum({ chatId, groupedId }: StoredMessage): boolean {
    if (groupedId === null) return false
    const album = `${chatId} ${groupedId}`
    if (this.albums.has(album)) return true
    this.albums.add(album)
    return false
  }
}
