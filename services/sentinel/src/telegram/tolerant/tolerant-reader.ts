/**
 * Reads what a strict reader cannot. TL does not say how long an object is, so that one constructor that the schema does not have makes
 * the rest of an answer unreadable. This reader leaves out the smallest element of a list that contains it and goes on where the next
 * element, or what follows the list, can begin. That it went on at the right place is proven: everything else has to be read whole,
 * to the last byte, and nothing but constructors that the schema does not have may be left out: one that it has in a place where it may
 * not stand says that the place was wrong. Of several ways that pass, the one that leaves out the fewest bytes is right: what cannot be
 * read may hold what looks like a list, and a list is a way to leave out everything behind it. Where no way passes, or the others could not be
 * tried, it gives up: a smaller answer is asked for. What was left out stands there as an UnreadablePart.
 */
import type { BinaryReader } from 'telegram/extensions'
import { BinaryReader as Reader, Tl } from '../gramjs'
import { definitionOf, type Definition, type Field, type FieldType } from './schema-lines'
import { describe, UnreadableError, type UnreadablePart } from './unreadable'

const VECTOR = 0x1cb5c415
/** Elements of a list that may be left out in a row. */
const MOST_IN_A_ROW = 8
/** Attempts at one answer; the first is right as a rule, and the others prove it. */
const MOST_ATTEMPTS = 1000
/** Steps in all attempts together: beyond, what cannot be read holds up everything else. What can be takes one for every few bytes. */
const LEAST_STEPS = 50_000
const STEPS_PER_BYTE = 4
const MOST_STEPS = 100_000

/** What leaving out one more element weighs, in bytes. */
const ELEMENT = 16
/** Of objects within objects; rich texts nest, and nobody writes so many. */
const MOST_DEPTH = 200

/** Where to go on, and how many elements were left out. */
interface Leap {
  offset: number
  elements: number
}

/** An attempt that passed: what it left out, and by which leaps. */
interface Passed {
  leftOut: number
  leaps: { start: number; before: number }[]
  /** Of everything that was left out it is known which message it is, or is of: as a rule that is right. */
  isNamed: boolean
}

/** `budget` is used up. @throws UnreadableError where the object cannot be read even in part */
export function readAround(bytes: Buffer, budget = { steps: stepsFor(bytes.length) }): unknown {
  const plan: number[] = []
  let best: (Passed & { value: unknown; isPlain: boolean }) | undefined
  let failure: unknown
  for (let attempt = 0; attempt < MOST_ATTEMPTS && budget.steps > 0; attempt++) {
    const reader = new TolerantReader(bytes, plan, budget, best)
    try {
      const value = reader.readWhole()
      best = { value, leftOut: reader.leftOut, leaps: reader.taken, isNamed: reader.isNamed, isPlain: reader.isPlain }
    } catch (error) {
      failure ??= error
    }
    if (reader.chooseNext()) continue
    if (best) return best.value
    break
  }
  if (best?.isPlain) return best.value
  throw failure instanceof UnreadableError ? failure : new UnreadableError('unreadable', null)
}

export function stepsFor(sizeBytes: number): number {
  return Math.min(MOST_STEPS, LEAST_STEPS + STEPS_PER_BYTE * sizeBytes)
}

/** One attempt. `plan` says which leap to take at each failure, in their order; it is changed for the next attempt. */
class TolerantReader {
  private readonly source: BinaryReader
  /** Bytes of what was left out, and what their elements weigh. */
  leftOut = 0
  /** Where it leapt, and what was left out by then. */
  readonly taken: Passed['leaps'] = []
  /** Nothing that was left out holds what looks like a list: there is no other way to read it. */
  isPlain = true
  isNamed = true
  private failures = 0
  private depth = 0
  /** Leaps that there were at each failure of this attempt. */
  private readonly choices: number[] = []
  /** Objects that are being read, from the outside in. */
  private readonly open: { type: string; fields: Record<string, unknown> }[] = []

  constructor(
    private readonly bytes: Buffer,
    private readonly plan: number[],
    /** Of all attempts together. */
    private readonly budget: { steps: number },
    /** The best of the attempts before: whatever leaves out as much is not tried. */
    private readonly best: Passed | undefined,
  ) {
    this.source = new Reader(bytes)
  }

  readWhole(): unknown {
    const value = this.readBoxed(null, [])
    if (this.offset !== this.bytes.length) throw new UnreadableError('bytes are left', null)
    return value
  }

  /** The last failure that has another leap takes it; false: there is none. */
  chooseNext(): boolean {
    for (let last = Math.min(this.choices.length, this.plan.length) - 1; last >= 0; last--) {
      const next = (this.plan[last] as number) + 1
      if (next > (this.choices[last] as number)) continue
      this.plan.length = last
      this.plan.push(next)
      return true
    }
    return false
  }

  private get offset(): number {
    return this.source.tellPosition()
  }

  /** `after`: fields that follow, of the object that it stands in. */
  private readBoxed(type: string | null, after: readonly Field[]): unknown {
    const id = this.readId()
    if (type === null && (id === Tl.TRUE || id === Tl.FALSE)) return id === Tl.TRUE
    if (type === null && id === VECTOR) return this.readItems({ kind: 'object', type: '' }, after)
    const definition = definitionOf(id)
    if (definition && (!type || definition.type === type)) return this.readObject(definition)
    throw new UnreadableError(`no constructor of ${type ?? 'anything'}`, isKnown(id) ? null : id)
  }

  private readObject({ id, type, fields }: Definition): unknown {
    const read: Record<string, unknown> = {}
    this.open.push({ type, fields: read })
    try {
      fields.forEach((field, index) => (read[field.name] = this.readField(field, read, fields.slice(index + 1))))
    } catch (error) {
      if (error instanceof UnreadableError) error.partial.push({ type, fields: read })
      throw error
    } finally {
      this.open.pop()
    }
    const made = new (Tl.classOf(id))(read) as Record<string, unknown>
    if (read['unreadable']) made['unreadable'] = read['unreadable']
    return made
  }

  private readField({ type, condition }: Field, read: Record<string, unknown>, after: readonly Field[]): unknown {
    const isThere = !condition || ((read[condition.flags] as number) & condition.mask) !== 0
    if (type.kind === 'true') return isThere
    return isThere ? this.readValue(type, after) : null
  }

  private readValue(type: FieldType, after: readonly Field[]): unknown {
    this.step()
    if (this.depth >= MOST_DEPTH) throw new UnreadableError('too deep', null)
    this.depth++
    try {
      return this.readPrimitive(type) ?? this.readComposed(type, after)
    } catch (error) {
      if (error instanceof UnreadableError) throw error
      // What GramJS says of bytes that end too early, or of a Bool that is none.
      throw new UnreadableError(String(error), null)
    } finally {
      this.depth--
    }
  }

  private readPrimitive({ kind }: FieldType): unknown {
    const { source } = this
    switch (kind) {
      case 'flags':
      case 'int':
        return source.readInt()
      case 'long':
        return source.readLong()
      case 'int128':
        return source.readLargeInt(128)
      case 'int256':
        return source.readLargeInt(256)
      case 'double':
        return source.readDouble()
      case 'string':
        return source.tgReadString()
      case 'bytes':
        return source.tgReadBytes()
      case 'Bool':
        return source.tgReadBool()
      default:
        return undefined
    }
  }

  private readComposed(type: FieldType, after: readonly Field[]): unknown {
    if (type.kind === 'object') return this.readBoxed(type.type || null, after)
    if (type.kind !== 'vector') throw new UnreadableError(`nothing reads ${type.kind}`, null)
    if (!type.isBare && this.readId() !== VECTOR) throw new UnreadableError('no list', null)
    return this.readItems(type.item, after)
  }

  private readItems(item: FieldType, after: readonly Field[]): unknown[] {
    const count = this.source.readInt()
    if (count < 0 || count > (this.bytes.length - this.offset) / 4) throw new UnreadableError('no length', null)
    const items: unknown[] = []
    while (items.length < count) {
      const start = this.offset
      try {
        items.push(this.readValue(item, []))
      } catch (error) {
        if (!(error instanceof UnreadableError) || error.constructorId === null || item.kind !== 'object') throw error
        const leap = this.leapFrom(start, count - items.length, item.type, after)
        if (!leap) throw error
        items.push(...this.leaveOut(error, leap.elements))
        this.source.setPosition(leap.offset)
      }
    }
    return items
  }

  /** What stands for the elements that are left out; the message around them remembers them, too. */
  private leaveOut(error: UnreadableError, elements: number): UnreadablePart[] {
    const around = [...this.open].reverse()
    const parts = Array.from({ length: elements }, (_, index) =>
      describe(index === 0 ? error : new UnreadableError('unreadable', null), around),
    )
    this.isNamed &&= parts.every(({ header }) => header !== null)
    const message = around.find(({ type }) => type === 'Message')
    if (message) message.fields['unreadable'] = [...((message.fields['unreadable'] as unknown[]) ?? []), ...parts]
    return parts
  }

  /** The leap that the plan has for this failure; null: the list that contains this one is to leap. */
  private leapFrom(start: number, left: number, type: string, after: readonly Field[]): Leap | null {
    const failure = this.failures++
    const chosen = (this.plan[failure] ??= 0)
    let seen = 0
    for (const leap of this.leaps(start, left, type, after)) {
      if (seen++ < chosen) continue
      const bytes = leap.offset - start + leap.elements * ELEMENT
      if (this.isWorse(this.leftOut + bytes, leap.offset)) continue
      this.settle(failure, seen - 1)
      this.choices[failure] = Number.MAX_SAFE_INTEGER
      this.taken.push({ start, before: this.leftOut })
      this.leftOut += bytes
      this.isPlain &&= leap.elements === 1 && !this.hasList(start, leap.offset)
      return leap
    }
    // One choice beyond all leaps: none here.
    this.settle(failure, seen)
    this.choices[failure] = seen
    return null
  }

  /** Places at which the next element of the list, or what follows it, may begin: those first that leave out the fewest. */
  private *leaps(start: number, left: number, type: string, after: readonly Field[]): Generator<Leap> {
    const atEnd = this.fixedSize(after)
    const isElement = (id: number) => type !== '' && definitionOf(id)?.type === type
    const isNext = (id: number, offset: number) =>
      atEnd === null ? id === VECTOR || this.begins(after, id) : offset === this.bytes.length - atEnd
    for (let elements = 1; elements <= Math.min(left, MOST_IN_A_ROW); elements++)
      for (const offset of this.offsets(start, elements < left ? isElement : isNext)) yield { offset, elements }
  }

  /** What was planned for later failures was for those behind another leap. */
  private settle(failure: number, choice: number): void {
    if (this.plan[failure] !== choice) this.plan.length = failure
    this.plan[failure] = choice
  }

  /** Whatever follows: from where the best attempt leapt next on, nothing leaves out less than that did. */
  private isWorse(leftOut: number, offset: number): boolean {
    if (!this.best) return false
    const next = this.best.isNamed && this.best.leaps.find(({ start }) => start >= offset)
    const rest = next ? this.best.leftOut - next.before : 0
    return leftOut + rest >= this.best.leftOut
  }

  private hasList(start: number, end: number): boolean {
    for (let offset = start; offset < end; offset += 4) if (this.bytes.readUInt32LE(offset) === VECTOR) return true
    return false
  }

  private *offsets(start: number, isFit: (id: number, offset: number) => boolean): Generator<number> {
    for (let offset = start + 4; offset <= this.bytes.length; offset += 4) {
      this.step()
      const id = offset + 4 <= this.bytes.length ? this.bytes.readUInt32LE(offset) : 0
      if (isFit(id, offset)) yield offset
    }
  }

  /** Whether the first field that has to follow may begin with this id. */
  private begins(after: readonly Field[], id: number): boolean {
    const next = after.find(({ condition, type }) => !condition && type.kind !== 'true')
    return next?.type.kind === 'object' && definitionOf(id)?.type === next.type.type
  }

  /** Bytes until the end where only numbers follow, and the object is the outermost; null where it cannot be said. */
  private fixedSize(after: readonly Field[]): number | null {
    if (this.open.length > 1) return null
    const isFixed = after.every(({ type, condition }) => type.kind === 'int' && !condition)
    return isFixed ? after.length * 4 : null
  }

  private step(): void {
    if (--this.budget.steps <= 0) throw new UnreadableError('it takes too long', null)
  }

  private readId(): number {
    try {
      return this.source.readInt(false)
    } catch (error) {
      throw new UnreadableError(String(error), null)
    }
  }
}

function isKnown(id: number): boolean {
  return id === VECTOR || id === Tl.TRUE || id === Tl.FALSE || definitionOf(id) !== undefined
}
