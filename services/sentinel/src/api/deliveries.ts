import type { IncomingMessage, ServerResponse } from 'node:http'
import { httpError, ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Deliveries } from '../deliveries/deliveries'
import type { DeliveryOffice } from '../deliveries/office'
import { BUILT_IN } from '../templates/templates'
import { requireRevisionOf, tagOf } from '../profiles/revision-tag'

type Served = Pick<
  operations,
  | 'listDestinations'
  | 'createDestination'
  | 'getDestination'
  | 'replaceDestination'
  | 'deleteDestination'
  | 'getPushKey'
  | 'testDestination'
  | 'replayDestination'
  | 'rotateSigningSecret'
  | 'listDeliveries'
  | 'replayDelivery'
  | 'cancelDelivery'
  | 'listTemplates'
  | 'createTemplate'
  | 'getTemplate'
  | 'replaceTemplate'
  | 'deleteTemplate'
  | 'importTemplates'
  | 'previewTemplate'
>

export function deliveryHandlers(office: DeliveryOffice, deliveries: Deliveries): Handlers<Served> {
  const { destinations, trials, templates, pushKeyring } = office
  return {
    listDestinations: () => ok({ destinations: destinations.list() }),
    createDestination: ({ body, response }) => ok(tagged(response, destinations.create(body)), 'Destination added'),
    getDestination: ({ params, response }) => ok(tagged(response, destinations.get(params.id))),
    replaceDestination: ({ params, body, request, response }) =>
      ok(
        tagged(response, destinations.replace(params.id, body, knownBy(request, 'destination'))),
        'Destination changed',
      ),
    deleteDestination: ({ params, request }) => {
      destinations.delete(params.id, knownBy(request, 'destination'))
      return ok({ id: params.id }, 'Destination deleted')
    },
    getPushKey: () => ok({ public_key: pushKeyring.keys.publicKey }),
    testDestination: async ({ params, body, signal }) => ok(await trials.send(params.id, body, signal)),
    replayDestination: ({ params }) => {
      const replayed = deliveries.replayDead(destinations.get(params.id).id)
      return ok({ replayed }, replayed === 0 ? 'There is nothing to send again' : 'On their way')
    },
    rotateSigningSecret: ({ params, response }) =>
      ok(tagged(response, destinations.rotate(params.id)), 'The former secret signs, too, for a day'),
    listDeliveries: ({ query }) =>
      ok(
        deliveries.list({
          state: query.state,
          destinationId: query.destination,
          beforeId: query.cursor === undefined ? undefined : cursorId(query.cursor),
          limit: query.limit ?? 50,
        }),
      ),
    replayDelivery: ({ params }) => ok(deliveries.replay(params.id), 'On its way'),
    cancelDelivery: ({ params }) => ok(deliveries.cancel(params.id), 'Cancelled'),
    listTemplates: () => ok({ templates: templates.list(), built_in: BUILT_IN }),
    createTemplate: async ({ body, response }) => ok(tagged(response, await templates.create(body)), 'Template added'),
    getTemplate: ({ params, response }) => ok(tagged(response, templates.get(params.id))),
    replaceTemplate: async ({ params, body, request, response }) =>
      ok(tagged(response, await templates.replace(params.id, body, knownBy(request, 'template'))), 'Template changed'),
    deleteTemplate: ({ params, request }) => {
      templates.delete(params.id, knownBy(request, 'template'))
      return ok({ id: params.id }, 'Template deleted')
    },
    importTemplates: async ({ body }) =>
      ok(
        { templates: await templates.import(body.templates), built_in: BUILT_IN },
        `${body.templates.length} templates taken over`,
      ),
    previewTemplate: async ({ body }) => ok(await templates.preview(body.template, body.alert_id)),
  }
}

function tagged<T extends { revision: number }>(response: ServerResponse, changed: T): T {
  response.setHeader('ETag', tagOf(changed))
  return changed
}

/** Refuses what was changed since the caller saw it. */
function knownBy(request: IncomingMessage, what: string): (present: { revision: number }) => void {
  return (present) => requireRevisionOf(what, present, request.headers['if-match'])
}

function cursorId(cursor: string): number {
  if (!/^[1-9]\d{0,15}$/.test(cursor)) throw httpError('INVALID_REQUEST', 'cursor is not the next_cursor of a page.')
  return Number(cursor)
}
