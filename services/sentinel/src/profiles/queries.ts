import { turnTaker } from '@tgsentinel/kernel/turns'
import { invalidQuery, type ProfileDraft } from '../model'
import { checkQueries, checkQuery } from '../scoring/query/check'
import { QueryError } from '../scoring/query/error'

/** @throws ApiError INVALID_QUERY, which says which of the queries is wrong and where */
export function requireUsableQueries(draft: Pick<ProfileDraft, 'queries'>): void {
  try {
    checkQueries(draft)
  } catch (error) {
    throw refusalOf(error)
  }
}

/** The same while everything else has its turn: patterns take milliseconds each, when they are read first. @throws ApiError INVALID_QUERY */
export async function checkInTurns({ queries = [] }: Pick<ProfileDraft, 'queries'>): Promise<void> {
  const rested = turnTaker()
  for (const [index, query] of queries.entries()) {
    await rested()
    try {
      checkQuery(query, index)
    } catch (error) {
      throw refusalOf(error)
    }
  }
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof QueryError)) return error
  const { message, offset, length, index = 0 } = error
  // At the end of a query there is nothing to point at but the place itself.
  const span = { offset, length: Math.max(1, length) }
  return invalidQuery(`Query ${index + 1}: ${message}`, `queries.${index}.query`, span, error)
}
