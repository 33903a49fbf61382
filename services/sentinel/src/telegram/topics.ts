import type { MarkedId } from '../model'
import type { Caller, CallerOptions } from './caller'
import { inputPeerOf } from './peer'
import { requestOf } from './request'
import { toTelegramError } from './telegram-error'
import { tlList, tlNumber, tlText, type TlObject } from './tl'

export interface Topic {
  id: number
  title: string
}

const PAGE = 100
/** Telegram allows some hundred topics a forum; whatever it answers, this ends. */
const MAX_PAGES = 100

/**
 * All topics of a forum, General among them (core.telegram.org/api/forum). None where the chat is a forum no longer.
 * @throws ApiError
 */
export async function readTopics(caller: Caller, chatId: MarkedId, options: CallerOptions): Promise<Topic[]> {
  const topics = new Map<number, Topic>()
  for (let number = 0, offset: Offset = BEGIN; number < MAX_PAGES; number++) {
    const page = await readPage(caller, chatId, offset, options)
    const known = topics.size
    for (const topic of page.topics) topics.set(topic.id, topic)
    // One that brings nothing new is the end, too: some servers give the last ones again.
    if (topics.size === known || topics.size >= page.count) break
    offset = page.next
  }
  return [...topics.values()]
}

interface Offset {
  offsetDate: number
  offsetId: number
  offsetTopic: number
}

const BEGIN: Offset = { offsetDate: 0, offsetId: 0, offsetTopic: 0 }
const NOTHING = { topics: [], count: 0, next: BEGIN }

async function readPage(caller: Caller, chatId: MarkedId, offset: Offset, options: CallerOptions) {
  const call = { ...options, method: 'messages.getForumTopics' }
  const answer: unknown = await caller.call(call, async (connection, signal) => {
    const peer = await inputPeerOf(connection, chatId)
    const request = await requestOf('messages.GetForumTopics', { peer, ...offset, limit: PAGE })
    return connection.call(request, signal).catch((error: unknown) => {
      if (toTelegramError(error).type === 'CHANNEL_FORUM_MISSING') return null
      throw error
    })
  })
  return answer === null ? NOTHING : pageOf(answer as TlObject)
}

/** Pages go by the last topic, and by its newest message and the date of that (core.telegram.org/method/messages.getForumTopics). */
function pageOf(page: TlObject) {
  const all = tlList(page['topics'])
  const topics = all
    .map((topic) => ({ id: tlNumber(topic['id']) ?? 0, title: tlText(topic['title']) }))
    .filter(({ id, title }) => id > 0 && title !== '')
  const last = all.at(-1)
  const offsetId = tlNumber(last?.['topMessage']) ?? 0
  const newest = tlList(page['messages']).find((message) => message['id'] === offsetId)
  const offsetDate = tlNumber(newest?.['date']) ?? 0
  return {
    topics,
    count: tlNumber(page['count']) ?? 0,
    next: { offsetDate, offsetId, offsetTopic: tlNumber(last?.['id']) ?? 0 },
  }
}
