import { moment } from '../format'
import type { Proxies } from '../model'
import { proxyName } from './proxy-name'
import './proxies.css'

type Proxy = Proxies['proxies'][number]

/** In the order in which they are tried, each with how it does. */
export function ProxyList({ proxies }: { proxies: Proxy[] }) {
  return (
    <ol class="proxies" data-testid="proxies">
      {proxies.map((proxy, index) => (
        <li key={index}>
          <bdi>{proxyName(proxy)}</bdi> <span class="hint">{stateOf(proxy)}</span>
          {proxy.problem && <p class="hint">{proxy.problem.message}</p>}
        </li>
      ))}
    </ol>
  )
}

function stateOf({ in_use: isInUse, resting_until: restsUntil, problem }: Proxy): string {
  if (isInUse) return 'in use'
  if (restsUntil) return `tried after the others until ${moment(restsUntil)}`
  return problem ? 'failed when it was tried last' : 'in reserve'
}
