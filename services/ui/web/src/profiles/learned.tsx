import { call, messageOf } from '../api'
import { moment } from '../format'
import type { Live } from '../live'
import { useLoaded } from '../loaded'
import { useLoadedLive } from '../loaded-live'
import type { LearningView, Profile, Retention } from '../model'
import { Failure, Notice } from '../notice'
import { useState } from 'preact/hooks'

const STATES: Record<LearningView['state'], string> = {
  off: 'It judges by its rules alone. What you say of messages is kept for the day you let it learn.',
  training: 'It is learning from what you said last.',
  ready: 'It judges by what it learned.',
}

/** What a profile learned: from how much, how well, and its former models. */
export function Learned({ profile, live }: { profile: Profile; live: Live }) {
  const path = `profiles/${profile.id}/learning`
  const { data, error, reload } = useLoadedLive<LearningView>(live, path, ['profiles'])
  const [refusal, setRefusal] = useState('')
  const restore = (version: number) => {
    setRefusal('')
    call('POST', `${path}/${version}/restore`).then(reload, (cause: unknown) => setRefusal(messageOf(cause)))
  }
  if (error) return <Failure error={error} onRetry={reload} />
  if (!data) return null
  return (
    <div data-testid="learning">
      <p>{STATES[data.state]}</p>
      <p>
        Messages judged: {data.labels}, of which {data.positives} for you.
      </p>
      {data.curve.length > 0 ? (
        <Curve curve={data.curve} />
      ) : (
        <p class="hint">A curve of how well it learns needs twelve judged messages, of both kinds.</p>
      )}
      {profile.learning.alerts_per_day != null && <ShortHistory />}
      {refusal && <Notice kind="error">{refusal}</Notice>}
      <ol class="rows">
        {data.models.map((model) => (
          <li key={model.version}>
            <div class="row-main">
              <strong>Model {model.version}</strong>{' '}
              <span class="hint">
                {moment(model.at)}, from {model.labels} messages; alerts from {Math.round(model.threshold * 100)} % on
              </span>
            </div>
            {model.in_force ? (
              <span class="chip">{data.is_pinned ? 'chosen by you' : 'in force'}</span>
            ) : (
              <button class="button quiet" onClick={() => restore(model.version)}>
                Use model {model.version}
              </button>
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}

/** How many alerts come a day is known from what is stored; a few hours do not say. */
function ShortHistory() {
  const { data } = useLoaded<Retention>('retention')
  if (!data || data.measured_days >= 1) return null
  return (
    <p class="hint">
      Less than a day of messages is stored: too little to keep to “Alerts a day”. It is reckoned anew each day.
    </p>
  )
}

/** How well the first so many judgements rank the other messages. */
function Curve({ curve }: Pick<LearningView, 'curve'>) {
  return (
    <table class="curve">
      <caption>How well it ranks messages that it did not see (average precision)</caption>
      <tbody>
        {curve.map(({ labels, average_precision: precision }) => (
          <tr key={labels}>
            <th scope="row">{labels} judged</th>
            <td>
              <meter min={0} max={1} value={precision}>
                {precision}
              </meter>{' '}
              {Math.round(precision * 100)} %
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
