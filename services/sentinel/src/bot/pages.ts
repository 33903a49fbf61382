/** What Telegram takes in one message. */
export const MAX_MESSAGE = 4096

/** A text in pieces that Telegram takes, cut at the ends of lines where that is possible. */
export function pagesOf(text: string, max = MAX_MESSAGE): string[] {
  const pages: string[] = []
  let rest = text.trim()
  while (rest.length > max) {
    const lineEnd = rest.lastIndexOf('\n', max)
    const end = lineEnd > max / 2 ? lineEnd : wholeEnd(rest, max)
    pages.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return rest === '' ? pages : [...pages, rest]
}

/** The beginning of a text, with an ellipsis where something is left out. */
export function shortened(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, wholeEnd(text, max - 1)).trimEnd()}…`
}

/** No character is torn into halves of a surrogate pair. */
function wholeEnd(text: string, end: number): number {
  const unit = text.charCodeAt(end - 1)
  return unit >= 0xd800 && unit <= 0xdbff ? end - 1 : end
}

/** `1 message`, `2 messages`, `12,345 messages`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`
}
