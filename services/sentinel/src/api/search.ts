import { httpError, ok } from '@tgsentinel/kernel/errors'
import type { Call, Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Indexing } from '../search/indexing'
import type { Search, SearchFilters } from '../search/search'

type Served = Pick<operations, 'searchMessages' | 'getMessageContext'>

export function searchHandlers(search: Search, indexing: Indexing): Handlers<Served> {
  return {
    searchMessages: ({ query }) => ok({ ...search.find(filtersOf(query)), waiting: indexing.backlog }),
    getMessageContext: ({ params, query: { before = 5, after = 5 } }) =>
      ok(search.context(Number(params.chat_id), params.message_id, before, after)),
  }
}

function filtersOf(query: Call<operations['searchMessages']>['query']): SearchFilters {
  const { q = '', deleted = 'any', limit = 50, since, until, cursor, ...named } = query
  return {
    ...named,
    q,
    deleted,
    limit,
    sinceMs: since === undefined ? undefined : momentOf('since', since),
    untilMs: until === undefined ? undefined : momentOf('until', until),
    below: cursor === undefined ? undefined : searchIdOf(cursor),
  }
}

/** Unix milliseconds; what the format allows and no calendar has (a leap second, say) is refused. */
function momentOf(name: string, text: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw httpError('INVALID_REQUEST', `${name} is not a moment such as 2026-11-21T08:00:00Z.`)
  return ms
}

function searchIdOf(cursor: string): number {
  if (!/^[1-9]\d{0,15}$/.test(cursor)) throw httpError('INVALID_REQUEST', 'cursor is not the next_cursor of a page.')
  return Number(cursor)
}
