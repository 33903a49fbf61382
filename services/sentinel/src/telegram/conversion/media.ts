import { isTl, tlList, tlNumber, tlText, type TlObject } from '../tl'
import type { Extra } from '../../model'
import { fileOf, fileLabel } from './file'

/** What media say beside the text of their message, and how a person calls them. */
export interface MediaWords {
  /** Null where the media are nothing of their own, as a web page's preview. */
  label: string | null
  extras: Extra[]
}

type Read = (media: TlObject) => MediaWords

const MAX_DEPTH = 3

/** Every kind of media that the schema has (core.telegram.org/type/MessageMedia). */
const MEDIA: Record<string, Read> = {
  MessageMediaEmpty: () => ({ label: null, extras: [] }),
  MessageMediaWebPage: (media) => ({ label: null, extras: webPage(media['webpage']) }),
  MessageMediaUnsupported: () => named('Message of a kind that this version cannot read'),
  MessageMediaPhoto: (media) => named(media['livePhoto'] === true ? 'Live photo' : 'Photo'),
  MessageMediaDocument: documentWords,
  MessageMediaGeo: () => named('Location'),
  MessageMediaGeoLive: () => named('Live location'),
  MessageMediaVenue: (media) => named('Place', extra('venue', lines(media, 'title', 'address'))),
  MessageMediaContact: contactWords,
  MessageMediaGame: ({ game }) => named('Game', extra('game', lines(game, 'title', 'description'))),
  MessageMediaInvoice: invoiceWords,
  MessageMediaPoll: pollWords,
  MessageMediaToDo: () => named('Checklist'),
  MessageMediaDice: diceWords,
  MessageMediaStory: ({ story }) => named('Story', extra('story', isTl(story) ? tlText(story['caption']) : '')),
  MessageMediaGiveaway: (media) => named('Giveaway', extra('giveaway', lines(media, 'prizeDescription'))),
  MessageMediaGiveawayResults: (media) =>
    named('Results of a giveaway', extra('giveaway', lines(media, 'prizeDescription'))),
  MessageMediaPaidMedia: paidWords,
  MessageMediaVideoStream: () => named('Live stream'),
}

/** Names of all media that are read. */
export const KNOWN_MEDIA: ReadonlySet<string> = new Set(Object.keys(MEDIA))

/** Media that nobody knows are named as such. */
export function mediaWords(media: unknown, depth = 0): MediaWords {
  if (!isTl(media) || depth > MAX_DEPTH) return { label: null, extras: [] }
  const read = MEDIA[media.className]
  return read ? read({ ...media, depth } as TlObject) : named('Message of a kind that this version cannot read')
}

export function extra(kind: Extra['kind'], text: string): Extra[] {
  return text.trim() === '' ? [] : [{ kind, text: text.trim() }]
}

function named(label: string, ...extras: Extra[][]): MediaWords {
  return { label, extras: extras.flat() }
}

function lines(source: unknown, ...names: string[]): string {
  return isTl(source)
    ? names
        .map((name) => tlText(source[name]))
        .filter(Boolean)
        .join(', ')
    : ''
}

function documentWords(media: TlObject): MediaWords {
  const file = fileOf(media)
  if (!file) return named('File')
  const audio = file.kind === 'audio' ? extra('audio', [file.performer, file.title].filter(Boolean).join(' – ')) : []
  return named(fileLabel(file), extra('file', file.name ?? ''), audio)
}

function contactWords(media: TlObject): MediaWords {
  const name = [media['firstName'], media['lastName']].map(tlText).filter(Boolean).join(' ')
  return named('Contact', extra('contact', [name, tlText(media['phoneNumber'])].filter(Boolean).join(', ')))
}

function invoiceWords(media: TlObject): MediaWords {
  const inner = isTl(media['extendedMedia']) ? mediaWords(media['extendedMedia']['media'], depthOf(media) + 1) : null
  return named('Invoice', extra('invoice', lines(media, 'title', 'description')), inner?.extras ?? [])
}

/** Its question and answers are the text of the message. */
function pollWords(media: TlObject): MediaWords {
  const poll = isTl(media['poll']) ? media['poll'] : undefined
  const results = isTl(media['results']) ? media['results'] : undefined
  const attached = [
    media['attachedMedia'],
    results?.['solutionMedia'],
    ...tlList(poll?.['answers']).map((a) => a['media']),
  ]
  const extras = attached.flatMap((each) => mediaWords(each, depthOf(media) + 1).extras)
  return named(poll?.['quiz'] === true ? 'Quiz' : 'Poll', extra('solution', tlText(results?.['solution'])), extras)
}

function diceWords(media: TlObject): MediaWords {
  const value = tlNumber(media['value']) ?? 0
  return named([`Dice ${tlText(media['emoticon'])}`, value > 0 ? String(value) : ''].filter(Boolean).join(': '))
}

function paidWords(media: TlObject): MediaWords {
  const inner = tlList(media['extendedMedia']).map((each) => mediaWords(each['media'], depthOf(media) + 1))
  const what = inner.map(({ label }) => label).find(Boolean)
  return { label: what ? `Paid media: ${what}` : 'Paid media', extras: inner.flatMap(({ extras }) => extras) }
}

function webPage(page: unknown): Extra[] {
  if (!isTl(page)) return []
  return [
    ...extra('link', tlText(page['url'])),
    ...extra('web_page', lines(page, 'siteName', 'title', 'description', 'author')),
  ]
}

function depthOf(media: TlObject): number {
  return (media['depth'] as number | undefined) ?? 0
}
