import { setImmediate as nextTurn } from 'node:timers/promises'
import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import type { ProfileDraft, ProfilePreview } from '../model'
import type { Profiles } from '../profiles'
import { previewOf } from '../scoring/preview'
import type { StoredMessage } from '../store/messages'
import type { Store } from '../store/store'
import { asProfile } from './as-profile'
import { requireUsableQueries } from './queries'

const MAX_MESSAGES = 10_000
/** Read from the database at a time. */
const PAGE = 500
/** How long messages are scored before everything else has its turn. */
const TURN_MS = 20
const MAX_EXAMPLES = 10
const MAX_FORMS = 10

type Found = ReturnType<typeof previewOf>

/** What a profile would find among the newest stored messages. Nothing is written. */
export class Previews {
  constructor(
    private readonly store: Store,
    private readonly profiles: Profiles,
  ) {}

  /**
   * Ends early, with what there is, when the caller goes away.
   * @throws ApiError INVALID_QUERY
   */
  async preview(draft: ProfileDraft, signal: AbortSignal): Promise<ProfilePreview> {
    requireUsableQueries(draft)
    const profile = asProfile(draft)
    const { dictionary } = this.profiles
    const messages = this.newest()
    let found: Found = previewOf(profile, dictionary, [])
    for (let before = -1; found.scanned > before && !signal.aborted;) {
      before = found.scanned
      await nextTurn()
      found = merged(found, previewOf(profile, dictionary, forAWhile(messages)))
    }
    return this.toReply(found)
  }

  /** The newest first; a page is read when the one before it has been scored. */
  private *newest(): Generator<StoredMessage> {
    let row = Number.MAX_SAFE_INTEGER
    for (let left = MAX_MESSAGES; left > 0; left -= PAGE) {
      const page = this.store.newestMessages.before(row, PAGE)
      yield* page
      if (page.length < PAGE) return
      row = page.at(-1)?.row ?? 0
    }
  }

  private toReply({ examples, ...counts }: Found): ProfilePreview {
    return {
      ...counts,
      examples: examples.flatMap(({ message, score, reasons }) => {
        const chat = this.store.newestMessages.chatOf(message.row)
        const { messageId, date, text } = message
        return chat ? [{ chat, message_id: messageId, posted_at: isoMoment(date * SECOND), text, score, reasons }] : []
      }),
    }
  }
}

/** As many as come before the turn is over, and one at least; the rest stays for the next. */
function* forAWhile(messages: Generator<StoredMessage>): Generator<StoredMessage> {
  const endsAtMs = performance.now() + TURN_MS
  do {
    const { value, done } = messages.next()
    if (done) return
    yield value
  } while (performance.now() < endsAtMs)
}

/** Two parts of a preview of the same profile, whose words come in the same order. Pure. */
export function merged(one: Found, other: Found): Found {
  return {
    scanned: one.scanned + other.scanned,
    matched: one.matched + other.matched,
    examples: [...one.examples, ...other.examples].slice(0, MAX_EXAMPLES),
    words: one.words.map((word, index) => mergedWord(word, other.words[index] ?? word)),
  }
}

function mergedWord(one: Found['words'][number], other: Found['words'][number]): Found['words'][number] {
  const union = (forms: string[], others: string[]) => [...new Set([...forms, ...others])].slice(0, MAX_FORMS)
  return {
    word: one.word,
    found: one.found + other.found,
    also_matches: union(one.also_matches, other.also_matches),
    does_not_match: union(one.does_not_match, other.does_not_match),
  }
}
