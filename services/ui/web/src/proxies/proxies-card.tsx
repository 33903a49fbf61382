import { useState } from 'preact/hooks'
import { call } from '../api'
import type { Proxies, ProxyTest, Status } from '../model'
import { Failure, Notice } from '../notice'
import { useLoaded } from '../loaded'
import { useSubmit } from '../submit'
import { ProxyForm } from './proxy-form'
import { ProxyList } from './proxy-list'
import { TestResults } from './test-results'

/** How Telegram is reached where it is blocked: the proxies, whether they work, and setting others. */
export function ProxiesCard({ status }: { status: Status }) {
  const { data: proxies, error, reload, take } = useLoaded<Proxies>('proxies', stampOf(status))
  return (
    <section class="card" aria-labelledby="proxies-title" data-testid="proxies-card" aria-busy={!proxies}>
      <h2 id="proxies-title">Proxy</h2>
      <Failure error={error} onRetry={reload} />
      {proxies && <Present proxies={proxies} onChanged={take} />}
      {proxies?.source === 'environment' ? (
        <p class="hint">They are set by TG_PROXY in the environment of the sentinel, and can be changed there alone.</p>
      ) : (
        proxies && <ProxyForm hasSome={proxies.proxies.length > 0} onStored={take} />
      )}
    </section>
  )
}

interface PresentProps {
  proxies: Proxies
  onChanged: (proxies: Proxies) => void
}

function Present({ proxies, onChanged }: PresentProps) {
  const [tests, setTests] = useState<ProxyTest[]>([])
  const testing = useSubmit(async () => {
    setTests([])
    setTests((await call<{ tests: ProxyTest[] }>('POST', 'proxies/test', {})).tests)
  })
  const removing = useSubmit(async () => {
    onChanged(await call<Proxies>('DELETE', 'proxies'))
    setTests([])
  })
  const isEmpty = proxies.proxies.length === 0
  return (
    <>
      {isEmpty ? (
        <p>None: Telegram is dialled directly. Where it is blocked, set a proxy before you sign in.</p>
      ) : (
        <ProxyList proxies={proxies.proxies} />
      )}
      <div class="row-of-buttons">
        <button class="button" disabled={testing.isBusy} onClick={testing.submit} data-testid="proxies-test">
          {testing.isBusy ? 'Testing…' : isEmpty ? 'Test the direct way' : 'Test'}
        </button>
        {proxies.source === 'stored' && (
          <button class="button" disabled={removing.isBusy} onClick={removing.submit} data-testid="proxies-remove">
            {removing.isBusy ? 'Removing…' : 'Remove'}
          </button>
        )}
      </div>
      <TestResults tests={tests} />
      {testing.error && <Notice kind="error">{testing.error}</Notice>}
      {removing.error && <Notice kind="error">{removing.error}</Notice>}
    </>
  )
}

/** Another proxy in use, or another reason not to be connected: the list may read otherwise. */
function stampOf({ proxy, connected, state_message: message }: Status): string {
  return JSON.stringify([proxy, connected, message])
}
