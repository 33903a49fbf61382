import { useState } from 'preact/hooks'
import { call } from '../api'
import type { Destination, DestinationTest, TemplateText } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'

interface TestActProps {
  destination: Pick<Destination, 'id' | 'name'>
  /** The newest alert in this form, instead of a sentence. */
  template?: TemplateText
}

/** Sends something there now, and says how it went. */
export function TestAct({ destination: { id, name }, template }: TestActProps) {
  const [test, setTest] = useState<DestinationTest | null>(null)
  const { isBusy, error, submit } = useSubmit(async () => {
    setTest(null)
    setTest(await call<DestinationTest>('POST', `destinations/${id}/test`, template ? { template } : {}))
  })
  return (
    <div class="test-act">
      <button type="button" class="button" disabled={isBusy} onClick={submit}>
        {isBusy ? 'Sending…' : template ? `Send a test to ${name}` : 'Send a test'}
      </button>
      {error && <Notice kind="error">{error}</Notice>}
      {test && (
        <Notice kind={test.delivered ? 'good' : 'error'} testId="test-outcome">
          {test.message}
        </Notice>
      )}
    </div>
  )
}
