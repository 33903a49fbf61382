/**
 * A parser of the DDL that a session file may hold: plain columns, literal defaults, keys. Everything else in SQL can
 * carry an expression that SQLite would evaluate (CHECK, generated columns, partial indexes), and is refused by name.
 */
import { tokenize, type Token } from './ddl-tokens'
import { printable, unexpected } from './unexpected'

export interface TableDdl {
  readonly name: string
  readonly columns: readonly string[]
  /** The column that is the rowid itself, stored as NULL in the record. */
  readonly rowidColumn: string | null
  readonly keyColumns: readonly string[]
  readonly isWithoutRowid: boolean
}

/** Clauses that are refused in general and known word by word in the files of one tool. */
export interface KnownClauses {
  /** What may follow DEFAULT. */
  readonly defaults: readonly string[]
  readonly tableConstraints: readonly string[]
}

const NOTHING_KNOWN: KnownClauses = { defaults: [], tableConstraints: [] }
const FORBIDDEN: Record<string, string> = {
  check: 'CHECK constraint',
  generated: 'generated column',
  as: 'generated column',
  references: 'foreign key',
  foreign: 'foreign key',
  collate: 'collation',
  constraint: 'constraint',
  on: 'conflict clause',
  select: 'SELECT',
  virtual: 'virtual table',
  using: 'virtual table',
}
const TABLE_CONSTRAINTS = ['primary', 'unique', 'check', 'foreign', 'constraint']
const LITERAL_WORDS = ['null', 'true', 'false', 'current_date', 'current_time', 'current_timestamp']

/** Reads a CREATE TABLE as sqlite_master holds it; throws InvalidSessionFile on anything that is not inert. */
export function parseCreateTable(sql: string, known: KnownClauses = NOTHING_KNOWN): TableDdl {
  return new DdlParser(sql, known).createTable()
}

/** Accepts a CREATE INDEX over bare columns; throws InvalidSessionFile on expressions and conditions. */
export function checkCreateIndex(sql: string): void {
  new DdlParser(sql, NOTHING_KNOWN).createIndex()
}

class DdlParser {
  private readonly tokens: Token[]
  private position = 0
  private readonly columns: { name: string; type: string }[] = []
  private keyColumns: string[] = []
  private isDescendingKey = false

  constructor(
    sql: string,
    private readonly known: KnownClauses,
  ) {
    this.tokens = tokenize(sql)
  }

  createTable(): TableDdl {
    this.expectWord('create')
    if (this.peekWord() === 'virtual') throw unexpected('virtual table')
    this.expectWord('table')
    const name = this.name()
    this.expect('(')
    do this.tableItem()
    while (this.accept(','))
    this.expect(')')
    const isWithoutRowid = this.tableOptions()
    return {
      name,
      columns: this.columns.map((column) => column.name),
      rowidColumn: isWithoutRowid ? null : this.rowidColumn(),
      keyColumns: this.keyColumns,
      isWithoutRowid,
    }
  }

  createIndex(): void {
    this.expectWord('create')
    this.acceptWord('unique')
    this.expectWord('index')
    const name = this.name()
    this.expectWord('on')
    this.name()
    if (this.columnList() === null || this.position < this.tokens.length) {
      throw unexpected(`index "${printable(name)}" (an expression or a condition)`)
    }
  }

  private tableItem(): void {
    if (this.acceptOneOf(this.known.tableConstraints)) return
    const word = this.peekWord()
    if (word === undefined || !TABLE_CONSTRAINTS.includes(word)) return this.column()
    this.refuse(word)
    this.position++
    if (word === 'primary') this.expectWord('key')
    const names = this.columnList()
    if (names === null) throw unexpected('table constraint')
    if (word === 'primary') this.keyColumns = names
  }

  private column(): void {
    const name = this.name()
    const type = this.columnType()
    this.columns.push({ name, type })
    for (let word = this.peekWord(); word !== undefined; word = this.peekWord()) {
      this.position++
      this.columnConstraint(name, word)
    }
  }

  private columnType(): string {
    const words: string[] = []
    for (let word = this.peekWord(); word !== undefined; word = this.peekWord()) {
      this.refuse(word)
      if (['primary', 'not', 'null', 'unique', 'default'].includes(word)) break
      words.push(word)
      this.position++
    }
    if (words.length > 0 && this.accept('(')) this.typeSize()
    return words.join(' ')
  }

  private typeSize(): void {
    do if (this.next()?.kind !== 'number') throw unexpected('column type')
    while (this.accept(','))
    this.expect(')')
  }

  private columnConstraint(column: string, word: string): void {
    this.refuse(word)
    if (word === 'primary') return this.columnKey(column)
    if (word === 'not') return this.expectWord('null')
    if (word === 'default') return this.literal()
    if (word !== 'unique' && word !== 'null') throw unexpected(`"${printable(word)}"`)
  }

  private columnKey(column: string): void {
    this.expectWord('key')
    this.isDescendingKey = this.acceptWord('desc')
    this.acceptWord('asc')
    this.acceptWord('autoincrement')
    this.keyColumns = [column]
  }

  private literal(): void {
    if (this.acceptOneOf(this.known.defaults)) return
    const token = this.next()
    const isLiteral = token?.kind === 'string' || token?.kind === 'number'
    const isWord = token?.kind === 'word' && LITERAL_WORDS.includes(token.text.toLowerCase())
    if (!isLiteral && !isWord) throw unexpected('default expression')
  }

  /** Names in parentheses, or null when there is anything but bare names. */
  private columnList(): string[] | null {
    if (!this.accept('(')) return null
    const names: string[] = []
    do {
      const token = this.next()
      if (token?.kind !== 'word' && token?.kind !== 'quoted') return null
      names.push(token.text)
      if (!this.acceptWord('asc')) this.acceptWord('desc')
    } while (this.accept(','))
    return this.accept(')') ? names : null
  }

  private tableOptions(): boolean {
    let isWithoutRowid = false
    for (; this.position < this.tokens.length; this.accept(',')) {
      if (this.acceptWord('without')) isWithoutRowid = this.acceptWord('rowid')
      else if (!this.acceptWord('strict')) throw unexpected('table option')
    }
    return isWithoutRowid
  }

  /** https://sqlite.org/lang_createtable.html#rowid: only a single INTEGER key, and not one declared DESC in its column. */
  private rowidColumn(): string | null {
    const [key, ...others] = this.keyColumns
    if (key === undefined || others.length > 0 || this.isDescendingKey) return null
    const column = this.columns.find(({ name }) => name.toLowerCase() === key.toLowerCase())
    return column?.type === 'integer' ? column.name : null
  }

  private refuse(word: string): void {
    const what = Object.hasOwn(FORBIDDEN, word) ? FORBIDDEN[word] : undefined
    if (what !== undefined) throw unexpected(what)
  }

  private name(): string {
    const token = this.next()
    if (token?.kind !== 'word' && token?.kind !== 'quoted') throw unexpected('name')
    return token.text
  }

  private next(): Token | undefined {
    return this.tokens[this.position++]
  }

  private peekWord(): string | undefined {
    const token = this.tokens[this.position]
    return token?.kind === 'word' ? token.text.toLowerCase() : undefined
  }

  private acceptWord(word: string): boolean {
    if (this.peekWord() !== word) return false
    this.position++
    return true
  }

  private expectWord(word: string): void {
    if (!this.acceptWord(word)) throw unexpected('statement')
  }

  /** Token by token: white space and the case of words may differ, nothing else. */
  private acceptOneOf(clauses: readonly string[]): boolean {
    const clause = clauses.map(tokenize).find((tokens) => tokens.every((token, index) => this.isNext(token, index)))
    this.position += clause?.length ?? 0
    return clause !== undefined
  }

  private isNext({ kind, text }: Token, distance: number): boolean {
    const token = this.tokens[this.position + distance]
    if (token?.kind !== kind) return false
    return kind === 'word' ? token.text.toLowerCase() === text.toLowerCase() : token.text === text
  }

  private accept(punctuation: string): boolean {
    const token = this.tokens[this.position]
    if (token?.kind !== 'punctuation' || token.text !== punctuation) return false
    this.position++
    return true
  }

  private expect(punctuation: string): void {
    if (!this.accept(punctuation)) throw unexpected('expression')
  }
}
