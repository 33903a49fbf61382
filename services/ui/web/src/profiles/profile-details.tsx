import { useState } from 'preact/hooks'
import { call } from '../api'
import { Unfolding } from '../chats/unfolding'
import { ConfirmedAct } from '../confirmed-act'
import { Details } from '../details'
import { useLiveEvent, type Live } from '../live'
import { useLoaded } from '../loaded'
import type { Profile } from '../model'
import { Notice } from '../notice'
import { addressOf, goTo } from '../route'
import { Learned } from './learned'
import { ProfileFeed } from './profile-feed'
import { ProfileEditor } from './profile-editor'
import { formOf, type ProfileForm } from './profile-form'
import { Revisions } from './revisions'

/** One profile: its rules, what became of it, and its end. */
export function ProfileDetails({ id, live }: { id: string; live: Live }) {
  const { data, error, reload } = useLoaded<Profile>(`profiles/${encodeURIComponent(id)}`)
  const [saved, setSaved] = useState<Profile | null>(null)
  const [newest, setNewest] = useState(0)
  // What was saved here stays as it is typed; a revision from elsewhere begins anew.
  const [edition, setEdition] = useState(0)
  const profile = saved && data && saved.revision > data.revision ? saved : data
  useLiveEvent(live, 'profiles', () => {
    if (!profile) return
    call<Profile>('GET', `profiles/${profile.id}`).then(
      ({ revision }) => setNewest(revision),
      () => setNewest(Infinity),
    )
  })
  const renew = () => {
    setSaved(null)
    setNewest(0)
    setEdition(edition + 1)
    reload()
  }
  return (
    <Details id="profile-details" title={profile?.name} backTo="profiles" error={error} onRetry={reload}>
      {profile && newest > profile.revision && (
        <Notice kind="warning">
          This profile was changed elsewhere.{' '}
          <button class="button link" onClick={renew}>
            Show it as it is now
          </button>
        </Notice>
      )}
      {profile && (
        <ProfileEditor
          key={`${edition}.${data?.revision}`}
          start={formOf(profile)}
          profile={profile}
          live={live}
          onSaved={setSaved}
        />
      )}
      {profile && <Unfolding title="What it learned">{() => <Learned profile={profile} live={live} />}</Unfolding>}
      {profile && <Unfolding title="Feed">{() => <ProfileFeed profile={profile} live={live} />}</Unfolding>}
      {profile && <Unfolding title="Revisions">{() => <Revisions profile={profile} onRestored={renew} />}</Unfolding>}
      {profile && <Delete profile={profile} />}
    </Details>
  )
}

function Delete({ profile }: { profile: Profile }) {
  return (
    <ul class="acts">
      <ConfirmedAct
        name="Delete this profile"
        what={`Deletes “${profile.name}”, its revisions and its feed. It raises no alert any more.`}
        stays="Alerts that it raised stay, and keep its name."
        onConfirm={async () => {
          await call('DELETE', `profiles/${profile.id}`, undefined, { revision: profile.revision })
          goTo('profiles')
        }}
      />
    </ul>
  )
}

export function NewProfile({ start, live }: { start: ProfileForm; live: Live }) {
  const open = (profile: Profile) => {
    location.hash = addressOf('profiles', String(profile.id))
  }
  return (
    <Details id="profile-details" title="New profile" backTo="profiles" error="" onRetry={() => undefined}>
      <ProfileEditor start={start} profile={null} live={live} onSaved={open} />
    </Details>
  )
}
