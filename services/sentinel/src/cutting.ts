/** Where a text may be cut: between the characters that a reader sees, which may be several code points (UAX 29). Offsets are UTF-16 code units. */
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** Beyond the place that is asked for, so much of the text decides whether there is a border. */
const LOOK_AHEAD = 32
/** What is longer is no character that anybody reads (a letter under a thousand marks, say): it is cut within. */
const LONGEST_CHARACTER = 128

const ELLIPSIS = '…'

/** The last border of characters at or before a place. Progress is certain: it is 0 only where the place is. */
export function borderBefore(text: string, at: number): number {
  if (at <= 0) return 0
  if (at >= text.length) return text.length
  const border = characters.segment(text.slice(0, at + LOOK_AHEAD)).containing(at)?.index ?? at
  return border > 0 && at - border <= LONGEST_CHARACTER ? border : wholeBefore(text, at)
}

/** The first border at or after a place. */
export function borderAfter(text: string, at: number): number {
  const before = borderBefore(text, at)
  if (before >= at) return Math.max(0, at)
  const inside = characters.segment(text.slice(before, before + LONGEST_CHARACTER)).containing(0)
  return Math.min(text.length, before + Math.max(inside?.segment.length ?? 1, at - before))
}

/** The beginning of a text, of so many code units at the most. */
export function beginningOf(text: string, max: number): string {
  return text.slice(0, borderBefore(text, max))
}

/** The same with an ellipsis in it where something is left out. */
export function cutTo(text: string, max: number): string {
  return text.length <= max ? text : `${beginningOf(text, max - 1).trimEnd()}${ELLIPSIS}`
}

/** The same for a receiver who counts bytes of UTF-8. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text
  const room = maxBytes - Buffer.byteLength(ELLIPSIS)
  const whole = Buffer.from(text)
    .subarray(0, Math.max(0, room))
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
  return `${beginningOf(text, whole.length).trimEnd()}${ELLIPSIS}`
}

/** The same for who counts code points. */
export function cutToPoints(text: string, max: number): string {
  if (text.length <= max) return text
  let [units, points] = [0, 0]
  for (const character of text) {
    if (points === max - 1 && text.length > units + character.length)
      return `${beginningOf(text, units).trimEnd()}${ELLIPSIS}`
    units += character.length
    points += 1
  }
  return text
}

/** Between the halves of a surrogate pair there is no border. */
function wholeBefore(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1)
  const isHalf = unit >= 0xd800 && unit <= 0xdbff && at < text.length
  return isHalf ? Math.max(at - 1, at === 1 ? 2 : 1) : at
}
