import { call } from '../api'
import { Unfolding } from '../chats/unfolding'
import { ConfirmedAct } from '../confirmed-act'
import { Details } from '../details'
import { useEdition } from '../edition'
import type { Live } from '../live'
import { useLoadedLive } from '../loaded-live'
import type { Profile } from '../model'
import { addressOf, goTo } from '../route'
import { StaleNotice } from '../stale-notice'
import { Learned } from './learned'
import { ProfileFeed } from './profile-feed'
import { ProfileEditor } from './profile-editor'
import { formOf, type ProfileForm } from './profile-form'
import { Revisions } from './revisions'

/** One profile: its rules, what became of it, and its end. */
export function ProfileDetails({ id, live }: { id: string; live: Live }) {
  const path = `profiles/${encodeURIComponent(id)}`
  const { data, error, reload, take } = useLoadedLive<Profile>(live, path, ['profiles'])
  return (
    <Details id="profile-details" title={data?.name} noun="profile" backTo="profiles" error={error} onRetry={reload}>
      {data && <Opened profile={data} live={live} onChange={take} />}
    </Details>
  )
}

interface OpenedProps {
  profile: Profile
  live: Live
  onChange: (changed: Profile) => void
}

/** All but the form shows what is there now. */
function Opened({ profile, live, onChange }: OpenedProps) {
  const edition = useEdition(profile)
  const save = (saved: Profile) => {
    edition.take(saved)
    onChange(saved)
  }
  const restore = (restored: Profile) => {
    edition.renew(restored)
    onChange(restored)
  }
  return (
    <>
      <StaleNotice edition={edition} noun="profile" />
      <ProfileEditor
        key={edition.key}
        start={formOf(edition.basis)}
        profile={edition.basis}
        live={live}
        onSaved={save}
      />
      <Unfolding title="What it learned">{() => <Learned profile={profile} live={live} />}</Unfolding>
      <Unfolding title="Feed">{() => <ProfileFeed profile={profile} live={live} />}</Unfolding>
      <Unfolding title="Revisions">{() => <Revisions profile={profile} onRestored={restore} />}</Unfolding>
      <Delete profile={profile} />
    </>
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
