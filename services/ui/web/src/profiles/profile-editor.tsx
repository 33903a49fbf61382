import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiFailure, call } from '../api'
import { Check } from '../check'
import { Field } from '../field'
import type { Live } from '../live'
import type { Profile, ProfileDraft, ProfileForm, ProfilePreview, Span } from '../model'
import { Notice } from '../notice'
import { useSubmit } from '../submit'
import { AftermathFields } from './aftermath-fields'
import { Backtest } from './backtest'
import { InterestFields, LearningFields } from './interest-fields'
import { PeopleFields } from './people-fields'
import { Preview } from './preview'
import { draftOf } from './profile-form'
import { DetectorFields, KeywordFields, QueryFields, type PartProps } from './rule-fields'
import { TextArea } from './text-area'

interface ProfileEditorProps {
  start: ProfileForm
  /** Null: it is a new one. */
  profile: Profile | null
  live: Live
  /** Something is typed that is not saved. */
  onEdited: (form: ProfileForm) => void
  onSaved: (profile: Profile) => void
}

type Wrong = { query: string; span: Span } | null

/** All rules of a profile. What is typed stays until it is saved; a preview says what it would find. */
export function ProfileEditor({ start, profile, live, onEdited, onSaved }: ProfileEditorProps) {
  const editing = useEditing({ start, profile, onEdited, onSaved })
  const { form, change, wrong, note, isSaved, preview, saving, previewing } = editing
  const isBusy = saving.isBusy || previewing.isBusy
  const error = saving.error || previewing.error
  return (
    <form class="profile-form" onSubmit={saving.submit} aria-label="Profile" data-testid="profile-form">
      <BasicFields form={form} onChange={change} />
      {profile?.never_matches && <DeadRules rules={profile.never_matches} />}
      <KeywordFields form={form} onChange={change} />
      <QueryFields form={form} onChange={change} wrong={wrong} />
      <DetectorFields form={form} onChange={change} />
      <AftermathFields form={form} onChange={change} />
      <InterestFields form={form} onChange={change} />
      <LearningFields form={form} onChange={change} />
      <PeopleFields form={form} onChange={change} />
      {error && <Notice kind="error">{error}</Notice>}
      {isSaved && <Notice kind="good">Saved. It counts from the next message on.</Notice>}
      <div class="actions sticky-actions">
        <button class="button primary" disabled={isBusy}>
          {saving.isBusy ? 'One moment…' : profile ? 'Save profile' : 'Create profile'}
        </button>
        <button type="button" class="button" disabled={isBusy} onClick={previewing.submit}>
          {previewing.isBusy ? 'One moment…' : 'Preview'}
        </button>
      </div>
      {preview && <Preview preview={preview} />}
      <Backtest draft={() => draftOf(form)} profile={profile} live={live} onRefused={note} />
    </form>
  )
}

function useEditing({ start, profile, onEdited, onSaved }: Omit<ProfileEditorProps, 'live'>) {
  const [form, setForm] = useState(start)
  const begun = useRef(form)
  useEffect(() => {
    if (form !== begun.current) onEdited(form)
  }, [form])
  const [preview, setPreview] = useState<ProfilePreview | null>(null)
  const [wrong, setWrong] = useState<Wrong>(null)
  const [isSaved, setSaved] = useState(false)
  const change = (part: Partial<ProfileForm>) => {
    setSaved(false)
    setForm((before) => ({ ...before, ...part }))
  }
  const note = (error: unknown, draft: ProfileDraft) => setWrong(wrongOf(error, draft))
  const send = async (step: (draft: ProfileDraft) => Promise<void>) => {
    const draft = draftOf(form)
    setWrong(null)
    await step(draft).catch((error: unknown) => {
      note(error, draft)
      throw error
    })
  }
  const saving = useSubmit(() =>
    send(async (draft) => {
      onSaved(await save(profile, draft))
      setSaved(true)
    }),
  )
  const path = profile ? `profile-preview?profile=${profile.id}` : 'profile-preview'
  const show = async (draft: ProfileDraft) => setPreview(await call<ProfilePreview>('POST', path, draft))
  const previewing = useSubmit(() => send(show))
  return { form, change, wrong, note, isSaved, preview, saving, previewing }
}

/** What an earlier version took although no message can have it: it has to go before the profile is saved. */
function DeadRules({ rules }: { rules: NonNullable<Profile['never_matches']> }) {
  return (
    <Notice kind="warning">
      {rules.map(({ field, problem, suggestion }) => (
        <p key={field}>
          {problem}: {suggestion}.
        </p>
      ))}
    </Notice>
  )
}

function BasicFields({ form, onChange }: PartProps) {
  return (
    <>
      <Field label="Name" value={form.name} maxLength={100} onInput={(name) => onChange({ name })} />
      <TextArea
        label="What it is for"
        rows={2}
        maxLength={1000}
        value={form.description}
        onInput={(description) => onChange({ description })}
      />
      <Field
        label="Least score of an alert"
        value={form.minScore}
        pattern="[0-9]+([.,][0-9]+)?"
        maxLength={8}
        hint="What is found adds up; a message that reaches this raises an alert."
        onInput={(minScore) => onChange({ minScore })}
      />
      <Check checked={form.enabled} onChange={(isChecked) => onChange({ enabled: isChecked })}>
        Raise alerts
      </Check>
      <Check checked={form.onePerStory} onChange={(isChecked) => onChange({ onePerStory: isChecked })}>
        One alert a story, however often it is told within three days
      </Check>
    </>
  )
}

function save(profile: Profile | null, draft: ProfileDraft): Promise<Profile> {
  if (!profile) return call<Profile>('POST', 'profiles', draft)
  return call<Profile>('PUT', `profiles/${profile.id}`, draft, { revision: profile.revision })
}

/** Which of the queries the sentinel does not understand, and where. */
function wrongOf(error: unknown, { queries = [] }: ProfileDraft): Wrong {
  const { field = '', span } = error instanceof ApiFailure ? error.wrong : {}
  const [, index = ''] = /^queries\.(\d+)\./.exec(field) ?? []
  const query = queries[Number(index)]?.query
  return query === undefined || !span ? null : { query, span }
}
