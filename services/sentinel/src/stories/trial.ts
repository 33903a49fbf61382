import { SECOND } from '@tgsentinel/kernel/time'
import { isOurOwn } from '../own-words'
import type { MarkedId, Profile } from '../model'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'
import { Fingerprints } from './fingerprints'
import { MemoryStoryIndex } from './memory-story-index'
import { Stories } from './stories'

/** What has to be looked up of a message. */
export interface TrialSource {
  originOf: (row: number) => { chatId: MarkedId; messageId: number } | null
  isOurOwn: (message: StoredMessage) => boolean
}

/** The stories of three days are looked at again and again, where each message is one of some 200 characters 20,000 of them. */
const MOST_CHARACTERS = 2_000_000

const NO_SOURCE: TrialSource = { originOf: () => null, isOurOwn: () => false }

export function sourceOf(store: Store, botId: number | undefined): TrialSource {
  return {
    originOf: (row) => store.stories.originOf(row),
    isOurOwn: (message) => isOurOwn(message, store, botId),
  }
}

/** What trials of the same messages have in common: each message is looked up and read once for all of them. */
export class TrialReadings {
  readonly fingerprints = new Fingerprints(MOST_CHARACTERS)
  private origin: { row: number; is: ReturnType<TrialSource['originOf']> } | undefined
  private own: { message: StoredMessage; is: boolean } | undefined

  constructor(private readonly source: TrialSource = NO_SOURCE) {}

  readonly originOf: TrialSource['originOf'] = (row) => {
    if (this.origin?.row !== row) this.origin = { row, is: this.source.originOf(row) }
    return this.origin.is
  }

  readonly isOurOwn: TrialSource['isOurOwn'] = (message) => {
    if (this.own?.message !== message) this.own = { message, is: this.source.isOurOwn(message) }
    return this.own.is
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
    private readonly readings = new TrialReadings(),
  ) {
    const index = new MemoryStoryIndex(readings.originOf)
    this.stories = new Stories(index, () => this.atMs, readings.fingerprints)
  }

  /** Given those for which it fires, the oldest first. */
  raises(message: StoredMessage): boolean {
    this.atMs = message.date * SECOND
    if (this.readings.isOurOwn(message) || this.isOfKnownAlbum(message)) return false
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
