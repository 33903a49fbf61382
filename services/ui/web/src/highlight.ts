export interface Span {
  offset: number
  length: number
}

export interface Piece {
  text: string
  isMatch: boolean
}

/** Cuts a text at the given spans (UTF-16 code units); spans may overlap, be in any order, or reach beyond the text. */
export function highlight(text: string, spans: readonly Span[]): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const { from, to } of merged(text.length, spans)) {
    if (from > at) pieces.push({ text: text.slice(at, from), isMatch: false })
    pieces.push({ text: text.slice(from, to), isMatch: true })
    at = to
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isMatch: false })
  return pieces
}

function merged(end: number, spans: readonly Span[]): { from: number; to: number }[] {
  const ranges = spans.map(({ offset, length }) => ({ from: offset, to: Math.min(end, offset + length) }))
  const merged: { from: number; to: number }[] = []
  for (const range of ranges.filter(({ from, to }) => from >= 0 && from < to).sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to)
    else merged.push({ ...range })
  }
  return merged
}
