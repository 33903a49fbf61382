import type { Handlers } from '@tgsentinel/kernel/contract'
import { ok } from '@tgsentinel/kernel/errors'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Backtests } from '../backtest/backtests'

type Served = Pick<operations, 'startBacktest' | 'getBacktest' | 'cancelBacktest'>

export function backtestHandlers(backtests: Backtests): Handlers<Served> {
  return {
    startBacktest: async ({ body }) => ok(await backtests.start(body), 'It runs'),
    getBacktest: ({ params }) => ok(backtests.get(params.id)),
    cancelBacktest: ({ params }) => ok(backtests.cancel(params.id)),
  }
}
