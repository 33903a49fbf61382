import { borderBefore } from '../cutting'
import { slice, type Mark, type StyledText } from '../styled-text'

/** How a target writes texts: what of a text it would misread, and what stands around a part that stands out. */
export interface Dialect {
  text(part: string): string
  around(mark: Mark, inner: string): string
}

/** Writes a text in a dialect; marks that cross are cut where they do, so that what comes out is well-formed. */
export function write({ text, marks }: StyledText, dialect: Dialect): string {
  return segmentsOf({ text, marks })
    .map(({ part, active }) => active.reduceRight((inner, mark) => dialect.around(mark, inner), dialect.text(part)))
    .join('')
}

/** Parts of a text within which the same marks hold. */
export function segmentsOf({ text, marks }: StyledText): { part: string; active: Mark[] }[] {
  const edges = new Set([0, text.length, ...marks.flatMap(({ offset, length }) => [offset, offset + length])])
  const sorted = [...edges].sort((a, b) => a - b)
  return sorted.slice(1).map((end, index) => {
    const start = sorted[index] as number
    const active = marks.filter(({ offset, length }) => offset <= start && offset + length >= end)
    return { part: text.slice(start, end), active }
  })
}

/** The text alone; a link that does not show its address gets it in brackets. */
export function plainText(styled: StyledText): string {
  const isTold = ({ kind, url = '', offset, length }: Mark) =>
    kind !== 'link' || styled.text.slice(offset, offset + length).includes(url)
  const links = styled.marks.filter((mark) => !isTold(mark))
  return write(
    { ...styled, marks: links },
    { text: (part) => part, around: ({ url = '' }, inner) => `${inner} (${url})` },
  )
}

/** A text in pieces of so many code units at the most, cut at the ends of lines where that is possible. */
export function pagesOf(styled: StyledText, max: number): StyledText[] {
  const pages: StyledText[] = []
  let rest = styled
  while (rest.text.length > max) {
    const lineEnd = rest.text.lastIndexOf('\n', max)
    const end = lineEnd > max / 2 ? lineEnd : borderBefore(rest.text, max)
    pages.push(slice(rest, 0, end))
    rest = slice(rest, end, rest.text.length)
  }
  return rest.text === '' ? pages : [...pages, rest]
}

export const HTML: Dialect = {
  text: (part) => part.replace(/[&<>"'\n]/g, (character) => HTML_ESCAPES[character] as string),
  around: ({ kind, url = '' }, inner) => {
    if (kind === 'link')
      return `<a href="${url.replace(/[&<>"']/g, (one) => HTML_ESCAPES[one] as string)}">${inner}</a>`
    const tag = { bold: 'b', italic: 'i', code: 'code' }[kind]
    return `<${tag}>${inner}</${tag}>`
  },
}

const HTML_ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '<br>\n',
}
