import { KINDS } from '../chats/chat-kinds'
import { Check } from '../check'
import type { ProfileForm } from '../model'
import type { PartProps } from './rule-fields'
import { TextArea } from './text-area'
import { WeightField } from './weight-field'

const NAMED = '@name or id, one a line.'

/** Whose messages count more or not at all, and where the profile listens. */
export function PeopleFields({ form, onChange }: PartProps) {
  const toggle = (kind: ProfileForm['kinds'][number], isOn: boolean) =>
    onChange({ kinds: isOn ? [...form.kinds, kind] : form.kinds.filter((each) => each !== kind) })
  return (
    <fieldset class="part">
      <legend>Who and where</legend>
      <TextArea
        label="People who count more"
        rows={2}
        value={form.vips}
        hint={NAMED}
        onInput={(vips) => onChange({ vips })}
      />
      <WeightField of="People who count more" value={form.vipWeight} onInput={(vipWeight) => onChange({ vipWeight })} />
      <TextArea
        label="Never from"
        rows={2}
        value={form.excluded}
        hint={NAMED}
        onInput={(excluded) => onChange({ excluded })}
      />
      <TextArea
        label="Only in these chats"
        rows={2}
        value={form.chats}
        hint="@name or id, one a line. None: in all of them."
        onInput={(chats) => onChange({ chats })}
      />
      <TextArea
        label="Never in these chats"
        rows={2}
        value={form.excludedChats}
        hint={NAMED}
        onInput={(excludedChats) => onChange({ excludedChats })}
      />
      <div class="choices-row" role="group" aria-label="Only in chats of these kinds; none: all kinds">
        {(Object.keys(KINDS) as ProfileForm['kinds']).map((kind) => (
          <Check key={kind} checked={form.kinds.includes(kind)} onChange={(isChecked) => toggle(kind, isChecked)}>
            {KINDS[kind]}
          </Check>
        ))}
      </div>
      <Check checked={form.includeOwn} onChange={(isChecked) => onChange({ includeOwn: isChecked })}>
        Also my own messages
      </Check>
    </fieldset>
  )
}
