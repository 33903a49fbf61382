import { SECOND } from '@tgsentinel/kernel/time'
import type { ProxyTest } from '../model'
import { DialError, silent, strange } from './dial-error'
import type { DataCentrePlace, Dialing } from './dialing'
import type { Line } from './line'
import { probe } from './probe'
import { readLinks } from './proxies'
import type { Proxy } from './proxy'

/** The home of the session, or where a sign-in begins. */
export type ProbeTarget = () => { dcId: number; place: DataCentrePlace }

const TIMEOUT_MS = 10 * SECOND

/** Tries proxies, or the direct way, on Telegram itself; what is in force is not touched by what comes of it. */
export class ProxyTrials {
  constructor(
    private readonly dialing: Dialing,
    private readonly target: ProbeTarget,
  ) {}

  /** Those of the links, or those in force. @throws ApiError where a link is none */
  async run(links: readonly string[] | undefined, signal: AbortSignal): Promise<ProxyTest[]> {
    const proxies = links ? readLinks(links) : this.dialing.proxies.all
    const ways = proxies.length > 0 ? proxies : [null]
    return Promise.all(ways.map((proxy) => this.tryOne(proxy, signal)))
  }

  private async tryOne(proxy: Proxy | null, signal: AbortSignal): Promise<ProxyTest> {
    const { dcId, place } = this.target()
    const startedAtMs = performance.now()
    const name = proxy && { kind: proxy.kind, host: proxy.host, port: proxy.port }
    const told = (problem: ProxyTest['problem'], message: (ms: number) => string): ProxyTest => {
      const tookMs = Math.round(performance.now() - startedAtMs)
      const isReached = problem === null
      return { proxy: name, reached: isReached, dc_id: dcId, took_ms: tookMs, problem, message: message(tookMs) }
    }
    try {
      await this.ask(proxy, place, signal)
      return told(null, (ms) => `Reached DC ${dcId} in ${ms} ms.`)
    } catch (error) {
      const { code, message } = problemOf(error, proxy)
      return told(code, () => message)
    }
  }

  private async ask(proxy: Proxy | null, place: DataCentrePlace, signal: AbortSignal): Promise<void> {
    const stop = new AbortController()
    const late = proxy ? silent(proxy) : new DialError('timeout', 'Telegram did not answer in time.')
    const timer = setTimeout(() => stop.abort(late), TIMEOUT_MS)
    const abort = () => stop.abort(late)
    signal.addEventListener('abort', abort, { once: true })
    let line: Line | undefined
    try {
      line = await this.dialing.lineBy(proxy, place, stop.signal)
      const { socket } = line
      stop.signal.addEventListener('abort', () => socket.destroy(late), { once: true })
      await probe(line, Date.now())
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      line?.socket.destroy()
    }
  }
}

function problemOf(error: unknown, proxy: Proxy | null): DialError {
  if (error instanceof DialError) return error
  if (proxy) return strange(proxy, 'what it leads to is not Telegram')
  const { code = 'closed' } = error as { code?: string }
  return new DialError('telegram_unreachable', `Telegram is not reached directly (${code}). A proxy may help.`)
}
