import { ok } from '@tgsentinel/kernel/errors'
import { Payload, type Handlers } from '@tgsentinel/kernel/contract'
import { isoMoment } from '@tgsentinel/kernel/time'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Events } from '../events'
import type { Metrics } from '../metrics'
import type { StatusBoard } from '../status'

type Served = Pick<operations, 'getHealth' | 'getStatus' | 'streamEvents' | 'getMetrics'>

export function serviceHandlers(status: StatusBoard, events: Events, metrics: Metrics): Handlers<Served> {
  return {
    getHealth: () => ({ status: 'ok', service: 'tgsentinel', timestamp: isoMoment(Date.now()) }),
    getStatus: ({ scheme }) => ok(status.read(scheme !== null)),
    getMetrics: async () =>
      new Payload('text/plain; version=0.0.4; charset=utf-8', Buffer.from(await metrics.render())),
    streamEvents:
      ({ request }) =>
      (response) =>
        events.serve(response, request.headers['last-event-id'] as string | undefined),
  }
}
