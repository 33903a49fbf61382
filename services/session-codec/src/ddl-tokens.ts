import { unexpected } from './unexpected'

export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'punctuation' | 'other'
  readonly text: string
}

const TOKEN =
  /(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*(?:([A-Za-z_][\w$]*)|"((?:[^"]|"")*)"|\[([^\]]*)\]|`([^`]*)`|('(?:[^']|'')*')|([+-]?\d+(?:\.\d+)?)|([(),])|([^]))/y

/** The tokens of a DDL text, up to the first character that no plain DDL has; takes linear time on any text. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = []
  const text = sql.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text)
    if (match === null) throw unexpected('text')
    const token = tokenOf(match)
    tokens.push(token)
    // Nothing after it can make the statement acceptable; the parser names what stands before it.
    if (token.kind === 'other') break
  }
  return tokens
}

function tokenOf(match: RegExpExecArray): Token {
  const [, word, double, bracket, backtick, string, number, punctuation, other] = match
  if (word !== undefined) return { kind: 'word', text: word }
  const quoted = double?.replaceAll('""', '"') ?? bracket ?? backtick
  if (quoted !== undefined) return { kind: 'quoted', text: quoted }
  if (string !== undefined) return { kind: 'string', text: string }
  if (number !== undefined) return { kind: 'number', text: number }
  if (punctuation !== undefined) return { kind: 'punctuation', text: punctuation }
  return { kind: 'other', text: other ?? '' }
}
