import { checkQueries } from './check'
import type { Part } from '../phrase'
import { QueryError } from './error'
import type { QueryNode } from './node'
import { parseQuery } from './parser'

/** A query as it was understood: (and a (not b)). */
function understood(node: QueryNode): string {
  switch (node.kind) {
    case 'term':
      return node.parts.map(partOf).join('+')
    case 'regex':
      return `/${node.source}/${node.ignoresCase ? 'i' : ''}`
    case 'from':
    case 'in':
      return `${node.kind}:${node.name}`
    case 'has':
      return `has:${node.what}`
    case 'lang':
      return `lang:${node.language}`
    case 'not':
      return `(not ${understood(node.child)})`
    case 'near':
      return `(near${node.distance} ${understood(node.left)} ${understood(node.right)})`
    default:
      return `(${node.kind} ${node.children.map(understood).join(' ')})`
  }
}

function partOf({ word, matching, before = '', after = '', within = '' }: Part): string {
  return `${within}${before}${word}${after}${{ forms: '', exact: '=', prefix: '*' }[matching]}`
}

function errorOf(query: string): QueryError {
  try {
    parseQuery(query)
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
  throw new Error(`${query} was understood`)
}

describe('a query', () => {
  it.each([
    ['Leak', 'leak'],
    ['a b', '(and a b)'],
    ['a AND b OR c', '(or (and a b) c)'],
    ['a OR b c', '(or a (and b c))'],
    ['(a OR b) c', '(and (or a b) c)'],
    ['a -b', '(and a (not b))'],
    ['a NOT b', '(and a (not b))'],
    ['leak -=leak', '(and leak (not leak=))'],
    ['leak -"data leak"', '(and leak (not data+leak))'],
    ['(a OR b) -a', '(and (or a b) (not a))'],
    ['btc -#btc', '(and btc (not #btc))'],
    ['from:@a from:@b', '(and from:@a from:@b)'],
    ['a NOT b NEAR/3 c', null],
    ['a and b', '(and a and b)'],
    ['NOT NOT a', '(not (not a))'],
    ['a NEAR/5 b', '(near5 a b)'],
    ['a NEAR/5 b NEAR/2 "c d"', '(and (near5 a b) (near2 b c+d))'],
    ['x a NEAR/5 b OR c', '(or (and x (near5 a b)) c)'],
    ['"data breach"', 'data+breach'],
    ['“data breach”', 'data+breach'],
    ['„data breach“', 'data+breach'],
    ['«утечка данных»', 'утечка+данных'],
    ['="data breach"', 'data=+breach='],
    ['=RCE', 'rce='],
    ['vulnerab*', 'vulnerab*'],
    ['zero-da*', 'zero+da*'],
    ['CVE-2024-3094', 'cve+2024+3094'],
    ['c++', 'c++'],
    ['🔥', '🔥'],
    ['#btc $btc @ada .net', '(and #btc $btc @ada .net)'],
    ['node.js', 'node+.js'],
    ['=C#', 'c#='],
    ['a(b)', '(and a b)'],
    ['from:@Ada in:-100123 a', '(and from:@ada in:-100123 a)'],
    ['has:link lang:ru a', '(and has:link lang:ru a)'],
    ['re:/CVE-\\d{4}-\\d+/i', '/CVE-\\d{4}-\\d+/i'],
    ['re:/a b|(c)/ d', '(and /a b|(c)/ d)'],
    ['re:/a\\/b/', '/a\\/b/'],
    ['10:30 https://t.me/x', '(and 10+:30 https+://t+.me+/x)'],
  ])('%s is understood', (query, expected) => {
    if (expected === null) expect(errorOf(query).message).toMatch(/NEAR stands between/)
    else expect(understood(parseQuery(query))).toBe(expected)
  })

  it.each([
    ['', 0, 0, /empty/],
    ['a OR', 2, 2, /Nothing follows “OR”/],
    ['OR a', 0, 2, /Nothing stands before “OR”/],
    ['a AND OR b', 2, 3, /Nothing follows “AND”/],
    ['a (b OR', 5, 2, /Nothing follows “OR”/],
    ['a NOT', 2, 3, /Nothing follows “NOT”/],
    ['a -', 2, 1, /Nothing follows the “-”/],
    ['a -a', 0, 4, /contradicts itself/],
    ['b (a OR c) -a -c', 0, 16, /contradicts itself/],
    ['"data leak" -leak', 0, 17, /contradicts itself/],
    ['=leak -leak', 0, 11, /contradicts itself/],
    ['a NEAR/3 b -b', 0, 13, /contradicts itself/],
    ['a lang:ru lang:en', 0, 17, /contradicts itself/],
    ['a from:1 from:2', 0, 15, /contradicts itself/],
    ['NEAR/5 a', 0, 6, /Nothing stands before “NEAR”/],
    ['a NEAR b', 2, 4, /NEAR needs a number/],
    ['a NEAR/x b', 2, 6, /NEAR needs a number/],
    ['a NEAR/0 b', 2, 6, /NEAR needs a number/],
    ['a NEAR/999 b', 2, 8, /from 1 to 100/],
    ['a NEAR/5 (b OR c)', 10, 6, /NEAR stands between/],
    ['x (a', 2, 1, /parenthesis is not closed/],
    ['a)', 1, 1, /No parenthesis is open/],
    ['a ()', 2, 2, /nothing in the parentheses/],
    ['x "a', 2, 1, /quotation mark is not closed/],
    ['x ""', 2, 2, /nothing between the quotation marks/],
    ['x ="a', 3, 1, /quotation mark is not closed/],
    ['a …', 2, 1, /no letter, digit or emoji/],
    ['a "data. breach"', 2, 14, /sentence ends.*“data breach”/],
    ['«🔥 a»)', 6, 1, /No parenthesis is open/],
    ['-a', 0, 2, /only excludes/],
    ['-a -b', 0, 2, /only excludes/],
    ['a OR NOT b', 5, 5, /only excludes/],
    ['a x*', 2, 2, /two letters/],
    ['*abc', 0, 1, /“\*” stands at the end/],
    ['ab*c', 2, 1, /“\*” stands at the end/],
    ['a size:big', 2, 8, /no filter “size:”/],
    ['a from:bob', 2, 8, /@name or a numeric id/],
    ['has:cake', 0, 8, /one of these: link/],
    ['lang:xx', 0, 7, /one of these: ar/],
    ['re:abc', 0, 6, /between slashes/],
    ['a re:/abc', 2, 7, /not closed/],
    ['re:/a/g', 6, 1, /only “i”/],
    ['a re:/x[z/', 7, 2, /missing closing/],
    ['re:/x(?=y)/', 5, 3, /cannot be read/],
    ['re:/a*/', 0, 7, /nothing at all/],
    ['re://', 0, 5, /empty/],
    [`re:/${'a'.repeat(501)}/`, 0, 506, /more than 500/],
    [`${'('.repeat(30)}a${')'.repeat(30)}`, 21, 1, /more than 20 deep/],
    ['a '.repeat(101), 200, 1, /100 terms at most/],
  ])('%s is refused where it is wrong', (query, offset, length, message) => {
    const error = errorOf(query)
    expect([error.offset, error.length]).toEqual([offset, length])
    expect(error.message).toMatch(message)
  })

  it('is named by its position among those of a profile', () => {
    expect(() => checkQueries({ queries: [{ query: 'a' }, { query: 'b' }] })).not.toThrow()
    expect(() => checkQueries({ queries: [{ query: 'a' }, { query: '(b' }] })).toThrow(
      expect.objectContaining({ index: 1, offset: 0, length: 1 }),
    )
  })
})
