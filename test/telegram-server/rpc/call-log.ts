export interface LoggedCall {
  account: number
  method: string
  /** Milliseconds since the epoch. */
  time: number
}

export interface CallOrder {
  overlappingPairs: number
  /** The first of them: the method that was unanswered and the one that came nevertheless. */
  examples: { account: number; first: string; second: string }[]
}

interface Overlap {
  account: number
  first: string
  second: string
}

const MAX_EXAMPLES = 10

/** Every API call received, how many were unanswered at once, and which of one account met each other. */
export class CallLog {
  private readonly calls: LoggedCall[] = []
  private readonly overlaps: Overlap[] = []
  private readonly open = new Set<LoggedCall>()
  private maxInFlight = 0

  begin(account: number, method: string): () => void {
    const call = { account, method, time: Date.now() }
    this.calls.push(call)
    for (const other of this.open) {
      if (other.account === account) this.overlaps.push({ account, first: other.method, second: method })
    }
    this.open.add(call)
    this.maxInFlight = Math.max(this.maxInFlight, this.open.size)
    return () => void this.open.delete(call)
  }

  read(): { calls: LoggedCall[]; inFlight: number; maxInFlight: number } {
    return { calls: [...this.calls], inFlight: this.open.size, maxInFlight: this.maxInFlight }
  }

  /** Calls with keys that nobody has signed in with count as those of account 0. */
  order({ account, ignore = [] }: { account?: number; ignore?: string[] } = {}): CallOrder {
    const found = this.overlaps.filter(
      (overlap) =>
        (account ?? overlap.account) === overlap.account &&
        !ignore.includes(overlap.first) &&
        !ignore.includes(overlap.second),
    )
    return { overlappingPairs: found.length, examples: found.slice(0, MAX_EXAMPLES) }
  }

  clear(): void {
    this.calls.length = 0
    this.overlaps.length = 0
    this.maxInFlight = this.open.size
  }
}
