export type Fault =
  | { kind: 'error'; code: number; description: string; parameters?: object }
  /** The connection is cut instead of an answer. */
  | { kind: 'drop' }
  /** What answers is not the Bot API. */
  | { kind: 'nonsense' }
  /** No answer ever comes. */
  | { kind: 'silence' }

interface Planned {
  /** `*` stands for every method. */
  method: string
  fault: Fault
  times: number
}

/** What is to go wrong with the next calls, as asked for by a test. */
export class BotApiFaults {
  private planned: Planned[] = []

  fail(method: string, fault: Fault, times = 1): void {
    this.planned.push({ method, fault, times })
  }

  error(method: string, code: number, description: string, times = 1, parameters?: object): void {
    this.fail(method, { kind: 'error', code, description, ...(parameters ? { parameters } : {}) }, times)
  }

  flood(method: string, retryAfterS: number, times = 1): void {
    const description = `Too Many Requests: retry after ${retryAfterS}`
    this.error(method, 429, description, times, { retry_after: retryAfterS })
  }

  clear(): void {
    this.planned = []
  }

  take(method: string): Fault | undefined {
    const found = this.planned.find((one) => one.method === method || one.method === '*')
    if (!found) return undefined
    found.times -= 1
    this.planned = this.planned.filter(({ times }) => times > 0)
    return found.fault
  }
}
