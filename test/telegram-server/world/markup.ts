import type { TextEntity } from './model'

const MARKUP = /```(\w+)\n([^]+?)```|`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:[^)]+)\)/g
const PLAIN = /(?<url>https?:\/\/[^\s)]+)|(?<mention>(?<!\w)@\w{3,})|(?<hashtag>(?<!\w)#\w{2,})/g

/** Takes the marks out of a text; offsets count UTF-16 units, as Telegram does. */
export function readMarkup(source: string): { text: string; entities: TextEntity[] } {
  const entities: TextEntity[] = []
  let text = ''
  let copied = 0
  for (const match of source.matchAll(MARKUP)) {
    text += source.slice(copied, match.index)
    const entity = markedEntity(match)
    const inner = match[2] ?? match[3] ?? match[4] ?? match[5] ?? ''
    entities.push({ ...entity, offset: text.length, length: inner.length })
    text += inner
    copied = match.index + match[0].length
  }
  text += source.slice(copied)
  return { text, entities: [...entities, ...findEntities(text, entities)].sort((a, b) => a.offset - b.offset) }
}

/** The entities that Telegram's server recognises by itself. */
export function findEntities(text: string, taken: TextEntity[] = []): TextEntity[] {
  const isFree = (at: number) => !taken.some(({ offset, length }) => at >= offset && at < offset + length)
  return [...text.matchAll(PLAIN)]
    .filter((match) => isFree(match.index))
    .map((match) => ({ type: plainType(match.groups ?? {}), offset: match.index, length: match[0].length }))
}

function markedEntity(match: RegExpMatchArray): Pick<TextEntity, 'type' | 'language' | 'url'> {
  if (match[2] !== undefined) return { type: 'pre', language: match[1] ?? '' }
  if (match[3] !== undefined) return { type: 'code' }
  if (match[4] !== undefined) return { type: 'bold' }
  return { type: 'textUrl', url: match[6] ?? '' }
}

function plainType(groups: Record<string, string | undefined>): TextEntity['type'] {
  if (groups['url']) return 'url'
  return groups['mention'] ? 'mention' : 'hashtag'
}
