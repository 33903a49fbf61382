import { failure, type Profile } from '../model'

/** A profile's ETag. */
export function tagOf({ revision }: Pick<Profile, 'revision'>): string {
  return `"${revision}"`
}

/**
 * Refuses a change that was made to another revision. `ifMatch`: the header as it came, undefined where there is none. Tags are
 * compared weakly: a proxy that compresses weakens what it passes on, and a revision is the same by any name.
 * @throws ApiError REVISION_CHANGED
 */
export function requireRevision(profile: Profile, ifMatch: string | undefined): void {
  if (ifMatch === undefined) return
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (tags.includes('*') || tags.includes(tagOf(profile))) return
  throw failure(
    'REVISION_CHANGED',
    `This profile was changed meanwhile: it is at revision ${profile.revision}. Load it again.`,
  )
}
