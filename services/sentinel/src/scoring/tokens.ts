import { foldedUnit, foldText, pointKind, Unit, unitKind } from './fold'

const FNV_OFFSET = 0x811c9dc5 | 0
const FNV_PRIME = 0x01000193

/**
 * The words of a text: where each stands (UTF-16 units of the text as it was given) and a 32-bit hash of its folded form.
 * One object is used again for every message: what it says holds until the next `read`.
 */
export class Tokens {
  count = 0
  starts = new Int32Array(256)
  ends = new Int32Array(256)
  hashes = new Int32Array(256)
  private text = ''
  private folded: string | null = null
  /** Slow way only: where each unit of `folded` begins and ends in the text. */
  private origins: { starts: number[]; ends: number[] } | null = null
  private foldedStarts = new Int32Array(256)
  private foldedEnds = new Int32Array(256)

  /** Cuts a text into words. */
  read(text: string): void {
    this.text = text
    this.count = 0
    this.folded = null
    this.origins = null
    if (!this.readUnits(text)) this.readClusters(text)
  }

  /** Folded form of the word at `index`. */
  word(index: number): string {
    if (this.folded !== null) return this.folded.slice(this.foldedStarts[index], this.foldedEnds[index])
    return foldUnits(this.text, this.starts[index] as number, this.ends[index] as number)
  }

  /** Whether the folded form of the word at `index` is this, without making it. */
  is(index: number, word: string): boolean {
    if (this.folded !== null) {
      const start = this.foldedStarts[index] as number
      return (this.foldedEnds[index] as number) - start === word.length && this.folded.startsWith(word, start)
    }
    const { text } = this
    const end = this.ends[index] as number
    let length = 0
    for (let at = this.starts[index] as number; at < end; at++) {
      const unit = text.charCodeAt(at)
      const kind = unitKind(unit)
      if (kind === Unit.ignored) continue
      if ((kind === Unit.separator ? unit : foldedUnit(unit)) !== word.charCodeAt(length++)) return false
    }
    return length === word.length
  }

  /** Whether what stands between this word and the one before keeps them in one phrase. */
  joinsPrevious(index: number): boolean {
    const from = this.ends[index - 1] as number
    const to = this.starts[index] as number
    if (to === from) return true
    if (to - from > 3) return false
    for (let at = from; at < to; at++) if (endsPhrase(this.text.charCodeAt(at))) return false
    return true
  }

  /** The quick way, unit by unit; false where a unit cannot be judged alone. */
  private readUnits(text: string): boolean {
    const length = text.length
    let start = -1
    let hash = FNV_OFFSET
    let at = 0
    while (at < length) {
      const unit = text.charCodeAt(at)
      let kind = unitKind(unit)
      if (kind === Unit.complex && isEmoji(unit, text.charCodeAt(at + 1))) kind = Unit.separator
      if (kind === Unit.complex) return false
      if (kind === Unit.word) {
        if (start < 0) start = at
        hash = Math.imul(hash ^ foldedUnit(unit), FNV_PRIME)
      } else if (kind !== Unit.ignored && start >= 0) {
        const end = kind === Unit.separator ? symbolEnd(text, start, at) : at
        while (at < end) hash = Math.imul(hash ^ text.charCodeAt(at++), FNV_PRIME)
        this.push(start, end, hash)
        start = -1
        hash = FNV_OFFSET
        continue
      } else if (kind === Unit.single) {
        this.push(at, at + 1, Math.imul(FNV_OFFSET ^ foldedUnit(unit), FNV_PRIME))
      }
      at++
    }
    if (start >= 0) this.push(start, length, hash)
    return true
  }

  /** The slow way: fold cluster by cluster (a character with its marks), then cut the folded text. */
  private readClusters(text: string): void {
    const origins = foldClusters(text)
    this.count = 0
    this.folded = origins.folded
    this.origins = origins
    let start = -1
    for (let at = 0; at < origins.folded.length;) {
      const point = String.fromCodePoint(origins.folded.codePointAt(at) as number)
      const kind = pointKind(point)
      if (kind === Unit.word) start = start < 0 ? at : start
      else if (start >= 0) {
        const end = kind === Unit.separator ? symbolEnd(origins.folded, start, at) : at
        this.pushFolded(start, end)
        start = -1
        if (end > at) {
          at = end
          continue
        }
      }
      if (kind === Unit.single) this.pushFolded(at, at + point.length)
      at += point.length
    }
    if (start >= 0) this.pushFolded(start, origins.folded.length)
  }

  private pushFolded(start: number, end: number): void {
    let hash = FNV_OFFSET
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (this.folded as string).charCodeAt(at), FNV_PRIME)
    const index = this.count
    this.push(this.origins?.starts[start] as number, this.origins?.ends[end - 1] as number, hash)
    this.foldedStarts[index] = start
    this.foldedEnds[index] = end
  }

  private push(start: number, end: number, hash: number): void {
    const index = this.count++
    if (index === this.starts.length) this.grow()
    this.starts[index] = start
    this.ends[index] = end
    this.hashes[index] = hash
  }

  private grow(): void {
    for (const name of ['starts', 'ends', 'hashes', 'foldedStarts', 'foldedEnds'] as const) {
      const larger = new Int32Array(this[name].length * 2)
      larger.set(this[name])
      this[name] = larger
    }
  }
}

/** Either half of a pair from the planes of emoji, by far the most frequent pairs in chats. */
function isEmoji(unit: number, next: number): boolean {
  if (unit === 0xd83c || unit === 0xd83d || unit === 0xd83e) return next >= 0xdc00 && next <= 0xdfff
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** c++, c#, f#: one or two letters take the signs that follow them, where no word follows the signs. */
function symbolEnd(text: string, start: number, at: number): number {
  if (at - start > 2) return at
  let end = at
  while (end < text.length && end - at < 2 && (text[end] === '+' || text[end] === '#')) end++
  if (end === at || end === text.length) return end
  const kind = unitKind(text.charCodeAt(end))
  return kind === Unit.separator || kind === Unit.single ? end : at
}

function foldUnits(text: string, start: number, end: number): string {
  let word = ''
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at)
    const kind = unitKind(unit)
    if (kind !== Unit.ignored) word += String.fromCharCode(kind === Unit.separator ? unit : foldedUnit(unit))
  }
  return word
}

function foldClusters(text: string): { folded: string; starts: number[]; ends: number[] } {
  const starts: number[] = []
  const ends: number[] = []
  let folded = ''
  for (const match of text.matchAll(/[\s\S]\p{M}*/gu)) {
    const cluster = match[0]
    if (cluster.length === 1 && unitKind(cluster.charCodeAt(0)) === Unit.ignored) continue
    const whole = foldText(cluster).replace(/[\u200b-\u200f\ufe00-\ufe0f]/g, '')
    folded += whole
    for (let unit = 0; unit < whole.length; unit++) {
      starts.push(match.index)
      ends.push(match.index + cluster.length)
    }
  }
  return { folded, starts, ends }
}

function endsPhrase(unit: number): boolean {
  return unit === 0x0a || unit === 0x2e || unit === 0x21 || unit === 0x3f || unit === 0x3b || unit === 0x3002
}
