/** What a class of letters counts, as in `\p{L}`: it has hundreds of ranges. */
const CLASS = 3
const REPETITION = /^\{(\d{1,4})(?:(,)(\d{0,4}))?\}/

interface Frame {
  total: number
  /** Of the last part, which a repetition behind it repeats. */
  last: number
}

/**
 * How many steps a pattern has once its repetitions are written out, roughly: it takes as long to read, and as much to hold. `(a{1,30}){1,30}`
 * has nine hundred. What is no pattern has a size, too.
 */
export function sizeOf(source: string): number {
  const frames: Frame[] = [{ total: 0, last: 0 }]
  for (let at = 0; at < source.length;) {
    const frame = frames.at(-1) as Frame
    const repetition = REPETITION.exec(source.slice(at, at + 12))
    if (repetition && frame.last > 0) {
      repeat(frame, repetition)
      at += repetition[0].length
      continue
    }
    at += step(frames, source, at)
  }
  return frames.reduce((sum, { total }) => sum + total, 0)
}

/** Takes one part in, and says how long it is. */
function step(frames: Frame[], source: string, at: number): number {
  const frame = frames.at(-1) as Frame
  const sign = source.charAt(at)
  if (sign === '(') {
    frames.push({ total: 1, last: 0 })
    return 1
  }
  if (sign === ')' && frames.length > 1) {
    frames.pop()
    add(frames.at(-1) as Frame, frame.total)
    return 1
  }
  if (sign === '?' || sign === '*' || sign === '+') {
    // What may be left out leaves two ways open.
    frame.total += frame.last
    frame.last *= 2
    return 1
  }
  if (sign === '[') return classAt(frame, source, at)
  const isEscape = sign === '\\'
  const named = isEscape ? /^\\[pP](\{[^}]*\}|.)/.exec(source.slice(at, at + 60)) : null
  add(frame, named ? CLASS : 1)
  return named ? named[0].length : isEscape ? 2 : 1
}

function classAt(frame: Frame, source: string, at: number): number {
  const rest = source.slice(at)
  const end = /^\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]/s.exec(rest)?.[0] ?? rest.charAt(0)
  add(frame, 1 + CLASS * (end.match(/\\[pP]/g)?.length ?? 0))
  return end.length
}

function add(frame: Frame, size: number): void {
  frame.total += size
  frame.last = size
}

function repeat(frame: Frame, [, least = '0', comma, most = '']: RegExpExecArray): void {
  const times = Math.max(1, Number(comma ? most || Number(least) + 1 : least))
  const isOpen = comma !== undefined && least !== most
  frame.total += frame.last * (times - 1)
  frame.last *= times
  // Each of those that may be missing leaves two ways open, within one another.
  if (isOpen && frame.last > times) frame.total += times - Number(least)
}
