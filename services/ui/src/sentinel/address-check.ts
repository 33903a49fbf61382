import axios from 'axios'
import { ApiError } from '@tgsentinel/kernel/errors'
import { SECOND } from '@tgsentinel/kernel/time'
import { failure } from '../model'

const MAX_WAIT_MS = 3 * SECOND
const MAX_REPLY_BYTES = 64 * 1024
/** How long a sentinel that was met stays one: a 404 may also mean that there is no such alert. */
const TRUSTED_MS = 30 * SECOND
/** Failures behind which a wrong address may stand. */
const DOUBTFUL = ['SENTINEL_BAD_REPLY', 'SENTINEL_REFUSED_TOKEN', 'NOT_FOUND']

/** Whether what answers at SENTINEL_API_BASE_URL is a sentinel: only its health says so. */
export class AddressCheck {
  private trustedUntil = -Infinity

  constructor(
    private readonly baseUrl: string,
    private readonly timeoutMs: number,
  ) {}

  /** The failure itself, or one that names the variable where something else answers there. */
  async explain(error: unknown): Promise<unknown> {
    if (!(error instanceof ApiError) || !DOUBTFUL.includes(error.code)) return error
    // Nonsense is no word of whoever was met before.
    if (error.code !== 'NOT_FOUND') this.trustedUntil = -Infinity
    return (await this.problem()) ?? error
  }

  /** @throws ApiError SENTINEL_WRONG_ADDRESS */
  async insist(): Promise<void> {
    const problem = await this.problem()
    if (problem) throw problem
  }

  /** Null where a sentinel answers, and where nobody does. */
  async problem(): Promise<ApiError | null> {
    if (performance.now() < this.trustedUntil) return null
    const answer = await this.ask()
    if (answer === 'sentinel') this.trustedUntil = performance.now() + TRUSTED_MS
    if (answer === 'sentinel' || answer === 'nobody') return null
    const message = `What answers at ${this.baseUrl} is no sentinel (${answer}). Set SENTINEL_API_BASE_URL of the ui to the address of the sentinel's API, such as http://sentinel:8080/api, then restart the ui.`
    return failure('SENTINEL_WRONG_ADDRESS', message)
  }

  private async ask(): Promise<string> {
    const timeout = Math.min(this.timeoutMs, MAX_WAIT_MS)
    const bounds = { timeout, maxRedirects: 0, maxContentLength: MAX_REPLY_BYTES, proxy: false as const }
    try {
      const { status, data } = await axios.get<unknown>(`${this.baseUrl}/health`, {
        ...bounds,
        validateStatus: () => true,
      })
      const isHealth = status === 200 && (data as { service?: unknown } | null)?.service === 'tgsentinel'
      return isHealth ? 'sentinel' : `HTTP ${status}`
    } catch (error) {
      const { code = '' } = error as { code?: string }
      return code.startsWith('HPE_') || code === 'ERR_BAD_RESPONSE' ? 'it speaks no HTTP' : 'nobody'
    }
  }
}
