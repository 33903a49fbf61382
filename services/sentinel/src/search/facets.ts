import { MessageFlag, type MarkedId, type SearchMedium } from '../model'

/**
 * What else than its words a document of the index is found by. A word never begins with `=`, so that nobody can search for a
 * facet by typing it.
 */
export const facets = {
  chat: (id: MarkedId) => `=c${id}`,
  sender: (id: MarkedId) => `=s${id}`,
  topic: (chatId: MarkedId, topicId: number) => `=t${chatId}/${topicId}`,
  has: (medium: SearchMedium) => `=h${medium}`,
  /** Every document has one, so that all of them together are the whole index. */
  language: (language: string | null) => `=l${language ?? '0'}`,
  own: '=o',
  deleted: '=x',
}

/** The facts of a message that facets are made of. */
export interface FacetFacts {
  flags: number
  media: string | null
  mimeType: string | null
}

/** What a message has, in the words of the filter `has`. */
export function mediaOf({ flags, media, mimeType }: FacetFacts): SearchMedium[] {
  const found: SearchMedium[] = []
  if (flags & MessageFlag.link) found.push('link')
  if (flags & MessageFlag.code) found.push('code')
  if (flags & MessageFlag.forwarded) found.push('forward')
  if (flags & MessageFlag.media) found.push('media')
  const kind = media === 'document' ? documentKind(mimeType) : KINDS[media ?? '']
  return kind ? [...found, kind] : found
}

/** Telegram's names of media; the others are found as `media` alone. */
const KINDS: Record<string, SearchMedium | undefined> = {
  photo: 'photo',
  poll: 'poll',
  contact: 'contact',
  geo: 'location',
  geo_live: 'location',
  venue: 'location',
}

/** Telegram calls whatever is no photo a document. */
function documentKind(mimeType: string | null): SearchMedium {
  const [type] = (mimeType ?? '').split('/')
  if (mimeType === 'application/x-tgsticker' || mimeType === 'image/webp') return 'sticker'
  return type === 'video' || type === 'audio' ? type : 'document'
}
