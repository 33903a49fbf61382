import { useEffect } from 'preact/hooks'
import { call } from '../api'
import { count } from '../format'
import type { Live } from '../live'
import { useLoadedLive } from '../loaded-live'
import type { Profile } from '../model'
import { Failure, Notice } from '../notice'
import { addressOf, useDetail } from '../route'
import { useSubmit } from '../submit'
import { Dictionary } from './dictionary'
import { Gallery } from './gallery'
import { ImportForm } from './import-form'
import { NewProfile, ProfileDetails } from './profile-details'
import { EMPTY_FORM, formOf } from './profile-form'
import './profiles.css'

/** What raises alerts: the profiles, a gallery of ready ones, import and export, and the dictionary. */
export function Profiles({ live }: { live: Live }) {
  const { data, error, reload } = useLoadedLive<{ profiles: Profile[] }>(live, 'profiles', ['profiles'])
  const openId = useDetail()
  const profiles = data?.profiles ?? []
  return (
    <div class={`chats ${openId ? 'has-details' : ''}`}>
      <div class="chats-list">
        <h1>Profiles</h1>
        <p class="actions">
          <a class="button primary" href={addressOf('profiles', 'new')}>
            New profile
          </a>
          <a class="button" href={addressOf('profiles', 'gallery')}>
            Gallery
          </a>
          <a class="button" href={addressOf('profiles', 'import')}>
            Import and export
          </a>
          <a class="button" href={addressOf('profiles', 'dictionary')}>
            Dictionary
          </a>
        </p>
        <section aria-label="Your profiles">
          <Failure error={error} onRetry={reload} />
          <ul class="card rows chat-rows" data-testid="profile-list" hidden={profiles.length === 0}>
            {profiles.map((profile) => (
              <ProfileRow key={profile.id} profile={profile} isOpen={openId === String(profile.id)} onChange={reload} />
            ))}
          </ul>
          {data && profiles.length === 0 && (
            <p class="card nothing">No profiles: nothing raises an alert. Take one from the gallery.</p>
          )}
        </section>
      </div>
      {openId && <Opened id={openId} profiles={profiles} live={live} />}
    </div>
  )
}

function Opened({ id, profiles, live }: { id: string; profiles: readonly Profile[]; live: Live }) {
  if (id === 'gallery') return <Gallery taken={profiles} />
  if (id === 'import') return <ImportForm />
  if (id === 'dictionary') return <Dictionary />
  if (id === 'new') return <NewProfile key="new" draft="new" start={EMPTY_FORM} live={live} />
  const [, copied] = /^copy-(\d+)$/.exec(id) ?? []
  if (copied) return <Copy profile={profiles.find((each) => String(each.id) === copied)} live={live} />
  return <ProfileDetails key={id} id={id} live={live} />
}

function Copy({ profile, live }: { profile: Profile | undefined; live: Live }) {
  if (!profile) return null
  const start = { ...formOf(profile), name: `${profile.name} copy`.slice(0, 100) }
  const id = `copy-${profile.id}`
  return <NewProfile key={id} draft={id} start={start} live={live} />
}

interface ProfileRowProps {
  profile: Profile
  isOpen: boolean
  onChange: () => void
}

function ProfileRow({ profile, isOpen, onChange }: ProfileRowProps) {
  const { isBusy, error, submit } = useSubmit(async () => {
    // All as it is, but this: a form would round what it shows.
    const { id, revision, created_at: _created, updated_at: _updated, ...draft } = profile
    await call<Profile>('PUT', `profiles/${id}`, { ...draft, enabled: !profile.enabled }, { revision })
    onChange()
  })
  // Somebody else was faster: what is shown is not what is there.
  useEffect(() => {
    if (error) onChange()
  }, [error])
  const words = Object.values(profile.keywords).reduce((sum, { words: list }) => sum + list.length, 0)
  return (
    <li class={isOpen ? 'chat is-open' : 'chat'} data-testid={`profile-${profile.id}`}>
      <div class="row-main">
        <a href={addressOf('profiles', String(profile.id))} aria-current={isOpen ? 'true' : undefined}>
          {profile.name}
        </a>
        <p class="hint">{profile.description || `${count(words)} words, ${count(profile.queries.length)} queries`}</p>
        {error && <Notice kind="error">{error}</Notice>}
      </div>
      <a
        class="button quiet"
        href={addressOf('profiles', `copy-${profile.id}`)}
        aria-label={`Duplicate ${profile.name}`}
      >
        Duplicate
      </a>
      <button
        class="button quiet"
        aria-pressed={profile.enabled}
        aria-label={`${profile.name}: raise alerts`}
        disabled={isBusy}
        onClick={submit}
      >
        {profile.enabled ? 'On' : 'Off'}
      </button>
    </li>
  )
}
