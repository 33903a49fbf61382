import type { Liquid, Template, Variable } from 'liquidjs'
import { variablesOf, SAMPLE_ALERT } from './alert-variables'

/** What Liquid knows of any value. */
const OF_ANY_VALUE = ['size', 'first', 'last']
/** Further away no name is meant. */
const MAX_DISTANCE = 4

type Segments = (string | number)[]

/** A name that a template uses and no alert has, as in `sender.nme`, and the nearest that there is, where one is near. */
export interface UnknownVariable {
  name: string
  nearest: string | null
}

/** The first of a template; null where all are known. Names that the template gives itself are its own. */
export function unknownVariable(liquid: Liquid, source: string, parsed: Template[]): UnknownVariable | null {
  const { variables, globals, locals } = liquid.analyzeSync(parsed, { partials: false })
  const known: Record<string, unknown> = { ...variablesOf(SAMPLE_ALERT) }
  const loops = loopsOf(source, known)
  for (const segments of pathsOf(globals)) {
    if (!isKnown(known, segments)) return unknown(segments, namesIn(known))
  }
  for (const segments of pathsOf(variables)) {
    const [name = '', ...rest] = segments
    const member = loops.get(String(name))
    if (member === undefined || name in locals || isKnown(member, rest)) continue
    return unknown(segments, namesIn(member, `${name}.`))
  }
  return null
}

function pathsOf(variables: Record<string, Variable[]>): Segments[] {
  return Object.values(variables).flatMap((places) => places.map(({ segments }) => plainBeginning(segments)))
}

/** Up to a place that is only known when it is rendered, as in `chat[name]`. */
function plainBeginning(segments: Variable['segments']): Segments {
  const end = segments.findIndex((segment) => typeof segment === 'object')
  return (end < 0 ? segments : segments.slice(0, end)) as Segments
}

/** Names of loops over what an alert has several of, each with a member as an example. */
function loopsOf(source: string, known: Record<string, unknown>): Map<string, unknown> {
  const loops = new Map<string, unknown>()
  for (const [, name = '', list = ''] of source.matchAll(/\b(?:for|tablerow)\s+([\w-]+)\s+in\s+([\w-]+)\b/g)) {
    const value = known[list]
    if (Array.isArray(value) && value.length > 0) loops.set(name, value[0])
  }
  return loops
}

function isKnown(value: unknown, [name, ...rest]: Segments): boolean {
  if (name === undefined || value === null) return true
  if (Array.isArray(value) && (typeof name === 'number' || name === 'first' || name === 'last'))
    return isKnown(value[0] ?? null, rest)
  if (OF_ANY_VALUE.includes(String(name)) && !isRecord(value)) return true
  return isRecord(value) && Object.hasOwn(value, name) && isKnown(value[name], rest)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As they are written in a template. */
function namesIn(value: unknown, before = ''): string[] {
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([name, inner]) => [before + name, ...namesIn(inner, `${before}${name}.`)])
}

function unknown(segments: Segments, names: readonly string[]): UnknownVariable {
  const name = segments.join('.')
  const distances = names.map((one) => ({ one, distance: distanceOf(name.toLowerCase(), one.toLowerCase()) }))
  const [best] = distances.sort((a, b) => a.distance - b.distance)
  const isNear = best !== undefined && best.distance <= Math.min(MAX_DISTANCE, Math.ceil(name.length / 2))
  return { name, nearest: isNear ? best.one : lastPartOf(name, names) }
}

/** `alert.score` means `score`. */
function lastPartOf(name: string, names: readonly string[]): string | null {
  const parts = name.split('.')
  return names.find((one) => one === parts.slice(1).join('.')) ?? names.find((one) => one === parts.at(-1)) ?? null
}

/** Letters to insert, remove, replace or swap with the next (Damerau and Levenshtein). */
function distanceOf(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > MAX_DISTANCE) return Infinity
  let [before, row] = [[] as number[], Array.from({ length: other.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1]
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      next.push(least)
    }
    ;[before, row] = [row, next]
  }
  return row[other.length] ?? Infinity
}
