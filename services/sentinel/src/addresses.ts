/** Where addresses of the web stand in running text, and end where a reader ends them: UTF-16 code units. */
export interface Place {
  offset: number
  length: number
}

/** A part of a text that is an address or is none; all of them together are the text. */
export interface Piece {
  text: string
  isAddress: boolean
}

/** What ends an address wherever it stands: blanks, what no address has, quotes and full stops of scripts that part no words by blanks. */
const BEGINS = /(?<![A-Za-z0-9_])https?:\/\/(?=[\p{L}\p{N}[])/giu
const FORBIDDEN =
  /[\s\p{C}\p{Zs}\p{Zl}\p{Zp}<>"“”„‟«»‹›「」『』《》〈〉【】〔〕〖〗｢｣。｡、､，．！？；：（）［］｛｝｀`\\^|]/u
/** Within an address they mean something; behind it they belong to the sentence. */
const TRAILING = /[.,;:!?'’‘‚‛´…‥·¿¡*_~،؛؟۔।॥၊။፡።፣፤፥፦፧՝՜՞։׃․᠂᠃᙮\p{Pd}\p{Pf}\p{Pi}]$/u
const CLOSING: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/** An address is not looked at beyond so much. */
const LONGEST = 4096

/** Pure. */
export function addressesIn(text: string): Place[] {
  const places: Place[] = []
  let end = 0
  for (const { index, 0: scheme } of text.matchAll(BEGINS)) {
    if (index < end) continue
    const written = writtenAt(text, index)
    const length = endOf(written)
    if (length <= scheme.length) continue
    places.push({ offset: index, length })
    end = index + length
  }
  return places
}

/** Pure. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  const add = (end: number, isAddress: boolean) => {
    if (end > at) pieces.push({ text: text.slice(at, end), isAddress })
    at = Math.max(at, end)
  }
  for (const { offset, length } of addressesIn(text)) {
    add(offset, false)
    add(offset + length, true)
  }
  add(text.length, false)
  return pieces
}

function writtenAt(text: string, start: number): string {
  const rest = text.slice(start, start + LONGEST)
  const end = rest.search(FORBIDDEN)
  return end < 0 ? rest : rest.slice(0, end)
}

/** How much of what is written together is the address: not the signs of the sentence behind it, nor a bracket that closes one before it. */
function endOf(written: string): number {
  let end = written.length
  for (;;) {
    const before = written.slice(0, end)
    const last = before.at(-1) ?? ''
    if (TRAILING.test(before) || (last in CLOSING && isUnopened(before, last))) end -= 1
    else return end
  }
}

function isUnopened(text: string, closing: string): boolean {
  let open = 0
  for (const sign of text) {
    if (sign === CLOSING[closing]) open++
    else if (sign === closing) open--
  }
  return open < 0
}
