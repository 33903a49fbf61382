import type { ProxyTest } from '../model'
import { Notice } from '../notice'
import { proxyName } from './proxy-name'

/** What came of each proxy, or of the direct way. */
export function TestResults({ tests }: { tests: ProxyTest[] }) {
  return (
    <div role="status" data-testid="proxy-tests">
      {tests.map(({ proxy, reached, message }, index) => (
        <Notice key={index} kind={reached ? 'good' : 'error'}>
          {proxy && reached && <bdi>{proxyName(proxy)}: </bdi>}
          {message}
        </Notice>
      ))}
    </div>
  )
}
