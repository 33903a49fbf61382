import { borderBefore } from '../cutting'

/** What Telegram takes in one message. */
export const MAX_MESSAGE = 4096

/** A text in pieces that Telegram takes, cut at the ends of lines where that is possible. */
export function pagesOf(text: string, max = MAX_MESSAGE): string[] {
  const pages: string[] = []
  let rest = text.trim()
  while (rest.length > max) {
    const lineEnd = rest.lastIndexOf('\n', max)
    const end = lineEnd > max / 2 ? lineEnd : borderBefore(rest, max)
    pages.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return rest === '' ? pages : [...pages, rest]
}

/** `1 message`, `2 messages`, `12,345 messages`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`
}
