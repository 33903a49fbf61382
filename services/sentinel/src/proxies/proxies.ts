import { isoMoment } from '@tgsentinel/kernel/time'
import { failure, type ProxiesView, type ProxyName, type ProxyPurpose } from '../model'
import type { SettingTable } from '../store/settings'
import type { DialError } from './dial-error'
import type { Proxy } from './proxy'
import { InvalidProxyLink } from './proxy-link'
import { parseProxyLinks } from './proxy-list'
import { Setbacks } from './setbacks'

export interface ProxySettings {
  /** TG_PROXY: wins over what is stored. */
  fromEnvironment: readonly Proxy[]
  /** PROXY_FOR */
  usedFor: readonly ProxyPurpose[]
  /** TG_IP */
  ip: ProxiesView['ip']
}

/** The proxies in force, in which order they are tried, and how they did. */
export class Proxies {
  private stored: readonly Proxy[]
  private readonly setbacks = new Setbacks()
  /** Of lines to Telegram on which something was heard; the newest is last. */
  private readonly lines: Proxy[] = []
  private isClosed = false

  /** `onChange`: another one is in use, or one failed. */
  constructor(
    private readonly config: ProxySettings,
    private readonly settings: Pick<SettingTable, 'get' | 'set' | 'delete'>,
    private readonly now: () => number,
    private readonly onChange: () => void = () => undefined,
  ) {
    this.stored = parseProxyLinks(JSON.parse(settings.get('proxies') ?? '[]') as string[])
  }

  get all(): readonly Proxy[] {
    return this.config.fromEnvironment.length > 0 ? this.config.fromEnvironment : this.stored
  }

  get ip(): ProxiesView['ip'] {
    return this.config.ip
  }

  /** Whether what is for this purpose may go through a proxy alone. */
  carries(purpose: ProxyPurpose): boolean {
    return this.all.length > 0 && this.config.usedFor.includes(purpose)
  }

  /** Those that can carry it, in the order in which they are to be tried. */
  inTurn(purpose: ProxyPurpose): Proxy[] {
    const fitting = this.all.filter(({ kind }) => purpose === 'telegram' || kind !== 'mtproxy')
    return this.setbacks.inTurn(fitting, this.now())
  }

  failed(proxy: Proxy, error: DialError): void {
    if (!this.all.includes(proxy)) return
    this.setbacks.failed(proxy, error, this.now())
    this.tell()
  }

  worked(proxy: Proxy): void {
    this.setbacks.worked(proxy)
  }

  /** A line to Telegram through it speaks; the answer is to be called when it has ended. */
  hold(proxy: Proxy): () => void {
    this.lines.push(proxy)
    this.tell()
    return () => {
      this.lines.splice(this.lines.indexOf(proxy), 1)
      this.tell()
    }
  }

  /** The one that Telegram is heard through now; null without one. */
  get inUse(): ProxyName | null {
    const proxy = this.lines.at(-1)
    return proxy ? { kind: proxy.kind, host: proxy.host, port: proxy.port } : null
  }

  get view(): ProxiesView {
    const source = this.config.fromEnvironment.length > 0 ? 'environment' : this.stored.length > 0 ? 'stored' : 'none'
    const proxies = this.all.map((proxy) => this.viewOf(proxy))
    return { source, used_for: [...this.config.usedFor], ip: [...this.ip], proxies }
  }

  /** @throws ApiError */
  replace(links: readonly string[]): void {
    this.refuseBesideEnvironment()
    const proxies = readLinks(links)
    const problem = unfitFor(proxies, this.config.usedFor)
    if (problem) throw failure('INVALID_PROXY', problem)
    this.settings.set('proxies', JSON.stringify(links))
    this.take(proxies)
  }

  /** @throws ApiError */
  remove(): void {
    this.refuseBesideEnvironment()
    this.settings.delete('proxies')
    this.take([])
  }

  /** Nobody is told any more. */
  close(): void {
    this.isClosed = true
  }

  private tell(): void {
    if (!this.isClosed) this.onChange()
  }

  private take(proxies: readonly Proxy[]): void {
    this.stored = proxies
    this.setbacks.clear()
  }

  private refuseBesideEnvironment(): void {
    if (this.config.fromEnvironment.length === 0) return
    const message = 'TG_PROXY is set in the environment of the sentinel. Change it there.'
    throw failure('PROXIES_SET_BY_ENVIRONMENT', message)
  }

  private viewOf(proxy: Proxy): ProxiesView['proxies'][number] {
    const { kind, host, port } = proxy
    const setback = this.setbacks.of(proxy)
    const isResting = setback !== null && setback.untilMs > this.now()
    return {
      ...{ kind, host, port },
      in_use: this.lines.includes(proxy),
      resting_until: isResting ? isoMoment(setback.untilMs) : null,
      problem: setback && { code: setback.error.code, message: setback.error.message },
    }
  }
}

/** @throws ApiError */
export function readLinks(links: readonly string[]): Proxy[] {
  try {
    return parseProxyLinks(links)
  } catch (error) {
    if (error instanceof InvalidProxyLink) throw failure('INVALID_PROXY', error.message)
    throw error
  }
}

/** What these proxies cannot do of what they are for; undefined where they can. */
export function unfitFor(proxies: readonly Proxy[], usedFor: readonly ProxyPurpose[]): string | undefined {
  const isMtOnly = proxies.length > 0 && proxies.every(({ kind }) => kind === 'mtproxy')
  if (!isMtOnly || usedFor.every((purpose) => purpose === 'telegram')) return undefined
  return 'An MTProxy carries nothing but the account: PROXY_FOR names more, so add a SOCKS5 or HTTP proxy.'
}
