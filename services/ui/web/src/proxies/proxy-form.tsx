import { useState } from 'preact/hooks'
import { call } from '../api'
import type { Proxies, ProxyTest } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'
import { TextArea } from '../profiles/text-area'
import { TestResults } from './test-results'

const HINT =
  'One a line, tried in turn: socks5://user:password@host:port, http://…, mtproxy://host:port/secret, or a link of Telegram (t.me/proxy?…, t.me/socks?…).'

interface ProxyFormProps {
  hasSome: boolean
  onStored: (proxies: Proxies) => void
}

/** Asks for proxies; write-only, so that it begins empty and takes the place of all that are stored. */
export function ProxyForm({ hasSome, onStored }: ProxyFormProps) {
  const [text, setText] = useState('')
  const [tests, setTests] = useState<ProxyTest[]>([])
  const links = text.split(/\s+/).filter(Boolean)
  const storing = useSubmit(async () => {
    setTests([])
    onStored(await call<Proxies>('PUT', 'proxies', { links }))
    setText('')
  })
  const testing = useSubmit(async () => {
    setTests([])
    setTests((await call<{ tests: ProxyTest[] }>('POST', 'proxies/test', { links })).tests)
  })
  const isUnready = links.length === 0 || storing.isBusy || testing.isBusy
  return (
    <form onSubmit={storing.submit} data-testid="proxy-form">
      <TextArea label={hasSome ? 'Other proxies' : 'Proxies'} value={text} rows={3} hint={HINT} onInput={setText} />
      <div class="row-of-buttons">
        <button class="button primary" disabled={isUnready}>
          {storing.isBusy ? 'Saving…' : 'Save'}
        </button>
        <button type="button" class="button" disabled={isUnready} onClick={testing.submit}>
          {testing.isBusy ? 'Testing…' : 'Test before saving'}
        </button>
      </div>
      <TestResults tests={tests} />
      {(storing.error || testing.error) && <Notice kind="error">{storing.error || testing.error}</Notice>}
    </form>
  )
}
