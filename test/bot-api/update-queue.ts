export type SimulatedUpdate = { update_id: number } & Record<string, unknown>

interface Poll {
  offset: number
  limit: number
  timeoutMs: number
}

const FIRST_ID = 700_000

/** Updates until they are confirmed: an offset drops those below it; one long poll at a time, a second one cuts the first off. */
export class UpdateQueue {
  private updates: SimulatedUpdate[] = []
  private nextId = FIRST_ID
  private wake: (outcome: 'news' | 'cut off' | 'gone') => void = () => undefined
  private isOpen = true

  get size(): number {
    return this.updates.length
  }

  push(update: Record<string, unknown>, update_id = this.nextId++): number {
    this.updates.push({ ...update, update_id })
    this.wake('news')
    return update_id
  }

  /** What is there from `offset` on; waits so long for the first. */
  async poll({ offset, limit, timeoutMs }: Poll, isGone: Promise<void>): Promise<SimulatedUpdate[] | 'cut off'> {
    this.cutOff()
    if (offset > 0) this.updates = this.updates.filter(({ update_id: id }) => id >= offset)
    if (this.updates.length === 0 && timeoutMs > 0 && (await this.news(timeoutMs, isGone)) === 'cut off')
      return 'cut off'
    return this.updates.slice(0, Math.min(limit, 100))
  }

  cutOff(): void {
    this.wake('cut off')
  }

  end(): void {
    this.wake('gone')
  }

  close(): void {
    this.isOpen = false
    this.wake('gone')
  }

  open(): void {
    this.isOpen = true
  }

  private news(timeoutMs: number, isGone: Promise<void>): Promise<'news' | 'cut off' | 'gone'> {
    if (!this.isOpen) return Promise.resolve('gone')
    return new Promise((resolve) => {
      const timer = setTimeout(() => wake('gone'), timeoutMs)
      const wake: typeof this.wake = (outcome) => {
        clearTimeout(timer)
        if (this.wake === wake) this.wake = () => undefined
        resolve(outcome)
      }
      this.wake = wake
      void isGone.then(() => wake('gone'))
    })
  }
}
