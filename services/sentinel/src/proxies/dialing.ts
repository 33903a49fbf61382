import type { Socket } from 'node:net'
import type { ProxyPurpose } from '../model'
import { beyond, DialError, silent, wrongSecret } from './dial-error'
import { Line, type LineWatch } from './line'
import { openSocket, pass, STEP_TIMEOUT_MS } from './passage'
import type { Proxies } from './proxies'
import { placeText, type Proxy } from './proxy'

/** A data centre, as it can be dialled: at the first of its addresses, else at the next. */
export interface DataCentrePlace {
  /** As an MTProxy is told it: negative for media, 10,000 more for a test server. */
  dcId: number
  addresses: readonly { address: string; port: number }[]
}

/**
 * The one place that decides how anything is dialled: directly, or through the proxies in turn. Where there are proxies for a
 * purpose nothing of it goes past them, whatever becomes of them.
 */
export class Dialing {
  constructor(readonly proxies: Proxies) {}

  /** @throws DialError; errors of the socket where it is dialled directly; the signal's reason */
  async toDataCentre(place: DataCentrePlace, signal: AbortSignal): Promise<Line> {
    if (!this.proxies.carries('telegram')) return directLine(place, signal)
    return this.byFirst('telegram', signal, (proxy) => lineThrough(proxy, place, signal, this.watchOf(proxy)))
  }

  /** By this very proxy, null: directly; what comes of it is noted nowhere. @throws as `toDataCentre` */
  lineBy(proxy: Proxy | null, place: DataCentrePlace, signal: AbortSignal): Promise<Line> {
    if (!proxy) return directLine(place, signal)
    const nobody = () => undefined
    const watch = { onHeard: nobody, onMute: (isSilent: boolean) => muteBy(proxy, isSilent), onEnd: nobody }
    return lineThrough(proxy, place, signal, watch)
  }

  carries(purpose: ProxyPurpose): boolean {
    return this.proxies.carries(purpose)
  }

  /** A socket to this place through a proxy, which looks up the name. @throws DialError; the signal's reason */
  tunnel(purpose: ProxyPurpose, host: string, port: number, signal: AbortSignal): Promise<Socket> {
    return this.byFirst(purpose, signal, async (proxy) => {
      const { socket } = await pass(proxy, { host, port, name: placeText(host, port) }, 0, signal)
      this.proxies.worked(proxy)
      return socket
    })
  }

  private async byFirst<T>(purpose: ProxyPurpose, signal: AbortSignal, work: (proxy: Proxy) => Promise<T>): Promise<T> {
    const noted = async (proxy: Proxy) => {
      try {
        return await work(proxy)
      } catch (error) {
        // A host that is not reached says something of itself, unless it is Telegram.
        const isOurs = error instanceof DialError && !(purpose !== 'telegram' && isBeyond(error))
        if (isOurs && !signal.aborted) this.proxies.failed(proxy, error)
        throw error
      }
    }
    const proxies = this.proxies.inTurn(purpose)
    if (proxies.length === 0)
      throw new DialError('not_a_proxy', 'Of the proxies none can carry this: add SOCKS5 or HTTP.')
    return firstOf(proxies, noted, (error) => error instanceof DialError && !signal.aborted)
  }

  private watchOf(proxy: Proxy): LineWatch {
    const { proxies } = this
    let release: (() => void) | undefined
    return {
      onHeard: () => {
        proxies.worked(proxy)
        release = proxies.hold(proxy)
      },
      onMute: (isSilent: boolean) => {
        const error = muteBy(proxy, isSilent)
        proxies.failed(proxy, error)
        return error
      },
      onEnd: () => release?.(),
    }
  }
}

async function lineThrough(
  proxy: Proxy,
  { addresses, dcId }: DataCentrePlace,
  signal: AbortSignal,
  watch: LineWatch,
): Promise<Line> {
  const through = ({ address, port }: DataCentrePlace['addresses'][number]) =>
    pass(proxy, { host: address, port, name: 'Telegram' }, dcId, signal)
  // An MTProxy goes by the number alone.
  const { socket, coding } = await firstOf(
    proxy.kind === 'mtproxy' ? addresses.slice(0, 1) : addresses,
    through,
    isBeyond,
  )
  return new Line(socket, coding, watch)
}

/** Why a line on which nothing was heard is none. A secret for fake TLS was found right by then, the others were not told of. */
function muteBy(proxy: Proxy, isSilent: boolean): DialError {
  if (proxy.kind !== 'mtproxy' || proxy.secret.type === 'tls')
    return beyond(proxy, 'Telegram', isSilent ? 'nothing is answered' : 'the connection ends at once')
  return isSilent ? silent(proxy) : wrongSecret(proxy, 'ends the connection', ', or it does not reach Telegram')
}

async function directLine({ addresses }: DataCentrePlace, signal: AbortSignal): Promise<Line> {
  // With one address the time of the whole attempt is its bound.
  const timeoutMs = addresses.length > 1 ? STEP_TIMEOUT_MS : undefined
  const open = ({ address, port }: DataCentrePlace['addresses'][number]) => openSocket(address, port, signal, timeoutMs)
  return new Line(await firstOf(addresses, open, () => !signal.aborted))
}

/** What the first brings that can; of what fails, only what `mayGoOn` says leads to the next. @throws what the last one threw */
async function firstOf<I, T>(
  items: readonly I[],
  work: (item: I) => Promise<T>,
  mayGoOn: (error: unknown) => boolean,
): Promise<T> {
  let reason: unknown = new Error('there is nothing to dial')
  for (const item of items) {
    try {
      return await work(item)
    } catch (error) {
      reason = error
      if (!mayGoOn(error)) break
    }
  }
  throw reason
}

function isBeyond(error: unknown): boolean {
  return error instanceof DialError && error.code === 'telegram_unreachable'
}
