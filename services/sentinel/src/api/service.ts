import { ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import { isoMoment } from '@tgsentinel/kernel/time'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Events } from '../events'
import type { StatusBoard } from '../status'

type Served = Pick<operations, 'getHealth' | 'getStatus' | 'streamEvents'>

export function serviceHandlers(status: StatusBoard, events: Events): Handlers<Served> {
  return {
    getHealth: () => ({ status: 'ok', service: 'tgsentinel', timestamp: isoMoment(Date.now()) }),
    getStatus: ({ scheme }) => ok(status.read(scheme !== null)),
    streamEvents:
      ({ request }) =>
      (response) =>
        events.serve(response, request.headers['last-event-id'] as string | undefined),
  }
}
