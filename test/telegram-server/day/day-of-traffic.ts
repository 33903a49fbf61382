import type { MediaOptions } from '../world/model'
import { Random } from '../world/random'
import { CHATS, PEOPLE, speakersOf, type CastChat } from './cast'
import { CORPUS, PRODUCTS, type Theme } from './corpus'
import { EVENTS } from './events'

/** One message of the script. People and chats are named by their keys in the cast. */
export interface ScriptedPost {
  /** Minutes since the day began. */
  minute: number
  chat: string
  from?: string
  text: string
  /** Position in the forum's list of topics. */
  topic?: number
  /** Answers the last thing this person said in the chat. */
  replyToLastOf?: string
  /** Pins the last message of the chat. */
  pinsLast?: boolean
  forwardFrom?: string
  media?: MediaOptions
  /** Posts of the same number in a chat form an album. */
  album?: number
  postAuthor?: string
}

const DAY_MINUTES = 480
const CHATTER_POSTS = 420

/** A day in forty chats and five languages; the same seed gives the same day. */
export function dayOfTraffic(seed: number): ScriptedPost[] {
  const talk = talkStream(seed)
  const random = new Random(seed ^ 0x5eed)
  const posts = Array.from({ length: CHATTER_POSTS }, () => ({ ...talk(), minute: random.below(DAY_MINUTES) }))
  return [...posts, ...EVENTS].sort((a, b) => a.minute - b.minute)
}

/** Talk without end. */
export function talkStream(seed: number): () => ScriptedPost {
  const random = new Random(seed)
  const bag = CHATS.filter(({ key }) => key !== 'codes' && key !== 'ci').flatMap((chat) =>
    Array.from({ length: chat.weight }, () => chat),
  )
  return () => smallTalk(random, random.pick(bag))
}

const EVENT_EVERY = 4

/** What comes after the day, without end: talk, and now and then something that its reader should be told about. */
export function eveningStream(seed: number): () => ScriptedPost {
  const talk = talkStream(seed)
  const random = new Random(seed ^ 0xe7e)
  let count = 0
  return () => (++count % EVENT_EVERY === 0 ? random.pick(EVENTS) : talk())
}

function smallTalk(random: Random, chat: CastChat): ScriptedPost {
  const theme = random.pick(chat.themes)
  const post: ScriptedPost = {
    minute: 0,
    chat: chat.key,
    text: fill(random, random.pick(CORPUS[chat.language][theme])),
  }
  const speaker = speakerFor(random, chat)
  if (speaker) post.from = speaker
  if (chat.topics) post.topic = random.below(chat.topics.length)
  return { ...post, ...feature(random, chat, theme) }
}

function speakerFor(random: Random, chat: CastChat): string | undefined {
  if (chat.kind === 'channel') return undefined
  if (random.below(12) === 0) return 'owner'
  return chat.kind === 'private' ? chat.key : random.pick(speakersOf(chat))
}

function feature(random: Random, chat: CastChat, theme: Theme): Partial<ScriptedPost> {
  const roll = random.below(20)
  if (roll === 0 && theme === 'chatter') return { media: { kind: 'photo' } }
  if (roll === 1 && theme === 'work')
    return { media: { kind: 'document', fileName: 'notes.pdf', mimeType: 'application/pdf', size: 48_211 } }
  if (roll < 5 && chat.kind !== 'channel' && chat.kind !== 'private')
    return { replyToLastOf: random.pick(speakersOf(chat)) }
  if (roll === 5 && chat.kind !== 'channel') return { forwardFrom: 'releases' }
  return {}
}

function fill(random: Random, text: string): string {
  const version = `${1 + random.below(20)}.${random.below(12)}.${random.below(9)}`
  return text
    .replaceAll('{product}', random.pick(PRODUCTS))
    .replaceAll('{version}', version)
    .replaceAll('{number}', String(2 + random.below(60)))
    .replaceAll('{name}', random.pick(PEOPLE).firstName)
}
