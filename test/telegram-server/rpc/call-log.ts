export interface LoggedCall {
  account: number
  method: string
  /** Milliseconds since the epoch. */
  time: number
}

/** Every API call received, and how many were unanswered at once. */
export class CallLog {
  private readonly calls: LoggedCall[] = []
  private inFlight = 0
  private maxInFlight = 0

  begin(account: number, method: string): () => void {
    this.calls.push({ account, method, time: Date.now() })
    this.inFlight += 1
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight)
    return () => {
      this.inFlight -= 1
    }
  }

  read(): { calls: LoggedCall[]; inFlight: number; maxInFlight: number } {
    return { calls: [...this.calls], inFlight: this.inFlight, maxInFlight: this.maxInFlight }
  }

  clear(): void {
    this.calls.length = 0
    this.maxInFlight = this.inFlight
  }
}
