import { borderBefore } from './cutting'

/** A part of a text that stands out. Offsets and lengths are UTF-16 code units, as Telegram counts. */
export interface Mark {
  kind: 'bold' | 'italic' | 'code' | 'link'
  offset: number
  length: number
  /** Of a link. */
  url?: string
}

/** A text and what of it stands out: every kind of destination writes it in its own way, and nothing in it is markup. */
export interface StyledText {
  text: string
  marks: readonly Mark[]
}

const TAG = /<(\/?)(b|i|code|a)(?: href="([^"<>]*)")?>|&(amp|lt|gt|quot|#39);/g
const KINDS = { b: 'bold', i: 'italic', code: 'code', a: 'link' } as const
const CHARACTERS: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

interface Open {
  tag: keyof typeof KINDS
  offset: number
  url: string | undefined
}

/** A value as it stands in markup without meaning anything there. */
export function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ESCAPES[character] as string)
}

/** Lines end in one way, and nothing unseen comes along: Telegram would take it out, and offsets would be wrong. */
export function withoutControls(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\0-\x08\x0b-\x1f\x7f]/g, '')
}

/**
 * Reads `<b>`, `<i>`, `<code>`, `<a href="https://…">` and escaped characters. Whatever else looks like a tag is text; what is not closed
 * is no mark. Spaces at both ends go, since Telegram takes them away.
 */
export function styledText(markup: string): StyledText {
  const marks: Mark[] = []
  const opened: Open[] = []
  let text = ''
  let copied = 0
  for (const match of markup.matchAll(TAG)) {
    text += markup.slice(copied, match.index)
    copied = match.index + match[0].length
    const [whole, slash, tag, href, character] = match
    if (character !== undefined) text += CHARACTERS[character]
    else if (slash) close(opened, marks, tag as Open['tag'], text)
    else if (isOpening(tag, href))
      opened.push({ tag: tag as Open['tag'], offset: text.length, url: href && plain(href) })
    else text += whole
  }
  return trimmed({ text: text + markup.slice(copied), marks: marks.sort((a, b) => a.offset - b.offset) })
}

/** The part of a text between two offsets, with its marks; spaces at both ends go. */
export function slice({ text, marks }: StyledText, start: number, end: number): StyledText {
  const clipped = marks.flatMap((mark) => {
    const from = Math.max(mark.offset, start)
    const to = Math.min(mark.offset + mark.length, end)
    return to > from ? [{ ...mark, offset: from - start, length: to - from }] : []
  })
  const part = { text: text.slice(start, end), marks: clipped }
  return isTrimmed(part.text) ? part : trimmed(part)
}

/** The beginning of a text, with an ellipsis where something is left out; what stands out there is closed. */
export function shortenedStyled(styled: StyledText, max: number): StyledText {
  if (styled.text.length <= max) return styled
  const { text, marks } = slice(styled, 0, borderBefore(styled.text, max - 1))
  return { text: `${text}…`, marks }
}

function isOpening(tag: string | undefined, href: string | undefined): boolean {
  return tag === 'a' ? href !== undefined && /^(https?|tg):\/\//.test(href) : href === undefined
}

function close(opened: Open[], marks: Mark[], tag: Open['tag'], text: string): void {
  const at = opened.findLastIndex((open) => open.tag === tag)
  const open = opened[at]
  if (!open) return
  opened.splice(at, 1)
  const { offset, url } = open
  const link = url === undefined ? {} : { url }
  if (text.length > offset) marks.push({ kind: KINDS[tag], offset, length: text.length - offset, ...link })
}

function plain(value: string): string {
  return value.replace(/&(amp|lt|gt|quot|#39);/g, (_all, name: string) => CHARACTERS[name] as string)
}

function isTrimmed(text: string): boolean {
  return text.trim().length === text.length
}

function trimmed(styled: StyledText): StyledText {
  const { text } = styled
  if (isTrimmed(text)) return styled
  const start = text.length - text.trimStart().length
  return slice(styled, start, Math.max(start, text.trimEnd().length))
}
