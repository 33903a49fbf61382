import { httpError, ok } from '@tgsentinel/kernel/errors'
import type { Call, Handlers, ReplyOf } from '@tgsentinel/kernel/contract'
import { DAY, HOUR } from '@tgsentinel/kernel/time'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Alerts } from '../alerts'
import type { Answers } from '../answers/answers'
import type { Bus } from '../bus/bus'
import type { AlertQuery } from '../store/alerts'
import type { Store } from '../store/store'
import { ReplyCache } from './reply-cache'

type Served = Pick<
  operations,
  'listAlerts' | 'getAlert' | 'updateAlert' | 'getStory' | 'getStats' | 'getAnswerLink' | 'useAnswerLink'
>

export function alertHandlers(alerts: Alerts, answers: Answers, store: Store, bus: Bus): Handlers<Served> {
  const pages = new ReplyCache<ReplyOf<operations['listAlerts']>>(bus)
  return {
    listAlerts: ({ query }) => pages.get(JSON.stringify(query), () => ok(alerts.list(queryOf(query)))),
    getAlert: ({ params }) => ok(alerts.get(params.id)),
    updateAlert: ({ params, body }) => ok(alerts.change(params.id, body)),
    getStory: ({ params }) => ok({ tellings: alerts.story(params.id) }),
    getAnswerLink: ({ params }) => ok(answers.link(params.token)),
    useAnswerLink: ({ params }) => {
      const { answered, message } = answers.use(params.token)
      return ok(answered, message)
    },
    getStats: ({ query }) =>
      ok(
        store.traffic.stats({
          sinceHour: Math.floor((query.since === undefined ? Date.now() - DAY : momentOf(query.since)) / HOUR),
          chatId: query.chat === undefined ? null : Number(query.chat),
          profileId: query.profile ?? null,
          bucketHours: query.bucket === 'day' ? 24 : 1,
        }),
      ),
  }
}

function queryOf(query: Call<operations['listAlerts']>['query']): AlertQuery {
  return {
    profileId: query.profile,
    chatId: query.chat === undefined ? undefined : Number(query.chat),
    sinceMs: query.since === undefined ? undefined : momentOf(query.since),
    minScore: query.min_score,
    text: query.q,
    state: query.state,
    beforeId: query.cursor === undefined ? undefined : cursorId(query.cursor),
    limit: query.limit ?? 50,
  }
}

/** Unix milliseconds; what the format allows and no calendar has (a leap second, say) is refused. */
function momentOf(text: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw httpError('INVALID_REQUEST', 'since is not a moment such as 2026-11-21T08:00:00Z.')
  return ms
}

function cursorId(cursor: string): number {
  if (!/^[1-9]\d{0,15}$/.test(cursor)) throw httpError('INVALID_REQUEST', 'cursor is not the next_cursor of a page.')
  return Number(cursor)
}
