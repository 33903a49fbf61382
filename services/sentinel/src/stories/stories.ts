import { DAY } from '@tgsentinel/kernel/time'
import type { MarkedId, Profile } from '../model'
import type { StoredMessage } from '../store/messages'
import type { Candidate } from '../store/stories'
import { hashOf } from './fingerprint'
import { Fingerprints } from './fingerprints'
import { likenessOf } from './likeness'

/** A story that is told again later than this is news again. */
export const WINDOW_MS = 3 * DAY

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
  /** By message: keys of itself, and of what it was forwarded from. Who looks for a story opens one right afterwards, for several profiles. */
  private readonly sources = new WeakMap<StoredMessage, readonly number[]>()

  constructor(
    private readonly index: StoryIndex,
    private readonly now: () => number,
    private readonly fingerprints = new Fingerprints(),
  ) {}

  /** The alert that told this story first; undefined where none did, or each is wanted, and then `open` makes one of it. */
  find(
    { id: profileId, one_per_story: isCollapsed }: Pick<Profile, 'id' | 'one_per_story'>,
    message: StoredMessage,
  ): { alertId: number; likeness: number } | undefined {
    // Who writes to me again wants to be heard again.
    if (!isCollapsed || message.chatKind === 'private') return undefined
    const since = this.now() - WINDOW_MS
    const [forwarded] = this.index.candidates(profileId, this.sourcesOf(message), since)
    if (forwarded) return { alertId: forwarded.alertId, likeness: 1 }
    const { fingerprints } = this
    const fingerprint = fingerprints.of(message.text)
    for (const { alertId, text } of this.index.candidates(profileId, fingerprints.keysOf(message.text), since)) {
      const likeness = likenessOf(fingerprints.of(text), fingerprint)
      if (likeness !== null) return { alertId, likeness: Math.round(likeness * 100) / 100 }
    }
    return undefined
  }

  /** From now on what tells the same is kept with this alert. */
  open(profileId: number, alertId: number, message: StoredMessage): void {
    const nowMs = this.now()
    const keys = [...this.sourcesOf(message), ...this.fingerprints.keysOf(message.text)]
    this.index.open(profileId, alertId, keys, nowMs, message.text)
    this.index.forget(nowMs - WINDOW_MS)
  }

  private sourcesOf(message: StoredMessage): readonly number[] {
    let sources = this.sources.get(message)
    if (!sources) this.sources.set(message, (sources = this.readSources(message)))
    return sources
  }

  private readSources({ row, chatId, messageId }: StoredMessage): number[] {
    const origin = this.index.originOf(row)
    const sources = [{ chatId, messageId }, ...(origin ? [origin] : [])]
    return sources.map((source) => hashOf(`source ${source.chatId} ${source.messageId}`))
  }
}
