import type { TlObject } from '../telegram-server/tl/codec'
import type { MessageOptions } from '../telegram-server/world/model'
import type { Random } from '../telegram-server/world/random'
import { ANSWERS, sentence } from './sentences'

/** What a message says beside its text, and how. */
export interface Content {
  media?: MessageOptions['media']
  fields?: Record<string, unknown>
  /** Lines that are read after its text. */
  lines: string[]
  /** Said in place of a text, by blocks. */
  rich: string | null
}

export const PLAIN: Content = { lines: [], rich: null }

const VECTOR = 0x1cb5c415
const FALSE = 0xbc799737
/** Nothing that is posted has them, in any schema. */
const UNKNOWN_IDS = [0x7eadbee1, 0x7eadbee3, 0x7eadbee5]

export function photo(): Content {
  return { ...PLAIN, media: { kind: 'photo' } }
}

export function poll(question: string): Content {
  return { ...PLAIN, media: { kind: 'poll', question, answers: ANSWERS }, lines: [question, ...ANSWERS] }
}

export function checklist(random: Random, title: string): Content {
  const tasks = Array.from({ length: 1 + random.below(3) }, (_, index) => sentence(random, index))
  const list = tasks.map((task, index) => ({ _: 'todoItem', id: index + 1, title: words(task) }))
  const media = { _: 'messageMediaToDo', todo: { _: 'todoList', title: words(title), list } }
  return { ...PLAIN, fields: { media }, lines: [title, ...tasks.map((task) => `- ${task}`)] }
}

/** `text` by blocks; among them, if told so, one that nobody can read: the rest is a message all the same. */
export function rich(random: Random, text: string, isPartial: boolean): Content {
  const lines = [text, sentence(random, 0)]
  const blocks = lines.map((line): TlObject => ({ _: 'pageBlockParagraph', text: { _: 'textPlain', text: line } }))
  if (isPartial) blocks.splice(random.below(3), 0, unknown(random))
  const richMessage = { _: 'richMessage', blocks, photos: [], documents: [] }
  return { ...PLAIN, fields: { rich_message: richMessage }, rich: lines.join('\n') }
}

/** The same, but that nobody can read it. */
export function unreadable({ fields }: Pick<Content, 'fields'>, random: Random): Record<string, unknown> {
  return { ...fields, media: unknown(random) }
}

/** Of any length, and now and then with what looks as if something began there. */
function unknown(random: Random): TlObject {
  const length = random.below(12)
  const numbers = Array.from({ length }, () => random.pick([random.below(2 ** 31), random.below(5), VECTOR, FALSE]))
  const bytes = Buffer.alloc(4 * length)
  numbers.forEach((number, index) => bytes.writeUInt32LE(number, 4 * index))
  return { _: 'unknown', id: random.pick(UNKNOWN_IDS), bytes }
}

function words(text: string): TlObject {
  return { _: 'textWithEntities', text, entities: [] }
}
