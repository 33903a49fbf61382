import type { MarkedId } from '../model'
import { MOST_CANDIDATES, type Candidate } from '../store/stories'
import type { StoryIndex } from './stories'

const NONE: readonly Story[] = []

interface Story {
  alertId: number
  atMs: number
  keys: readonly number[]
  text: string
}

/** Stories of what is only tried: kept for as long as the trial. Each alert opens one. */
export class MemoryStoryIndex implements StoryIndex {
  /** As they were opened. */
  private readonly byKey = new Map<number, Story[]>()
  private readonly opened: Story[] = []

  /** `originOf`: as the database says it. */
  constructor(readonly originOf: (row: number) => { chatId: MarkedId; messageId: number } | null) {}

  open(_profileId: number, alertId: number, keys: readonly number[], atMs: number, text: string): void {
    const story = { alertId, atMs, keys, text }
    this.opened.push(story)
    for (const key of keys) this.add(key, story)
  }

  candidates(_profileId: number, keys: readonly number[], sinceMs: number): Candidate[] {
    const found = new Set<Story>()
    for (const key of keys) for (const story of this.byKey.get(key) ?? NONE) if (story.atMs >= sinceMs) found.add(story)
    return [...found].sort((one, other) => other.alertId - one.alertId).slice(0, MOST_CANDIDATES)
  }

  forget(beforeMs: number): void {
    for (let first = this.opened[0]; first && first.atMs < beforeMs; first = this.opened[0]) {
      this.opened.shift()
      for (const key of first.keys) this.remove(key, first)
    }
  }

  /** Of a key that hundreds share the newest are enough, since no more are compared. */
  private add(key: number, story: Story): void {
    const stories = this.byKey.get(key)
    if (!stories) this.byKey.set(key, [story])
    else if (stories.push(story) > MOST_CANDIDATES) stories.shift()
  }

  /** The oldest goes before all others. */
  private remove(key: number, oldest: Story): void {
    const stories = this.byKey.get(key)
    while (stories?.[0] === oldest) stories.shift()
    if (stories?.length === 0) this.byKey.delete(key)
  }
}
