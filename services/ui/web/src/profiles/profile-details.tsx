import { call } from '../api'
import { Unfolding } from '../chats/unfolding'
import { ConfirmedAct } from '../confirmed-act'
import { Details } from '../details'
import { useState } from 'preact/hooks'
import { useEdition } from '../edition'
import type { Live } from '../live'
import { useLoadedLive } from '../loaded-live'
import type { KeptProfileForm, Profile, ProfileForm } from '../model'
import { addressOf, goTo } from '../route'
import { StaleNotice } from '../stale-notice'
import { Learned } from './learned'
import { ProfileFeed } from './profile-feed'
import { ProfileEditor } from './profile-editor'
import { DraftOffer, useDrafting } from './profile-draft'
import { formOf } from './profile-form'
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
  const { edition, drafting, start, goOn, beginAnew } = useDraftedEdition(profile)
  const save = (saved: Profile) => {
    drafting.forget()
    edition.take(saved)
    onChange(saved)
  }
  const restore = (restored: Profile) => {
    beginAnew(restored)
    onChange(restored)
  }
  return (
    <>
      <StaleNotice edition={{ isStale: edition.isStale, renew: beginAnew }} noun="profile" />
      <DraftOffer draft={drafting.offered} onTake={goOn} onForget={drafting.forget} />
      <ProfileEditor
        key={edition.key}
        start={start ?? formOf(edition.basis)}
        profile={edition.basis}
        live={live}
        onEdited={drafting.keep}
        onSaved={save}
      />
      <Unfolding title="What it learned">{() => <Learned profile={profile} live={live} />}</Unfolding>
      <Unfolding title="Feed">{() => <ProfileFeed profile={profile} live={live} />}</Unfolding>
      <Unfolding title="Revisions">{() => <Revisions profile={profile} onRestored={restore} />}</Unfolding>
      <Delete profile={profile} />
    </>
  )
}

/** An edition that what was typed earlier may be gone on with: what was changed elsewhere since is told of then, too. */
function useDraftedEdition(profile: Profile) {
  const edition = useEdition(profile)
  const drafting = useDrafting(String(profile.id), edition.basis.revision)
  const [start, setStart] = useState<ProfileForm | null>(null)
  const goOn = ({ form, revision }: KeptProfileForm) => {
    drafting.take()
    setStart(form)
    edition.renew({ ...profile, revision: revision ?? profile.revision })
  }
  const beginAnew = (from?: Profile) => {
    drafting.forget()
    setStart(null)
    edition.renew(from)
  }
  return { edition, drafting, start, goOn, beginAnew }
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

interface NewProfileProps {
  /** What its draft is kept under: `new`, or `copy-…`. */
  draft: string
  start: ProfileForm
  live: Live
}

export function NewProfile({ draft, start, live }: NewProfileProps) {
  const drafting = useDrafting(draft, null)
  const [taken, setTaken] = useState<ProfileForm | null>(null)
  const goOn = ({ form }: KeptProfileForm) => {
    drafting.take()
    setTaken(form)
  }
  const open = (profile: Profile) => {
    drafting.forget()
    location.hash = addressOf('profiles', String(profile.id))
  }
  return (
    <Details id="profile-details" title="New profile" backTo="profiles" error="" onRetry={() => undefined}>
      <DraftOffer draft={drafting.offered} onTake={goOn} onForget={drafting.forget} />
      <ProfileEditor
        key={taken ? 'taken' : 'begun'}
        start={taken ?? start}
        profile={null}
        live={live}
        onEdited={drafting.keep}
        onSaved={open}
      />
    </Details>
  )
}
