import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import { turnTaker } from '@tgsentinel/kernel/turns'
import { sourceOf, Trial, TrialReadings } from '../stories/trial'
import type { Profile, ProfileDraft, ProfilePreview } from '../model'
import type { Profiles } from '../profiles'
import { Preview, type PreviewWord } from '../scoring/preview'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'
import { asProfile } from './as-profile'
import { checkInTurns } from './queries'

const MAX_MESSAGES = 10_000
/** A sentence model takes some milliseconds for each. */
const MOST_BY_MODEL = 1000
/** The id of no profile: nothing was learned. */
const NOBODY = 0
/** Read from the database at a time. */
const PAGE = 500

/** What a profile would find among the newest stored messages. Nothing is written. */
export class Previews {
  constructor(
    private readonly store: Store,
    private readonly profiles: Profiles,
    private readonly botId?: number,
  ) {}

  /**
   * Ends early, with what there is, when the caller goes away.
   * @param savedId the profile that it is to become of: what that learned counts
   * @throws ApiError INVALID_QUERY, NOT_FOUND
   */
  async preview(draft: ProfileDraft, savedId: number | undefined, signal: AbortSignal): Promise<ProfilePreview> {
    await checkInTurns(draft)
    const profile = asProfile(draft, savedId === undefined ? NOBODY : this.profiles.get(savedId).id)
    await this.profiles.readMeaning([], 'live', [profile])
    const { dictionary, knowledge } = this.profiles
    const preview = await Preview.inTurns(profile, dictionary, knowledge, turnTaker())
    const words: PreviewWord[] = []
    await inTurns(
      this.newest(profile),
      (message) => preview.take(this.store.circumstances.complete(message, preview.wants)),
      signal,
    )
    const trial = new Trial(profile, new TrialReadings(sourceOf(this.store, this.botId)))
    await inTurns(
      preview.judge((message) => trial.raises(message)),
      () => undefined,
      signal,
    )
    await inTurns(preview.words(), (word) => words.push(word), signal)
    return this.toReply(preview, words)
  }

  /** The newest first; a page is read when the one before it has been scored. */
  private async *newest(profile: Profile): AsyncGenerator<StoredMessage> {
    const { readsMeaning } = this.profiles
    let row = Number.MAX_SAFE_INTEGER
    for (let left = readsMeaning ? MOST_BY_MODEL : MAX_MESSAGES; left > 0; left -= PAGE) {
      const page = this.store.newestMessages.before(row, PAGE)
      const texts = page.map(({ text }) => text)
      await this.profiles.readMeaning(texts, 'live', [profile])
      yield* page
      if (page.length < PAGE) return
      row = page.at(-1)?.row ?? 0
    }
  }

  private toReply({ scanned, matched, repeated, examples }: Preview, words: PreviewWord[]): ProfilePreview {
    return {
      ...{ scanned, matched, repeated, words },
      examples: examples.flatMap(({ message, score, reasons }) => {
        const chat = this.store.newestMessages.chatOf(message.row)
        const { messageId, date, text } = message
        return chat ? [{ chat, message_id: messageId, posted_at: isoMoment(date * SECOND), text, score, reasons }] : []
      }),
    }
  }
}

/** Takes all there is, for a while a turn of the event loop, until the caller goes away. */
async function inTurns<T>(
  all: Iterable<T> | AsyncIterable<T>,
  take: (each: T) => unknown,
  signal: AbortSignal,
): Promise<void> {
  const rested = turnTaker()
  for await (const each of all) {
    await rested()
    if (signal.aborted) return
    take(each)
  }
}
