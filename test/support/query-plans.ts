import type { SqliteDatabase } from '../../services/kernel/src/sqlite'

/** One table's part of a plan: the table, and the columns of the index that are compared for equality. */
interface Search {
  table: string
  alias: string
  /** null: the primary key of a table without row ids */
  index: string | null
  compared: string[]
}

/**
 * What is wrong with the plans of statements, as SQLite makes them without statistics, which is how they are made here:
 * one line for a table that is walked from end to end, or for an index that is used by fewer columns than could be.
 */
export class QueryPlans {
  private readonly prepare: SqliteDatabase['prepare']
  private readonly tables: Set<string>

  constructor(private readonly database: SqliteDatabase) {
    this.prepare = database.prepare.bind(database)
    const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]
    this.tables = new Set(names)
  }

  /** Notes every statement that others prepare from now on. */
  notePrepared(): Set<string> {
    const noted = new Set<string>()
    this.database.prepare = ((sql: string) => {
      noted.add(sql)
      return this.prepare(sql)
    }) as SqliteDatabase['prepare']
    return noted
  }

  wrongs(sql: string): string[] {
    const details = this.explain(sql)
    const tableOf = (alias: string) => aliasesOf(sql).get(alias) ?? alias
    const scans = isPage(sql, details) ? [] : details.flatMap((detail) => this.scannedIn(detail, tableOf))
    const searches = details.flatMap((detail) => this.searchedIn(detail, tableOf))
    return [...scans, ...searches.flatMap((search) => this.shortIn(sql, search))]
  }

  private explain(sql: string): string[] {
    const named = /'(?:[^']|'')*'|\?|[@:$]\w+/g
    let parameters = 0
    const counted = sql.replace(named, (found) => (found.startsWith("'") ? found : ((parameters += 1), '?')))
    const statement = this.prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${counted}`)
    return statement.all(...Array<null>(parameters).fill(null)).map(({ detail }) => detail)
  }

  /** Virtual tables find by their own means. */
  private scannedIn(detail: string, tableOf: (alias: string) => string): string[] {
    const alias = /^SCAN (\w+)/.exec(detail)?.[1]
    if (!alias || detail.includes('VIRTUAL TABLE')) return []
    const table = tableOf(alias)
    return this.tables.has(table) ? [`scans ${table}`] : []
  }

  private searchedIn(detail: string, tableOf: (alias: string) => string): Search[] {
    const [, alias = '', used = '', terms = ''] = /^SEARCH (\w+) USING (.+?) \((.*)\)/.exec(detail) ?? []
    if (!alias || used === 'INTEGER PRIMARY KEY') return []
    const index = /INDEX (\w+)/.exec(used)?.[1] ?? null
    const compared = terms.split(' AND ').map((term) => term.replace(/[=<>]+\?$/, ''))
    return [{ table: tableOf(alias), alias, index, compared }]
  }

  /** Whether the statement compares columns for equality that the index, or the condition that it is limited by, does not have. */
  private shortIn(sql: string, { table, alias, index, compared }: Search): string[] {
    // What only a foreign key looks for is not named in the statement.
    if (!aliasesOf(sql).has(alias) || this.isWhole(table, index, compared)) return []
    const limits = index === null ? '' : this.limitOf(index)
    const left = this.columnsOf(table).filter(
      (column) => isEquated(sql, alias, column) && !compared.includes(column) && !limits.includes(column),
    )
    return left.length === 0
      ? []
      : [`finds ${table} by ${index ?? 'key'} (${compared.join(', ')}) without ${left.join(', ')}`]
  }

  /** All columns of a key, which one row has at the most. */
  private isWhole(table: string, index: string | null, compared: string[]): boolean {
    const indexes = this.database.pragma(`index_list(${table})`) as { name: string; unique: number; origin: string }[]
    const used = indexes.find(({ name, origin }) => (index === null ? origin === 'pk' : name === index))
    if (!used?.unique) return false
    return (this.database.pragma(`index_info(${used.name})`) as unknown[]).length === compared.length
  }

  private columnsOf(table: string): string[] {
    return (this.database.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name)
  }

  private limitOf(index: string): string {
    const sql = this.prepare<[string], string | null>('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(index)
    return /\bWHERE\b(.*)/is.exec(sql ?? '')?.[1] ?? ''
  }
}

/** The first rows in the order of an index: the walk ends with the page. */
function isPage(sql: string, details: string[]): boolean {
  return (
    !/\bWHERE\b/i.test(sql) &&
    /\bORDER BY\b.*\bLIMIT\b/is.test(sql) &&
    !details.some((detail) => detail.includes('TEMP B-TREE'))
  )
}

function aliasesOf(sql: string): Map<string, string> {
  const named = sql.matchAll(
    /\b(?:FROM|JOIN|UPDATE|INTO|,)\s+(\w+)(?:\s+(?:AS\s+)?(?!WHERE|ON|SET|JOIN|LEFT|CROSS|ORDER)(\w+))?/gi,
  )
  return new Map([...named].map(([, table = '', alias = table]) => [alias, table]))
}

/**
 * Whether the statement insists that a column of the table equals something; a column without its table's name may be any
 * table's. `+` says that no index is meant.
 */
function isEquated(sql: string, alias: string, column: string): boolean {
  const insisted = sql.replace(/\bSET\b.*?\bWHERE\b/is, 'WHERE').replace(/\(@\w+ IS NULL OR [^()]*\)/g, '')
  const compared = `(?<![\\w.@+])(?:${alias}\\.)?${column}\\s*(?:=|\\bIS\\s+[?@]|\\bIN\\b)`
  return new RegExp(compared, 'i').test(insisted)
}
