import { bareForm } from '../letters'
import type { Part } from '../phrase'
import type { QueryNode, TermNode } from './node'

type Leaf = Exclude<QueryNode, { kind: 'and' | 'or' | 'not' }>

/** What a message has to have, or must not have. */
interface Literal {
  leaf: Leaf
  isWanted: boolean
}

/** All of these together: one way in which a query may match. */
type Way = readonly Literal[]

/** A query that may match in more ways is taken to be possible. */
const MOST_WAYS = 500

/** Whether each way in which a query may match asks for what it also excludes, or for two things that no message is at once. Pure. */
export function contradictsItself(node: QueryNode): boolean {
  const ways = waysOf(node, true)
  return ways !== null && ways.every(isImpossible)
}

/** Null where there are too many. */
function waysOf(node: QueryNode, isWanted: boolean): Way[] | null {
  switch (node.kind) {
    case 'not':
      return waysOf(node.child, !isWanted)
    case 'and':
    case 'or': {
      const children = node.children.map((child) => waysOf(child, isWanted))
      if (children.some((ways) => ways === null)) return null
      return (node.kind === 'and') === isWanted ? together(children as Way[][]) : limited((children as Way[][]).flat())
    }
    default:
      return [[{ leaf: node, isWanted }]]
  }
}

function together(children: readonly Way[][]): Way[] | null {
  let ways: Way[] = [[]]
  for (const child of children) {
    if (ways.length * child.length > MOST_WAYS) return null
    ways = ways.flatMap((way) => child.map((further) => [...way, ...further]))
  }
  return ways
}

function limited(ways: Way[]): Way[] | null {
  return ways.length > MOST_WAYS ? null : ways
}

function isImpossible(way: Way): boolean {
  const wanted = way.filter(({ isWanted }) => isWanted).flatMap(({ leaf }) => conclusionsOf(leaf))
  const unwanted = way.filter(({ isWanted }) => !isWanted).map(({ leaf }) => leaf)
  return wanted.some(
    (one) => unwanted.some((other) => implies(one, other)) || wanted.some((other) => excludes(one, other)),
  )
}

/** Two words near one another are there, each. */
function conclusionsOf(leaf: Leaf): Leaf[] {
  return leaf.kind === 'near' ? [leaf, leaf.left, leaf.right] : [leaf]
}

/** Whether whatever has `one` has `other`. */
function implies(one: Leaf, other: Leaf): boolean {
  if (one.kind === 'term' && other.kind === 'term') return hasWithin(one, other)
  return keyOf(one) === keyOf(other)
}

function hasWithin({ parts: long }: TermNode, { parts: short }: TermNode): boolean {
  return long.some((_, first) => short.every((part, at) => isMetBy(part, long[first + at])))
}

function isMetBy(part: Part, by: Part | undefined): boolean {
  if (!by || !hasSignsOf(by, part)) return false
  const [word, other] = [bareForm(part.word), bareForm(by.word)]
  if (part.matching === 'prefix') return by.matching !== 'forms' && other.startsWith(word)
  if (by.matching === 'prefix' || word !== other) return false
  return part.matching === 'forms' || by.matching === 'exact'
}

function hasSignsOf(by: Part, { before, after, within }: Part): boolean {
  return (!before || by.before === before) && (!after || by.after === after) && (!within || by.within === within)
}

/** Whether no message is both. */
function excludes(one: Leaf, other: Leaf): boolean {
  if (one.kind === 'lang' && other.kind === 'lang') return one.language !== other.language
  if ((one.kind === 'from' && other.kind === 'from') || (one.kind === 'in' && other.kind === 'in'))
    return isId(one.name) && isId(other.name) && one.name !== other.name
  return one.kind === 'has' && other.kind === 'has' && one.what === 'poll' && other.what === 'document'
}

/** Somebody may have several names, but one id. */
function isId(name: string): boolean {
  return /^-?\d+$/.test(name)
}

function keyOf(leaf: Leaf): string {
  return JSON.stringify(leaf, (name, value: unknown) => (name === 'offset' || name === 'length' ? undefined : value))
}
