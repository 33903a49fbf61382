import type { ProfileDraft } from '../model'

type Keywords = NonNullable<ProfileDraft['keywords']>

/** A category of words, given as one text with commas between: hundreds of words stay readable. */
export function words(weight: number, list: string): NonNullable<Keywords['general']> {
  return { words: list.split(',').map((word) => word.trim().replace(/\s+/g, ' ')), weight }
}
