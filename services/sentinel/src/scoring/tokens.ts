import { emojiAt } from './emoji'
import { expansionOf, foldedPoint, foldedUnits, learnBlock, unitKind, unitKinds, type Folded } from './fold'
import { Unit } from './unit'
import { beyondSign, endsSentence, signAfter, signBefore, signsWithin } from './signs'

const FNV_OFFSET = 0x811c9dc5 | 0
const FNV_PRIME = 0x01000193
/** A character folds to so many units at the most (the longest ligature of Arabic). */
const LONGEST_EXPANSION = 18
const MOST_ARGUMENTS = 1000
const MAX_COMPOSED = 20_000

/** What a unit and a mark behind it become together; 0 where they stay two. */
const composed = new Map<number, number>()

/**
 * The words of a text in one pass: where each stands (UTF-16 units of the text as it was given), its folded form and a 32-bit hash of
 * that. An emoji is a word; of scripts without spaces each character is one. Signs are no part of a word, but can be asked for.
 * One object is used again for every message: what it says holds until the next `read`.
 */
export class Tokens {
  count = 0
  starts = new Int32Array(256)
  ends = new Int32Array(256)
  hashes = new Int32Array(256)
  /** Words that a Persian half-space parts from the word before them, which people also write as one. */
  readonly halves: number[] = []
  private text = ''
  /** All folded words, one behind the other. */
  private folded = new Uint16Array(1024)
  private wordStarts = new Int32Array(257)
  /** Where the present word begins in the text, -1 where there is none; how much of `folded` is used; the hash so far. */
  private open = -1
  private used = 0
  private hash = FNV_OFFSET
  /** The hash so far is of what the word was before a mark changed it. */
  private isStale = false

  /** Cuts a text into words. */
  read(text: string): void {
    this.text = text
    this.count = 0
    this.used = 0
    this.open = -1
    this.hash = FNV_OFFSET
    this.halves.length = 0
    this.require(text.length)
    this.readUnits(text)
  }

  /** Folded form of the word at `index`. */
  word(index: number): string {
    const units = this.folded.subarray(this.wordStarts[index], this.wordStarts[index + 1])
    // So many may be arguments of a function.
    if (units.length <= MOST_ARGUMENTS) return String.fromCharCode.apply(null, units as unknown as number[])
    return Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le')
  }

  /** Whether the folded form of the word at `index` is this, without making it. */
  is(index: number, word: string): boolean {
    const start = this.wordStarts[index] as number
    const length = (this.wordStarts[index + 1] as number) - start
    if (length !== word.length) return false
    for (let at = 0; at < length; at++) if (this.folded[start + at] !== word.charCodeAt(at)) return false
    return true
  }

  /** The sign that the word begins or ends with, see `signs`. */
  before(index: number): string {
    return signBefore(this.text, this.starts[index] as number, this.ends[index] as number)
  }

  after(index: number): string {
    return signAfter(this.text, this.ends[index] as number)
  }

  /** Where the sign begins or ends that stands at the word. */
  startWith(sign: string, index: number): number {
    return beyondSign(this.text, this.starts[index] as number, -1, sign)
  }

  endWith(sign: string, index: number): number {
    return beyondSign(this.text, this.ends[index] as number, 1, sign)
  }

  /** The signs that bind the word to the one before it. */
  within(index: number): string {
    return signsWithin(this.text, this.ends[index - 1] as number, this.starts[index] as number)
  }

  /** Whether a sentence ends between the word and the one before it. */
  beginsSentence(index: number): boolean {
    const before = () => this.word(index - 1)
    return endsSentence(this.text, this.ends[index - 1] as number, this.starts[index] as number, before)
  }

  /** Whether the word is not written together with the one before it. */
  hasBlankBefore(index: number): boolean {
    return /\s/u.test(this.text.slice(this.ends[index - 1], this.starts[index]))
  }

  private readUnits(text: string): void {
    const { length } = text
    let { folded } = this
    let start = -1
    let used = 0
    let hash = FNV_OFFSET
    for (let at = 0; at < length;) {
      const unit = text.charCodeAt(at)
      const kind = unitKinds[unit] as number
      if (kind === Unit.word) {
        if (start < 0) start = at
        const letter = foldedUnits[unit] as number
        folded[used++] = letter
        hash = Math.imul(hash ^ letter, FNV_PRIME)
        at++
      } else if (kind === Unit.separator) {
        if (start >= 0) {
          this.push(start, at, hash, used)
          start = -1
          hash = FNV_OFFSET
        }
        at++
      } else {
        this.open = start
        this.used = used
        this.hash = hash
        at = this.readOther(kind, unit, at)
        folded = this.folded
        start = this.open
        used = this.used
        hash = this.hash
      }
    }
    if (start >= 0) this.push(start, length, hash, used)
  }

  /** What is neither a plain letter nor a separator; where the next unit stands. */
  private readOther(kind: number, unit: number, at: number): number {
    switch (kind) {
      case Unit.unknown:
        learnBlock(unit)
        return at
      case Unit.several:
        return this.readExpansion(expansionOf(unit), at, at + 1)
      case Unit.surrogate:
        return this.readPair(at)
      case Unit.emoji:
        return this.readEmoji(at)
      case Unit.symbol:
        if (this.text.charCodeAt(at + 1) === 0xfe0f) return this.readEmoji(at)
        this.close(at)
        return at + 1
      case Unit.halfSpace:
        this.halve(at)
        return at + 1
      default:
        this.take(kind, foldedUnits[unit] as number, at, at + 1)
        return at + 1
    }
  }

  /** A unit of one character of the text, which stands from `at` to `end`. */
  private take(kind: number, letter: number, at: number, end: number): void {
    switch (kind) {
      case Unit.word:
        return this.append(letter, at)
      case Unit.single:
        this.close(at)
        this.append(letter, at)
        return this.close(end)
      case Unit.mark:
      case Unit.joining:
        return this.join(letter, kind === Unit.joining, at, end)
      case Unit.tail:
        if (this.isBehindWord(at)) this.amend(letter, false, end)
        return
      case Unit.invisible:
      case Unit.optional:
        if (kind === Unit.optional && this.isBehindWord(at)) this.ends[this.count - 1] = end
        return
      case Unit.keycap:
        if (this.open >= 0) this.close(end)
        return
      default:
        // Within what a character is written for a word may have begun there.
        this.close(this.open === at ? end : at)
    }
  }

  private readPair(at: number): number {
    const point = this.text.codePointAt(at) as number
    const end = point > 0xffff ? at + 2 : at + 1
    if (end === at + 1) {
      this.close(at)
      return end
    }
    const found = foldedPoint(point)
    if (found.kind === Unit.emoji) return this.readEmoji(at)
    return this.readExpansion(found, at, end)
  }

  /** What a character is written for, as if that stood there. */
  private readExpansion({ kind, text, isApart }: Folded, at: number, end: number): number {
    this.require(LONGEST_EXPANSION)
    if (isApart || kind === Unit.single) this.close(at)
    const isLetter = kind === Unit.word || kind === Unit.single
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      if (isLetter) this.append(unit, at)
      else this.take(kind === Unit.several ? unitKind(unit) : kind, foldedOf(unit), at, end)
    }
    if (isApart || kind === Unit.single) this.close(end)
    return end
  }

  private readEmoji(at: number): number {
    const { end, word } = emojiAt(this.text, at)
    this.close(at)
    for (let index = 0; index < word.length; index++) this.append(word.charCodeAt(index), at)
    this.close(end)
    this.ends[this.count - 1] = end
    return end
  }

  private append(letter: number, at: number): void {
    if (this.open < 0) this.open = at
    this.folded[this.used++] = letter
    this.hash = Math.imul(this.hash ^ letter, FNV_PRIME)
  }

  /** A mark becomes one letter with what stands before it, or is a letter of its own, or nothing. */
  private join(mark: number, isLetter: boolean, at: number, end: number): void {
    if (this.open < 0) {
      if (this.isBehindWord(at)) this.amend(mark, !isLetter, end)
      else if (isLetter) this.append(mark, at)
      return
    }
    const whole = composedOf(this.folded[this.used - 1] as number, mark)
    if (whole === 0) return isLetter ? this.append(mark, at) : undefined
    this.folded[this.used - 1] = whole
    this.isStale = true
  }

  /** Puts a mark to the word that is read already. */
  private amend(mark: number, isOptional: boolean, end: number): void {
    const last = this.count - 1
    const whole = composedOf(this.folded[this.used - 1] as number, mark)
    if (whole !== 0) this.folded[this.used - 1] = whole
    else if (!isOptional) this.folded[this.used++] = mark
    this.wordStarts[this.count] = this.used
    this.hashes[last] = this.hashOf(this.wordStarts[last] as number, this.used)
    this.ends[last] = end
  }

  /** Whether the last word ends there, a single one that is read already. */
  private isBehindWord(at: number): boolean {
    return this.open < 0 && this.count > 0 && this.ends[this.count - 1] === at
  }

  /** Persian writes the parts of many words with a half-space between them. */
  private halve(at: number): void {
    const isArabic = this.open >= 0 && isArabicLetter(this.folded[this.used - 1] as number)
    const next = this.text.charCodeAt(at + 1)
    if (!isArabic || !isArabicLetter(next)) return
    this.close(at)
    this.halves.push(this.count)
  }

  private close(end: number): void {
    if (this.open < 0) return
    this.push(this.open, end, this.hash, this.used)
    this.open = -1
    this.hash = FNV_OFFSET
  }

  private push(start: number, end: number, hash: number, used: number): void {
    let last = end
    while (unitKinds[this.text.charCodeAt(last - 1)] === Unit.invisible && last > start + 1) last--
    const index = this.count++
    if (index === this.starts.length) this.grow()
    this.starts[index] = start
    this.ends[index] = last
    this.wordStarts[index + 1] = used
    this.hashes[index] = this.isStale ? this.hashOf(this.wordStarts[index] as number, used) : hash
    this.isStale = false
  }

  private hashOf(start: number, end: number): number {
    let hash = FNV_OFFSET
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (this.folded[at] as number), FNV_PRIME)
    return hash
  }

  /** Room for so many more units. */
  private require(units: number): void {
    // What is left of the text has room already, so that the pass over it need not look.
    const least = this.used + this.text.length + units + LONGEST_EXPANSION
    if (least <= this.folded.length) return
    const larger = new Uint16Array(least * 2)
    larger.set(this.folded)
    this.folded = larger
  }

  private grow(): void {
    for (const name of ['starts', 'ends', 'hashes', 'wordStarts'] as const) {
      const larger = new Int32Array(this[name].length * 2)
      larger.set(this[name])
      this[name] = larger
    }
  }
}

function foldedOf(unit: number): number {
  unitKind(unit)
  return foldedUnits[unit] as number
}

function isArabicLetter(unit: number): boolean {
  return (unit >= 0x620 && unit <= 0x6ff) || (unit >= 0x750 && unit <= 0x77f) || (unit >= 0xfb50 && unit <= 0xfeff)
}

function composedOf(letter: number, mark: number): number {
  const key = letter * 65_536 + mark
  let whole = composed.get(key)
  if (whole === undefined) {
    if (composed.size >= MAX_COMPOSED) composed.clear()
    const text = String.fromCharCode(letter, mark).normalize('NFC')
    whole = text.length === 1 ? foldedOf(text.charCodeAt(0)) : 0
    composed.set(key, whole)
  }
  return whole
}
