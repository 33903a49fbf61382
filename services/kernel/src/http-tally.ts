const BUCKETS_S = [0.005, 0.02, 0.1, 0.5, 2, 10, 30]
const REQUESTS = 'tgsentinel_http_requests_total'
const SECONDS = 'tgsentinel_http_request_seconds'

/** Told of each request that has ended: `operation` by its operationId; `seconds` null for a stream. */
export type HttpObserver = (operation: string, status: number, seconds: number | null) => void

interface Times {
  /** Of each bucket alone. */
  buckets: number[]
  sum: number
  count: number
}

/** Requests by operation and status, and how long they took: for Prometheus, at no cost while nobody asks. */
export class HttpTally {
  private readonly requests = new Map<string, number>()
  private readonly times = new Map<string, Times>()

  readonly observe: HttpObserver = (operation, status, seconds) => {
    const labels = `operation="${operation}",status="${status}"`
    this.requests.set(labels, (this.requests.get(labels) ?? 0) + 1)
    if (seconds !== null) this.time(operation, seconds)
  }

  /** In Prometheus' text format. */
  render(): string {
    const lines = [`# HELP ${REQUESTS} Requests that have ended, by operation and status`, `# TYPE ${REQUESTS} counter`]
    for (const [labels, count] of this.requests) lines.push(`${REQUESTS}{${labels}} ${count}`)
    lines.push(`# HELP ${SECONDS} Time from a request to the end of its answer, without streams`)
    lines.push(`# TYPE ${SECONDS} histogram`)
    for (const [operation, times] of this.times) lines.push(...linesOf(operation, times))
    return `${lines.join('\n')}\n`
  }

  private time(operation: string, seconds: number): void {
    const times = this.times.get(operation) ?? { buckets: BUCKETS_S.map(() => 0), sum: 0, count: 0 }
    this.times.set(operation, times)
    const bucket = BUCKETS_S.findIndex((bound) => seconds <= bound)
    if (bucket >= 0) times.buckets[bucket] = (times.buckets[bucket] ?? 0) + 1
    times.sum += seconds
    times.count += 1
  }
}

/** Buckets count all that is not above them. */
function linesOf(operation: string, { buckets, sum, count }: Times): string[] {
  const label = `operation="${operation}"`
  let below = 0
  const lines = BUCKETS_S.map((bound, at) => `${SECONDS}_bucket{${label},le="${bound}"} ${(below += buckets[at] ?? 0)}`)
  return [
    ...lines,
    `${SECONDS}_bucket{${label},le="+Inf"} ${count}`,
    `${SECONDS}_sum{${label}} ${sum}`,
    `${SECONDS}_count{${label}} ${count}`,
  ]
}
