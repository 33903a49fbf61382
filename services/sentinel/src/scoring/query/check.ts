import { QueryError } from './error'
import { parseQuery } from './parser'

/** Throws the first error of a profile's queries, with the query's `index` among them. @throws QueryError */
export function checkQueries({ queries = [] }: { queries?: readonly { query: string }[] }): void {
  queries.forEach(checkQuery)
}

/** One of them. @throws QueryError */
export function checkQuery({ query }: { query: string }, index: number): void {
  try {
    parseQuery(query)
  } catch (error) {
    if (error instanceof QueryError) error.index = index
    throw error
  }
}
