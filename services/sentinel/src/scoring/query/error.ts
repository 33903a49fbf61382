/** A query that cannot be read: what is wrong and what to do, in a sentence; where, in UTF-16 units of the query. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  /** Position of the query among those of a profile. */
  index: number | undefined

  constructor(
    message: string,
    readonly offset: number,
    readonly length: number,
  ) {
    super(message)
  }
}
