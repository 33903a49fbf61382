import { invalidQuery, type ProfileDraft } from '../model'
import { checkQueries } from '../scoring/query/check'
import { QueryError } from '../scoring/query/error'

/** @throws ApiError INVALID_QUERY, which says which of the queries is wrong and where */
export function requireUsableQueries(draft: Pick<ProfileDraft, 'queries'>): void {
  try {
    checkQueries(draft)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const { message, offset, length, index = 0 } = error
    // At the end of a query there is nothing to point at but the place itself.
    const span = { offset, length: Math.max(1, length) }
    throw invalidQuery(`Query ${index + 1}: ${message}`, `queries.${index}.query`, span, error)
  }
}
