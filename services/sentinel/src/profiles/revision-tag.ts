import { failure, type Profile } from '../model'

/** The ETag of what has revisions. */
export function tagOf({ revision }: Pick<Profile, 'revision'>): string {
  return `"${revision}"`
}

/**
 * Refuses a change that was made to another revision. `ifMatch`: the header as it came, undefined where there is none. Tags are
 * compared weakly: a proxy that compresses weakens what it passes on, and a revision is the same by any name.
 * @throws ApiError REVISION_CHANGED
 */
export function requireRevision(profile: Profile, ifMatch: string | undefined): void {
  requireRevisionOf('profile', profile, ifMatch)
}

/** The same of anything that has revisions; `what` names it in the refusal. @throws ApiError REVISION_CHANGED */
export function requireRevisionOf(what: string, present: Pick<Profile, 'revision'>, ifMatch: string | undefined): void {
  if (ifMatch === undefined) return
  const tags = ifMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (tags.includes('*') || tags.includes(tagOf(present))) return
  throw failure(
    'REVISION_CHANGED',
    `This ${what} was changed meanwhile: it is at revision ${present.revision}. Load it again.`,
  )
}
