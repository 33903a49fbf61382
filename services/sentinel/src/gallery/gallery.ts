import type { GalleryProfile } from '../model'
import { COMMUNITY } from './community'
import { MONEY } from './money'
import { OPERATIONS } from './operations'
import { PERSONAL } from './personal'
import { RELEASES } from './releases'
import { INTERESTS } from './samples'
import { WORK } from './work'

/**
 * Profiles that are ready to be taken over. Words are in English and Russian, and each finds its other forms. What says little
 * alone weighs less than min_score, so that it takes two such words, or one phrase that leaves no doubt.
 */
export const GALLERY: readonly GalleryProfile[] = [
  ...OPERATIONS,
  ...RELEASES,
  ...MONEY,
  ...COMMUNITY,
  ...WORK,
  ...PERSONAL,
].map(withInterest)

function withInterest({ slug, profile, ...rest }: GalleryProfile): GalleryProfile {
  const interest = INTERESTS[slug]
  return { ...rest, slug, profile: interest ? { ...profile, interest } : profile }
}
