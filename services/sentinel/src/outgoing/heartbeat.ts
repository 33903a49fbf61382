import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE } from '@tgsentinel/kernel/time'
import type { Dialing } from '../proxies/dialing'
import { AddressGuard } from './address-guard'
import { Outgoing } from './outgoing'

export interface HeartbeatOptions {
  /** Of a watchdog such as Healthchecks or Uptime Kuma; undefined: none is told. */
  url: string | undefined
  dialing: Dialing
  isHeard: () => boolean
  log: Logger
  everyMs?: number
}

/**
 * Asks a watchdog's address for as long as Telegram is heard: where that ends, or the process does, the watchdog notices by
 * the silence. The address comes from the environment, so it may be one of this network.
 */
export class Heartbeat {
  private readonly closing = new AbortController()
  private timer: NodeJS.Timeout | undefined
  private isFailing = false

  constructor(private readonly options: HeartbeatOptions) {}

  start(): void {
    const { url, everyMs = MINUTE } = this.options
    if (url !== undefined) this.timer = setInterval(() => void this.beat(url), everyMs).unref()
  }

  close(): void {
    clearInterval(this.timer)
    this.closing.abort()
  }

  private async beat(url: string): Promise<void> {
    const { isHeard, log, dialing } = this.options
    if (!isHeard()) return
    const { protocol, hostname, port } = new URL(url)
    const place = `${hostname}:${Number(port) || (protocol === 'https:' ? 443 : 80)}`
    const guard = new AddressGuard({ ranges: [], places: new Set([place]) })
    try {
      const { status } = await new Outgoing(guard, dialing).send({ method: 'GET', url, body: '' }, this.closing.signal)
      if (status >= 400) throw new Error(`HEARTBEAT_URL answered ${status}`)
      this.isFailing = false
    } catch (error) {
      // Its address may hold a secret: neither it nor what names it is logged.
      if (!this.isFailing) log.warn({ reason: (error as Error).message }, 'the heartbeat was not taken')
      this.isFailing = true
    }
  }
}
