import { ok } from '@tgsentinel/kernel/errors'
import { Payload, type Handlers } from '@tgsentinel/kernel/contract'
import { isoMoment } from '@tgsentinel/kernel/time'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Events } from '../events'
import type { HealthBoard } from '../health'
import { failure } from '../model'
import type { Metrics } from '../metrics'
import type { StatusBoard } from '../status'

type Served = Pick<
  operations,
  'getHealth' | 'getLiveness' | 'getReadiness' | 'getStatus' | 'streamEvents' | 'getMetrics'
>

export function serviceHandlers(
  status: StatusBoard,
  events: Events,
  metrics: Metrics,
  health: HealthBoard,
): Handlers<Served> {
  const wellBeing = () => ({ status: 'ok' as const, service: 'tgsentinel' as const, timestamp: isoMoment(Date.now()) })
  return {
    getHealth: ({ query: { deep = 0 } }) => {
      if (deep === 1) requireHealthy(health)
      return wellBeing()
    },
    getLiveness: wellBeing,
    getReadiness: () => {
      status.requireStorage()
      return wellBeing()
    },
    getStatus: ({ scheme }) => ok(status.read(scheme !== null)),
    getMetrics: async () =>
      new Payload('text/plain; version=0.0.4; charset=utf-8', Buffer.from(await metrics.render())),
    streamEvents:
      ({ request }) =>
      (response) =>
        events.serve(response, request.headers['last-event-id'] as string | undefined),
  }
}

/** @throws ApiError UNHEALTHY, with the reason */
function requireHealthy({ verdict }: HealthBoard): void {
  if (!verdict.is_healthy) throw failure('UNHEALTHY', verdict.reason)
}
