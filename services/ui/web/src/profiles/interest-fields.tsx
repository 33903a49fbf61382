import { Check } from '../check'
import { Field } from '../field'
import { useLoaded } from '../loaded'
import type { EmbeddingView } from '../model'
import { Notice } from '../notice'
import type { PartProps } from './rule-fields'
import { TextArea } from './text-area'
import { WeightField } from './weight-field'

const SAMPLES = 'Whole messages, an empty line between two.'

/** What is wanted and what is not, by examples. */
export function InterestFields({ form, onChange }: PartProps) {
  return (
    <fieldset class="part">
      <legend>By example</legend>
      <Embedding />
      <TextArea
        label="Messages like these"
        rows={5}
        value={form.positives}
        hint={SAMPLES}
        onInput={(positives) => onChange({ positives })}
      />
      <WeightField
        of="Likeness to messages that are wanted"
        value={form.positiveWeight}
        onInput={(positiveWeight) => onChange({ positiveWeight })}
      />
      <TextArea
        label="But not like these"
        rows={4}
        value={form.negatives}
        hint="Messages that look alike and are not wanted, an empty line between two."
        onInput={(negatives) => onChange({ negatives })}
      />
      <WeightField
        of="Likeness to messages that are not wanted"
        value={form.negativeWeight}
        onInput={(negativeWeight) => onChange({ negativeWeight })}
      />
      <Field
        label="Least likeness, in per cent"
        value={form.likeness}
        pattern="[0-9]+([.,][0-9]+)?"
        maxLength={6}
        hint="50 is a good start; unrelated messages stay near 0. From there on the weight below is added to the score."
        onInput={(likeness) => onChange({ likeness })}
      />
      <WeightField
        of="What likeness adds to the score"
        value={form.interestWeight}
        onInput={(interestWeight) => onChange({ interestWeight })}
      />
    </fieldset>
  )
}

/** What likeness is judged by. */
function Embedding() {
  const { data } = useLoaded<EmbeddingView>('embedding')
  if (!data || data.state === 'off') return null
  if (data.state === 'ready') return <p class="hint">Likeness is judged by meaning, by the model {data.model}.</p>
  if (data.state === 'loading') return <p class="hint">The model {data.model} is being loaded.</p>
  return <Notice kind="error">Likeness is judged by words: the model cannot be used. {data.problem}</Notice>
}

/** Whether the profile learns from what is said of messages, and how much it may tell. */
export function LearningFields({ form, onChange }: PartProps) {
  return (
    <fieldset class="part">
      <legend>Learning</legend>
      <Check checked={form.learns} onChange={(isChecked) => onChange({ learns: isChecked })}>
        Judge by what “For me” and “Not for me” taught it
      </Check>
      <p class="hint">Its rules and examples are evidence then, and no longer decide alone.</p>
      <Field
        label="Alerts a day"
        value={form.alertsPerDay}
        required={false}
        pattern="[0-9]+([.,][0-9]+)?"
        maxLength={8}
        hint="About so many of the most relevant. Empty: all that are more likely wanted than not."
        onInput={(alertsPerDay) => onChange({ alertsPerDay })}
      />
    </fieldset>
  )
}
