import { httpError, ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Backfills } from '../backfills/backfills'
import { backfillView, type Ledger } from '../ledger'
import { failure } from '../model'
import type { MessageRecords } from '../message-records'

type Served = Pick<operations, 'getCoverage' | 'getChatCoverage' | 'startBackfill' | 'cancelBackfill' | 'getMessage'>

export function coverageHandlers(ledger: Ledger, backfills: Backfills, records: MessageRecords): Handlers<Served> {
  return {
    getCoverage: ({ query: { show = 'all', limit = 50, cursor } }) =>
      ok(ledger.page({ show, limit, beyond: chatOf(cursor) })),
    getChatCoverage: ({ params }) => ok(ledger.chat(Number(params.id))),
    startBackfill: ({ params, body }) => {
      const backfill = backfills.ask(Number(params.id), 'asked', body.messages ?? null)
      if (!backfill) throw failure('CONFLICT', 'Too many histories wait to be read. Ask again when some are done.')
      return ok(backfillView(backfill), 'The history is read in the background')
    },
    cancelBackfill: ({ params }) => ok(backfillView(backfills.cancel(Number(params.id))), 'Stopped'),
    getMessage: ({ params }) => ok(records.find(Number(params.chat_id), params.message_id)),
  }
}

/** The chat that a cursor names; null at the begin. */
function chatOf(cursor: string | undefined): number | null {
  if (cursor === undefined) return null
  if (!/^-?[1-9]\d{0,15}$/.test(cursor)) throw httpError('INVALID_REQUEST', 'cursor is not the next_cursor of a page.')
  return Number(cursor)
}
