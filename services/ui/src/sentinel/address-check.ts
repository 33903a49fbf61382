import { sentinelHttp } from './sentinel-http'
import { ApiError } from '@tgsentinel/kernel/errors'
import { SECOND } from '@tgsentinel/kernel/time'
import { failure } from '../model'

const MAX_WAIT_MS = 3 * SECOND
/** Failures behind which a wrong address may stand. */
const DOUBTFUL = ['SENTINEL_BAD_REPLY', 'SENTINEL_REFUSED_TOKEN', 'NOT_FOUND']

/** Whether what answers at SENTINEL_API_BASE_URL is a sentinel: only its health says so. */
export class AddressCheck {
  private readonly http
  /** A sentinel was met there: a 404 means that there is no such alert, say. */
  private isTrusted = false

  constructor(
    private readonly baseUrl: string,
    token: string | undefined,
    timeoutMs: number,
  ) {
    this.http = sentinelHttp(baseUrl, token, { timeout: Math.min(timeoutMs, MAX_WAIT_MS) })
  }

  /** The failure itself, or one that names the variable where something else answers there. */
  async explain(error: unknown): Promise<unknown> {
    if (!(error instanceof ApiError) || !DOUBTFUL.includes(error.code)) return error
    // Nonsense is no word of whoever was met before.
    if (error.code !== 'NOT_FOUND') this.isTrusted = false
    return (await this.problem()) ?? error
  }

  /** @throws ApiError SENTINEL_WRONG_ADDRESS */
  async insist(): Promise<void> {
    const problem = await this.problem()
    if (problem) throw problem
  }

  /** Null where a sentinel answers, and where nobody does. */
  async problem(): Promise<ApiError | null> {
    if (this.isTrusted) return null
    const answer = await this.ask()
    this.isTrusted = answer === 'sentinel'
    if (this.isTrusted || answer === 'nobody') return null
    const message = `What answers at ${this.baseUrl} is no sentinel (${answer}). Set SENTINEL_API_BASE_URL of the ui to the address of the sentinel's API, such as http://sentinel:8080/api, then restart the ui.`
    return failure('SENTINEL_WRONG_ADDRESS', message)
  }

  private async ask(): Promise<string> {
    try {
      const { status, data } = await this.http.get<string>('/health')
      return status === 200 && /"service": *"tgsentinel"/.test(data) ? 'sentinel' : `HTTP ${status}`
    } catch (error) {
      const { code = '' } = error as { code?: string }
      return code.startsWith('HPE_') || code === 'ERR_BAD_RESPONSE' ? 'it speaks no HTTP' : 'nobody'
    }
  }
}
