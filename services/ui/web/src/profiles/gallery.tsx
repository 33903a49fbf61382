import { useState } from 'preact/hooks'
import { call } from '../api'
import { Details } from '../details'
import { useLoaded } from '../loaded'
import type { GalleryProfile, Profile } from '../model'
import { Notice } from '../notice'
import { addressOf } from '../route'
import { useSubmit } from '../submit'

/** Profiles that are ready to be taken over. */
export function Gallery({ taken }: { taken: readonly Profile[] }) {
  const { data, error, reload } = useLoaded<{ profiles: GalleryProfile[] }>('gallery')
  const topics = [...new Set(data?.profiles.map(({ topic }) => topic))]
  return (
    <Details id="profile-gallery" title="Gallery" backTo="profiles" error={error} onRetry={reload}>
      <p class="hint">Each becomes a profile of yours, which you can change as you like.</p>
      {topics.map((topic) => (
        <section key={topic} aria-label={topic}>
          <h3>{topic}</h3>
          <ul class="rows">
            {data?.profiles
              .filter((each) => each.topic === topic)
              .map((each) => (
                <GalleryRow key={each.slug} each={each} taken={taken.find(({ name }) => name === each.profile.name)} />
              ))}
          </ul>
        </section>
      ))}
    </Details>
  )
}

function GalleryRow({ each: { slug, profile }, taken }: { each: GalleryProfile; taken: Profile | undefined }) {
  const [created, setCreated] = useState<Profile | undefined>()
  const { isBusy, error, submit } = useSubmit(async () => setCreated(await call<Profile>('POST', 'profiles', profile)))
  const own = created ?? taken
  return (
    <li data-testid={`gallery-${slug}`}>
      <div class="row-main">
        <strong>{profile.name}</strong>
        <p class="hint">{profile.description}</p>
        {error && <Notice kind="error">{error}</Notice>}
      </div>
      {own ? (
        <a class="button quiet" href={addressOf('profiles', String(own.id))}>
          Open yours
        </a>
      ) : (
        <button class="button" disabled={isBusy} onClick={submit} aria-label={`Take over ${profile.name}`}>
          Take over
        </button>
      )}
    </li>
  )
}
