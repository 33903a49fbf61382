import { contradictsItself } from './contradiction'
import { QueryError } from './error'
import { lexemesOf, type Lexeme } from './lexer'
import type { At, QueryNode, TermNode } from './node'
import { compileRegex } from './regex'

const MAX_TERMS = 100
const MAX_DEPTH = 20

/**
 * The language of queries:
 *
 *     query   = or ;
 *     or      = and , { "OR" , and } ;
 *     and     = near , { [ "AND" ] , near } ;
 *     near    = unary , { "NEAR/" number , unary } ;      (* terms only: at most so many words on, in either order *)
 *     unary   = ( "NOT" | "-" ) , unary | "(" , or , ")" | operand ;
 *     operand = term | "from:" name | "in:" name | "has:" what | "lang:" language | "re:/" pattern "/" [ "i" ] ;
 *     term    = [ "=" ] , ( word | quote , words , quote ) | begin , "*" ;
 *     name    = "@" username | id ;
 *
 * Operators are in capitals; a word finds its forms unless a "=" stands before it. Text that is written together (zero-day) is
 * a phrase. A query that matches a message in which nothing was found would match nearly every one, and is refused, as is
 * one that contradicts itself.
 *
 * @throws QueryError
 */
export function parseQuery(text: string): QueryNode {
  const node = new Parser(lexemesOf(text)).read()
  if (matchesNothingFound(node)) {
    const { offset, length } = firstNegation(node) ?? node
    throw new QueryError(
      'This only excludes, so it would match nearly every message: name what to look for as well.',
      offset,
      length,
    )
  }
  if (contradictsItself(node))
    throw failAt(
      'This contradicts itself: it excludes what it asks for, so no message can match. Leave one of them out.',
      node,
    )
  return node
}

class Parser {
  private at = 0
  private terms = 0

  constructor(private readonly lexemes: readonly Lexeme[]) {}

  read(): QueryNode {
    if (this.peek().kind === 'END') throw failAt('The query is empty: name a word to look for.', this.peek())
    const node = this.or(0)
    if (this.peek().kind === ')')
      throw failAt('No parenthesis is open here: remove this one, or open one before.', this.peek())
    return node
  }

  private peek(): Lexeme {
    return this.lexemes[this.at] as Lexeme
  }

  private or(depth: number): QueryNode {
    const children = [this.and(depth)]
    while (this.peek().kind === 'OR') {
      this.at++
      children.push(this.and(depth))
    }
    return joined('or', children)
  }

  private and(depth: number): QueryNode {
    const children = [this.near(depth)]
    while (this.peek().kind !== 'OR' && this.peek().kind !== ')' && this.peek().kind !== 'END') {
      if (this.peek().kind === 'AND') this.at++
      children.push(this.near(depth))
    }
    return joined('and', children)
  }

  private near(depth: number): QueryNode {
    let left = this.unary(depth)
    const pairs: QueryNode[] = []
    for (let lexeme = this.peek(); lexeme.kind === 'NEAR'; lexeme = this.peek()) {
      this.at++
      const right = this.unary(depth)
      const { distance } = lexeme
      pairs.push({ kind: 'near', left: termOf(left), right: termOf(right), distance, ...across(left, right) })
      left = right
    }
    return pairs.length > 0 ? joined('and', pairs) : left
  }

  private unary(depth: number): QueryNode {
    const lexeme = this.peek()
    if (depth > MAX_DEPTH) throw failAt(`This is nested more than ${MAX_DEPTH} deep: write it flatter.`, lexeme)
    switch (lexeme.kind) {
      case 'NOT': {
        this.at++
        const child = this.unary(depth + 1)
        return { kind: 'not', child, ...across(lexeme, child) }
      }
      case '(':
        return this.group(lexeme, depth)
      case 'operand':
        return this.operand(lexeme)
      case ')':
      case 'END':
      case 'AND':
      case 'OR':
      case 'NEAR':
        throw this.missing()
      default:
        return lexeme satisfies never
    }
  }

  private group(open: Lexeme, depth: number): QueryNode {
    this.at++
    if (this.peek().kind === ')')
      throw failAt('There is nothing in the parentheses: put words there.', across(open, this.peek()))
    const node = this.or(depth + 1)
    if (this.peek().kind !== ')') throw failAt('This parenthesis is not closed: add a “)”.', open)
    this.at++
    return node
  }

  private operand(lexeme: Lexeme & { kind: 'operand' }): QueryNode {
    this.at++
    if (++this.terms > MAX_TERMS) throw failAt(`A query has ${MAX_TERMS} terms at most: split it into several.`, lexeme)
    if (lexeme.node.kind === 'regex') compileRegex(lexeme.node)
    return lexeme.node
  }

  /** An operator has nothing on one of its sides. */
  private missing(): QueryError {
    const before = this.lexemes[this.at - 1]
    const isOpen = this.peek().kind === ')' || this.peek().kind === 'END'
    const isOperator = before !== undefined && before.kind !== '(' && before.kind !== 'operand' && before.kind !== ')'
    if (isOperator) return failAt(`Nothing follows “${nameOf(before)}”: put a word behind it, or leave it out.`, before)
    if (isOpen && before) return failAt('There is nothing behind this: put a word there.', before)
    return failAt(`Nothing stands before “${nameOf(this.peek())}”: put a word there, or leave it out.`, this.peek())
  }
}

function nameOf(lexeme: Lexeme): string {
  if (lexeme.kind === 'NOT') return lexeme.length === 1 ? '-' : 'NOT'
  return lexeme.kind
}

function termOf(node: QueryNode): TermNode {
  if (node.kind === 'term') return node
  throw failAt('NEAR stands between words, phrases and begins only: write it between two of them.', node)
}

function joined(kind: 'and' | 'or', children: QueryNode[]): QueryNode {
  const [first, ...others] = children as [QueryNode, ...QueryNode[]]
  return others.length === 0 ? first : { kind, children, ...across(first, others.at(-1) as QueryNode) }
}

function across(first: At, last: At): At {
  return { offset: first.offset, length: last.offset + last.length - first.offset }
}

function failAt(message: string, { offset, length }: At): QueryError {
  return new QueryError(message, offset, length)
}

/** Whether it is true where none of its operands is. */
function matchesNothingFound(node: QueryNode): boolean {
  if (node.kind === 'and') return node.children.every(matchesNothingFound)
  if (node.kind === 'or') return node.children.some(matchesNothingFound)
  return node.kind === 'not' && !matchesNothingFound(node.child)
}

function firstNegation(node: QueryNode): QueryNode | undefined {
  if (node.kind === 'not') return node
  if (node.kind !== 'and' && node.kind !== 'or') return undefined
  return node.children.filter(matchesNothingFound).map(firstNegation).find(Boolean)
}
