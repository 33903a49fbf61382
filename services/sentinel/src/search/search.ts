import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import { deepLink } from '../message-link'
import { failure, MessageFlag, type ContextMessage, type MarkedId, type SearchHit } from '../model'
import type { SearchLanguage, SearchMedium } from '../model'
import type { CapturedMessage } from '../store/captured'
import { chatView, senderView } from '../store/peer-views'
import { searchIdAt } from '../store/search-index'
import type { Store } from '../store/store'
import { textOf } from './document'
import { facets } from './facets'
import { highlightsOf } from './highlights'
import { LANGUAGES } from './language'
import { exactTerm, matchOf, parseQuery, type Query } from './query'
import { Words } from './words'

export interface SearchFilters {
  q: string
  /** `me`, `@name` or a marked id. */
  from?: string | undefined
  in?: string | undefined
  topic?: number | undefined
  has?: SearchMedium | undefined
  sinceMs?: number | undefined
  untilMs?: number | undefined
  lang?: SearchLanguage | undefined
  deleted: 'any' | 'hide' | 'only'
  /** Only documents of smaller ids. */
  below: number | undefined
  limit: number
}

export interface SearchPage {
  hits: SearchHit[]
  next_cursor: string | null
  /** Why nothing can be found, where that is known before anything is looked for. */
  note: string | null
}

const MAX_TERMS = 32
/** Each is all words that begin so, in the whole index. */
const MAX_PREFIXES = 2
const EVERYTHING = [null, ...LANGUAGES].map(facets.language)

/** Finds captured messages by words and facts, and what was said around them. */
export class Search {
  private readonly words = new Words()

  constructor(
    private readonly store: Store,
    /** Whose Saved Messages `me` stands for. */
    private readonly accountId: () => MarkedId,
  ) {}

  /** @throws ApiError INVALID_REQUEST where it asks for too much, or a topic of no chat */
  find(filters: SearchFilters): SearchPage {
    const query = parseQuery(filters.q, this.words)
    refuseTooMuch(query)
    const note = this.noteOf(filters)
    const match = this.matchOf(query, filters)
    if (match === undefined) return { hits: [], next_cursor: null, note }
    const range = rangeOf(filters)
    const found = this.store.captured.search(match, { ...range, limit: filters.limit + 1 })
    const page = found.slice(0, filters.limit)
    const hits = page.flatMap(({ row }) => this.hitOf(row, query))
    return { hits, next_cursor: found.length > page.length ? String(page.at(-1)?.searchId) : null, note }
  }

  /** @throws ApiError NOT_FOUND */
  context(chatId: MarkedId, messageId: number, before: number, after: number) {
    const messages = this.store.captured.around(chatId, messageId, before, after)
    const [first] = messages ?? []
    if (!messages || !first) throw failure('NOT_FOUND', `Message ${messageId} of chat ${chatId} was not captured.`)
    return { chat: chatView(first), message_id: messageId, messages: messages.map(contextView) }
  }

  /** Null: whatever there is; undefined: nothing can be found. */
  private matchOf(query: Query, filters: SearchFilters): string | null | undefined {
    const { q, has, lang, deleted } = filters
    const hasWords = query.wanted.length + query.unwanted.length > 0
    // Signs alone stand in no index.
    if (!hasWords && q.trim() !== '') return undefined
    const wanted = [
      ...this.peerFacets(filters),
      ...(has ? [[facets.has(has)]] : []),
      ...(lang ? [[facets.language(lang)]] : []),
      ...(deleted === 'only' ? [[facets.deleted]] : []),
    ]
    if (wanted.some((some) => some.length === 0)) return undefined
    const unwanted = deleted === 'hide' ? [...query.unwanted, exactTerm(facets.deleted)] : query.unwanted
    if (query.wanted.length + wanted.length + unwanted.length === 0) return null
    return matchOf({ wanted: query.wanted, unwanted }, wanted, EVERYTHING)
  }

  /** Of each filter the facets any of which will do; none where nobody is called so. */
  private peerFacets({ from, in: place, topic }: SearchFilters): string[][] {
    if (topic !== undefined && place === undefined)
      throw failure('INVALID_REQUEST', 'A topic is one of a chat: say which with in.')
    const chats = place === undefined ? [] : this.idsOf(place)
    const ofChat = (id: MarkedId) => (topic === undefined ? facets.chat(id) : facets.topic(id, topic))
    const ofSender = from === 'me' ? [facets.own] : from === undefined ? [] : this.idsOf(from).map(facets.sender)
    return [...(from === undefined ? [] : [ofSender]), ...(place === undefined ? [] : [chats.map(ofChat)])]
  }

  private noteOf({ from, in: place, sinceMs, untilMs }: SearchFilters): string | null {
    const isNobody = (name: string | undefined) => name !== undefined && this.idsOf(name).length === 0
    if (isNobody(from)) return `Nobody whose messages were captured is called ${from}.`
    if (isNobody(place)) return `No chat whose messages were captured is called ${place}.`
    const isEmpty = sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs
    return isEmpty ? 'There is no time between since and until: since has to be the earlier one.' : null
  }

  private idsOf(name: string): MarkedId[] {
    if (name === 'me') return [this.accountId()]
    return name.startsWith('@') ? this.store.captured.idsNamed(name.slice(1)) : [Number(name)]
  }

  private hitOf(row: number, query: Query): SearchHit[] {
    const parts = this.store.captured.parts(row)
    const [first] = parts
    if (!first) return []
    const text = textOf(parts)
    return [
      {
        ...messageView(first),
        chat: chatView(first),
        parts: parts.map(({ message_id: id }) => id),
        text,
        highlights: highlightsOf(this.words.of(text), query.wanted),
        deleted_at: parts.every(({ deleted_at: at }) => at !== null) ? momentOf(first.deleted_at) : null,
        is_pinned: parts.some(({ is_pinned: isPinned }) => isPinned === 1),
      },
    ]
  }
}

function refuseTooMuch({ wanted, unwanted }: Query): void {
  const terms = [...wanted, ...unwanted]
  if (terms.length > MAX_TERMS) throw failure('INVALID_REQUEST', `Search for ${MAX_TERMS} words at the most.`)
  if (terms.filter(({ isPrefix }) => isPrefix).length > MAX_PREFIXES)
    throw failure('INVALID_REQUEST', `Search for ${MAX_PREFIXES} words with * at the most.`)
}

function rangeOf({ sinceMs, untilMs, below }: SearchFilters): { from: number; below: number } {
  const end = searchIdAt(untilMs === undefined ? Infinity : Math.ceil(untilMs / SECOND))
  const from = sinceMs === undefined ? 0 : searchIdAt(Math.ceil(sinceMs / SECOND))
  return { from, below: Math.min(end, below ?? end) }
}

function contextView(message: CapturedMessage): ContextMessage {
  return { ...messageView(message), text: message.text, reply_to_id: message.reply_to_id }
}

function messageView(message: CapturedMessage) {
  const { message_id: messageId, topic_id: topicId, flags } = message
  return {
    message_id: messageId,
    sender: senderView(message),
    topic: topicId === null ? null : { id: topicId, title: message.topic_title },
    media: message.media,
    label: message.label,
    file_name: message.file_name,
    posted_at: isoMoment(message.date * SECOND),
    edited_at: momentOf(message.edited_at),
    deleted_at: momentOf(message.deleted_at),
    is_outgoing: (flags & MessageFlag.outgoing) !== 0,
    is_pinned: message.is_pinned === 1,
    link: deepLink({ chat: chatView(message), messageId, topicId }),
  }
}

function momentOf(unixSeconds: number | null): string | null {
  return unixSeconds === null ? null : isoMoment(unixSeconds * SECOND)
}
