import type { Checklist, Extra, MessageFacts } from '../../model'
import { cutToPoints } from '../../cutting'
import { markedPeer } from '../peers'
import { isTl, tlList, tlNumber, tlText, type TlObject } from '../tl'
import { buttonsOf } from './buttons'
import { fileOf } from './file'
import { extra, KNOWN_MEDIA, mediaWords } from './media'
import { readRichMessage } from './rich-message'
import { serviceWords } from './service-words'

/** All that a message says. */
export interface Body {
  /** What was written: the text, or a rich message, a poll or a checklist in words. */
  text: string
  /** Of the text. */
  entities: readonly TlObject[]
  /** What it says beside its text. */
  extras: Extra[]
  /** How its media are called, or what a service message says; null for plain text. */
  label: string | null
  hasAddress: boolean
  checklist: Checklist | null
  /** Telegram withheld it, or some of it is of a kind that is not known here. */
  isPartial: boolean
}

const MAX_EXTRAS = 100
const MAX_EXTRA_LENGTH = 4096

/** Reads what a message says, wherever it says it (core.telegram.org/constructor/message). Pure. */
export function bodyOf(source: TlObject, senderId: number | null): Body {
  if (source.className === 'MessageService') return serviceBody(source, senderId)
  const written = writtenIn(source)
  const media = mediaWords(source['media'])
  const buttons = buttonsOf(source['replyMarkup'])
  const checklist = checklistOf(source['media'])
  const text = [written.text, ...pollLines(source['media']), ...checklistLines(checklist)].filter(Boolean).join('\n')
  const addresses = addressesOf(written.entities, text)
  const extras = [
    ...addresses,
    ...richFiles(source['richMessage']),
    ...media.extras.filter(({ kind, text: said }) => kind !== 'link' || !text.includes(said)),
    ...buttons.lines.flatMap((line) => extra('button', line)),
    ...contextOf(source),
  ]
  const kind = isTl(source['media']) ? source['media'].className : null
  return {
    text,
    entities: written.entities,
    extras: bounded(extras),
    label: media.label,
    hasAddress: addresses.length > 0 || buttons.hasAddress || written.entities.some(isAddress),
    checklist,
    isPartial: written.isPartial || buttons.isPartial || (kind !== null && !isReadable(kind)),
  }
}

function serviceBody(source: TlObject, senderId: number | null): Body {
  const { words, extras } = serviceWords(source['action'], senderId)
  const none = { entities: [], hasAddress: false, checklist: null, isPartial: false }
  return { text: '', extras: bounded(extras), label: words, ...none }
}

function writtenIn(source: TlObject): { text: string; entities: readonly TlObject[]; isPartial: boolean } {
  const own = { text: tlText(source['message']), entities: tlList(source['entities']), isPartial: false }
  if (!isTl(source['richMessage'])) return own
  const rich = readRichMessage(source['richMessage'])
  // A part is fetched whole afterwards (`richPartOf`).
  return own.text === '' ? rich : { ...own, isPartial: rich.isPartial }
}

/** Whether only a part of a rich message came: the whole has to be asked for (messages.getRichMessage). */
export function hasRichPart(source: TlObject): boolean {
  return isTl(source['richMessage']) && source['richMessage']['part'] === true
}

function isReadable(className: string): boolean {
  return KNOWN_MEDIA.has(className) && className !== 'MessageMediaUnsupported'
}

function pollLines(media: unknown): string[] {
  const poll = isTl(media) ? media['poll'] : undefined
  if (!isTl(poll)) return []
  return [poll, ...tlList(poll['answers'])].map((part) => tlText(part['question'] ?? part['text']))
}

/** core.telegram.org/constructor/todoList: who completed what, and when. */
function checklistOf(media: unknown): Checklist | null {
  const list = isTl(media) && media.className === 'MessageMediaToDo' ? media['todo'] : undefined
  if (!isTl(media) || !isTl(list)) return null
  const done = new Map(tlList(media['completions']).map((each) => [tlNumber(each['id']), each]))
  return {
    title: tlText(list['title']),
    items: tlList(list['list']).map((item) => {
      const completion = done.get(tlNumber(item['id']))
      const by = completion && markedPeer(completion['completedBy'])
      return {
        id: tlNumber(item['id']) ?? 0,
        text: tlText(item['title']),
        completedBy: by ?? null,
        completedAt: completion ? tlNumber(completion['date']) : null,
      }
    }),
  }
}

function checklistLines(checklist: Checklist | null): string[] {
  if (!checklist) return []
  return [checklist.title, ...checklist.items.map(({ text }) => `- ${text}`)]
}

function isAddress({ className }: TlObject): boolean {
  return className === 'MessageEntityUrl' || className === 'MessageEntityTextUrl'
}

/** Addresses that the text does not show. */
function addressesOf(entities: readonly TlObject[], text: string): Extra[] {
  const urls = entities.filter(({ className }) => className === 'MessageEntityTextUrl').map(({ url }) => tlText(url))
  return [...new Set(urls)].filter((url) => !text.includes(url)).flatMap((url) => extra('link', url))
}

function richFiles(message: unknown): Extra[] {
  const documents = isTl(message) ? tlList(message['documents']) : []
  return documents.flatMap((document) => {
    const file = fileOf({ className: 'RichMessage', document })
    return file?.name ? extra('file', file.name) : []
  })
}

/** Whom it is forwarded from, and what it quotes. */
function contextOf(source: TlObject): Extra[] {
  const [forward, reply] = [source['fwdFrom'], source['replyTo']].map((each) => (isTl(each) ? each : undefined))
  const from = [forward?.['fromName'], forward?.['postAuthor']].map(tlText).filter(Boolean).join(', ')
  const check = isTl(source['factcheck']) ? tlText(source['factcheck']['text']) : ''
  return [...extra('forward', from), ...extra('quote', tlText(reply?.['quoteText'])), ...extra('fact_check', check)]
}

function bounded(extras: Extra[]): Extra[] {
  return extras.slice(0, MAX_EXTRAS).map(({ kind, text }) => ({ kind, text: cutToPoints(text, MAX_EXTRA_LENGTH) }))
}

/** What is kept of it as facts. */
export function bodyFacts({ extras, label, checklist }: Body): Pick<MessageFacts, 'extras' | 'label' | 'checklist'> {
  return { ...(extras.length > 0 && { extras }), ...(label !== null && { label }), ...(checklist && { checklist }) }
}
