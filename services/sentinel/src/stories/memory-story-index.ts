import type { MarkedId } from '../model'
import { MOST_CANDIDATES, type Candidate } from '../store/stories'
import type { StoryIndex } from './stories'

interface Entry {
  alertId: number
  atMs: number
}

/** Stories of what is only tried: kept for as long as the trial. */
export class MemoryStoryIndex implements StoryIndex {
  private readonly byKey = new Map<number, Entry[]>()
  private readonly texts = new Map<number, string>()
  /** In the order in which they came. */
  private opened: (Entry & { keys: readonly number[] })[] = []

  /** `originOf`: as the database says it. */
  constructor(readonly originOf: (row: number) => { chatId: MarkedId; messageId: number } | null) {}

  open(_profileId: number, alertId: number, keys: readonly number[], atMs: number, text: string): void {
    this.texts.set(alertId, text)
    this.opened.push({ alertId, atMs, keys })
    for (const key of keys) this.add(key, { alertId, atMs })
  }

  candidates(_profileId: number, keys: readonly number[], sinceMs: number): Candidate[] {
    const found = keys.flatMap((key) => this.byKey.get(key) ?? []).filter(({ atMs }) => atMs >= sinceMs)
    const newest = [...new Set(found.map(({ alertId }) => alertId))].sort((one, other) => other - one)
    return newest.slice(0, MOST_CANDIDATES).map((alertId) => ({ alertId, text: this.texts.get(alertId) ?? '' }))
  }

  forget(beforeMs: number): void {
    const first = this.opened.findIndex(({ atMs }) => atMs >= beforeMs)
    const gone = this.opened.splice(0, first < 0 ? this.opened.length : first)
    for (const { alertId, keys } of gone) {
      this.texts.delete(alertId)
      for (const key of keys) this.remove(key, alertId)
    }
  }

  /** Of a key that hundreds share the newest are enough, since no more are compared. */
  private add(key: number, entry: Entry): void {
    const entries = this.byKey.get(key)
    if (!entries) this.byKey.set(key, [entry])
    else if (entries.push(entry) > MOST_CANDIDATES) entries.shift()
  }

  private remove(key: number, alertId: number): void {
    const left = (this.byKey.get(key) ?? []).filter((entry) => entry.alertId !== alertId)
    if (left.length > 0) this.byKey.set(key, left)
    else this.byKey.delete(key)
  }
}
