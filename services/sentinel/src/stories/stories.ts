import { DAY } from '@tgsentinel/kernel/time'
import type { MarkedId, Profile } from '../model'
import type { StoredMessage } from '../store/messages'
import type { Candidate } from '../store/stories'
import { fingerprintOf, hashOf, type Fingerprint } from './fingerprint'
import { LEAST_SHINGLES, likenessOf } from './likeness'
import { bandsOf } from './min-hash'

/** A story that is told again later than this is news again. */
export const WINDOW_MS = 3 * DAY
/** Bounds memory: some kB each. */
const MAX_KNOWN = 1000

/** What is known of a message as a telling of some story. */
interface Told {
  fingerprint: Fingerprint
  /** Keys of the message itself, and of what it was forwarded from. */
  sources: number[]
  keys: number[]
}

/** Where is kept which alerts tell a story. */
export interface StoryIndex {
  /** The message that a stored one was forwarded from. */
  originOf: (row: number) => { chatId: MarkedId; messageId: number } | null
  /** Alerts of a profile that share a key, the newest first. */
  candidates: (profileId: number, keys: readonly number[], sinceMs: number) => Candidate[]
  open: (profileId: number, alertId: number, keys: readonly number[], atMs: number, text: string) => void
  /** What is older tells nothing new. */
  forget: (beforeMs: number) => void
}

/**
 * One alert a story and profile: a message that tells what an alert of the last days told already is kept with that alert, and
 * raises none of its own. Runs within the transaction of its caller.
 */
export class Stories {
  /** Of alerts that were compared before. */
  private readonly known = new Map<number, Fingerprint>()
  /** Who looks for a story opens one right afterwards, for several profiles, with the same message. */
  private readonly told = new WeakMap<StoredMessage, Told>()

  constructor(
    private readonly index: StoryIndex,
    private readonly now: () => number,
  ) {}

  /** The alert that told this story first; undefined where none did, or each is wanted, and then `open` makes one of it. */
  find(
    { id: profileId, one_per_story: isCollapsed }: Pick<Profile, 'id' | 'one_per_story'>,
    message: StoredMessage,
  ): { alertId: number; likeness: number } | undefined {
    // Who writes to me again wants to be heard again.
    if (!isCollapsed || message.chatKind === 'private') return undefined
    const told = this.read(message)
    const since = this.now() - WINDOW_MS
    const [forwarded] = this.index.candidates(profileId, told.sources, since)
    if (forwarded) return { alertId: forwarded.alertId, likeness: 1 }
    for (const { alertId, text } of this.index.candidates(profileId, told.keys, since)) {
      const likeness = likenessOf(this.fingerprintOf(alertId, text), told.fingerprint)
      if (likeness !== null) return { alertId, likeness: Math.round(likeness * 100) / 100 }
    }
    return undefined
  }

  /** From now on what tells the same is kept with this alert. */
  open(profileId: number, alertId: number, message: StoredMessage): void {
    const nowMs = this.now()
    const { sources, keys } = this.read(message)
    this.index.open(profileId, alertId, [...sources, ...keys], nowMs, message.text)
    this.index.forget(nowMs - WINDOW_MS)
  }

  private keep(alertId: number, fingerprint: Fingerprint): void {
    const [oldest] = this.known.keys()
    if (this.known.size >= MAX_KNOWN && oldest !== undefined) this.known.delete(oldest)
    this.known.set(alertId, fingerprint)
  }

  private fingerprintOf(alertId: number, text: string): Fingerprint {
    const known = this.known.get(alertId)
    if (known) return known
    const fingerprint = fingerprintOf(text)
    this.keep(alertId, fingerprint)
    return fingerprint
  }

  private read(message: StoredMessage): Told {
    const known = this.told.get(message)
    if (known) return known
    const told = this.readAnew(message)
    this.told.set(message, told)
    return told
  }

  private readAnew({ row, chatId, messageId, text }: StoredMessage): Told {
    const fingerprint = fingerprintOf(text)
    const origin = this.index.originOf(row)
    const sources = [{ chatId, messageId }, ...(origin ? [origin] : [])]
    const isLong = fingerprint.shingles.length >= LEAST_SHINGLES
    const urls = [...fingerprint.urls].map((url) => hashOf(`url ${url}`))
    return {
      fingerprint,
      sources: sources.map((source) => hashOf(`source ${source.chatId} ${source.messageId}`)),
      // What is too short is never compared.
      keys: isLong ? [...urls, ...bandsOf(fingerprint.shingles)] : urls,
    }
  }
}
