import type { HttpReceiver } from '../support/http-receiver'
import type { SentinelProcess } from '../support/sentinel-process'
import { large, NOBODY, refused, stale, stranger, type Calls } from './contract-call'

const HOOK = { name: 'Hook', target: { kind: 'webhook', url: 'https://127.0.0.1/hook' } }
const TEMPLATE = { name: 'Short', title: '{{ profile.name }}', body: '<b>{{ text }}</b>' }

let made = 0

/** How each documented status of what has to do with deliveries is brought about. */
export function deliveryCalls(sentinel: SentinelProcess, receiver: HttpReceiver, alertId: number): Calls {
  async function madeAt(path: string, json: object): Promise<number> {
    const { body } = await sentinel.api.request<{ data: { id: number } }>('POST', path, {
      json: { ...json, name: `Made ${++made}` },
    })
    return body.data.id
  }

  const newDestination = () => madeAt('/api/destinations', HOOK)
  const newTemplate = () => madeAt('/api/templates', TEMPLATE)

  /** Of a test that was refused: the address is not allowed. */
  async function newDelivery(): Promise<number> {
    const path = `/api/destinations/${await newDestination()}/test`
    const { body } = await sentinel.api.request<{ data: { delivery_id: number } }>('POST', path, { json: {} })
    return body.data.delivery_id
  }

  async function deliveryUnderWay(): Promise<number> {
    receiver.answer = 'silence'
    const id = await madeAt('/api/destinations', { target: { kind: 'webhook', url: receiver.url } })
    void sentinel.api.request('POST', `/api/destinations/${id}/test`, { json: {} }).catch(() => undefined)
    await receiver.nth(1)
    const { body } = await sentinel.api.request<{ data: { deliveries: { id: number }[] } }>('GET', '/api/deliveries', {
      query: { destination: id, state: 'sending' },
    })
    return body.data.deliveries[0]?.id ?? 0
  }

  return {
    getPushKey: { 200: () => ({}), 401: () => stranger },
    listDestinations: { 200: () => ({}), 401: () => stranger },
    createDestination: {
      201: () => ({ json: HOOK }),
      400: () => ({ json: { ...HOOK, target: { kind: 'webhook', url: 'ftp://nowhere' } } }),
      401: () => ({ json: HOOK, ...stranger }),
      404: () => ({ json: { ...HOOK, name: 'Templated', template_id: NOBODY } }),
      409: () => ({ json: HOOK }),
      413: () => large,
      415: () => refused,
    },
    getDestination: {
      200: async () => ({ path: `/api/destinations/${await newDestination()}` }),
      400: () => ({ path: '/api/destinations/zero' }),
      401: () => ({ path: '/api/destinations/1', ...stranger }),
      404: () => ({ path: `/api/destinations/${NOBODY}` }),
    },
    replaceDestination: {
      200: async () => ({
        path: `/api/destinations/${await newDestination()}`,
        json: { ...HOOK, name: 'Changed' },
        headers: { 'If-Match': '"1"' },
      }),
      400: () => ({ path: '/api/destinations/1', json: { name: 'x' } }),
      401: () => ({ path: '/api/destinations/1', json: HOOK, ...stranger }),
      404: () => ({ path: `/api/destinations/${NOBODY}`, json: { ...HOOK, name: 'Nobody' } }),
      409: async () => ({ path: `/api/destinations/${await newDestination()}`, json: { ...HOOK, name: 'Changed' } }),
      412: async () => ({ path: `/api/destinations/${await newDestination()}`, json: HOOK, headers: stale }),
      413: () => ({ path: '/api/destinations/1', ...large }),
      415: () => ({ path: '/api/destinations/1', ...refused }),
    },
    deleteDestination: {
      200: async () => ({ path: `/api/destinations/${await newDestination()}` }),
      400: () => ({ path: '/api/destinations/-1' }),
      401: () => ({ path: '/api/destinations/1', ...stranger }),
      404: () => ({ path: `/api/destinations/${NOBODY}` }),
      412: async () => ({ path: `/api/destinations/${await newDestination()}`, headers: stale }),
    },
    testDestination: {
      200: async () => ({ path: `/api/destinations/${await newDestination()}/test`, json: {} }),
      400: () => ({ path: '/api/destinations/1/test', json: { template: { title: '', body: '' } } }),
      401: () => ({ path: '/api/destinations/1/test', json: {}, ...stranger }),
      404: () => ({ path: `/api/destinations/${NOBODY}/test`, json: {} }),
      413: () => ({ path: '/api/destinations/1/test', ...large }),
      415: () => ({ path: '/api/destinations/1/test', ...refused }),
    },
    replayDestination: {
      200: async () => ({ path: `/api/destinations/${await newDestination()}/replay` }),
      400: () => ({ path: '/api/destinations/zero/replay' }),
      401: () => ({ path: '/api/destinations/1/replay', ...stranger }),
      404: () => ({ path: `/api/destinations/${NOBODY}/replay` }),
    },
    rotateSigningSecret: {
      200: async () => ({ path: `/api/destinations/${await newDestination()}/signing-secret` }),
      400: () => ({ path: '/api/destinations/zero/signing-secret' }),
      401: () => ({ path: '/api/destinations/1/signing-secret', ...stranger }),
      404: () => ({ path: `/api/destinations/${NOBODY}/signing-secret` }),
      409: async () => {
        const id = await madeAt('/api/destinations', { target: { kind: 'saved_messages' }, enabled: false })
        return { path: `/api/destinations/${id}/signing-secret` }
      },
    },
    listDeliveries: {
      200: () => ({ query: { state: 'dead', limit: 1 } }),
      400: () => ({ query: { cursor: 'x' } }),
      401: () => stranger,
    },
    replayDelivery: {
      200: async () => ({ path: `/api/deliveries/${await newDelivery()}/replay` }),
      400: () => ({ path: '/api/deliveries/zero/replay' }),
      401: () => ({ path: '/api/deliveries/1/replay', ...stranger }),
      404: () => ({ path: `/api/deliveries/${NOBODY}/replay` }),
      // While it is being sent: the receiver does not answer.
      409: async () => ({ path: `/api/deliveries/${await deliveryUnderWay()}/replay` }),
    },
    cancelDelivery: {
      200: async () => ({ path: `/api/deliveries/${await newDelivery()}/cancel` }),
      400: () => ({ path: '/api/deliveries/zero/cancel' }),
      401: () => ({ path: '/api/deliveries/1/cancel', ...stranger }),
      404: () => ({ path: `/api/deliveries/${NOBODY}/cancel` }),
      409: async () => {
        const path = `/api/deliveries/${await newDelivery()}/cancel`
        await sentinel.api.request('POST', path)
        return { path }
      },
    },
    listTemplates: { 200: () => ({}), 401: () => stranger },
    createTemplate: {
      201: () => ({ json: TEMPLATE }),
      400: () => ({ json: { ...TEMPLATE, body: '{{ text' } }),
      401: () => ({ json: TEMPLATE, ...stranger }),
      409: () => ({ json: TEMPLATE }),
      413: () => large,
      415: () => refused,
    },
    getTemplate: {
      200: async () => ({ path: `/api/templates/${await newTemplate()}` }),
      400: () => ({ path: '/api/templates/zero' }),
      401: () => ({ path: '/api/templates/1', ...stranger }),
      404: () => ({ path: `/api/templates/${NOBODY}` }),
    },
    replaceTemplate: {
      200: async () => ({ path: `/api/templates/${await newTemplate()}`, json: { ...TEMPLATE, name: 'Other' } }),
      400: () => ({ path: '/api/templates/1', json: { name: 'x' } }),
      401: () => ({ path: '/api/templates/1', json: TEMPLATE, ...stranger }),
      404: () => ({ path: `/api/templates/${NOBODY}`, json: TEMPLATE }),
      409: async () => ({ path: `/api/templates/${await newTemplate()}`, json: TEMPLATE }),
      412: async () => ({ path: `/api/templates/${await newTemplate()}`, json: TEMPLATE, headers: stale }),
      413: () => ({ path: '/api/templates/1', ...large }),
      415: () => ({ path: '/api/templates/1', ...refused }),
    },
    deleteTemplate: {
      200: async () => ({ path: `/api/templates/${await newTemplate()}` }),
      400: () => ({ path: '/api/templates/-1' }),
      401: () => ({ path: '/api/templates/1', ...stranger }),
      404: () => ({ path: `/api/templates/${NOBODY}` }),
      412: async () => ({ path: `/api/templates/${await newTemplate()}`, headers: stale }),
    },
    importTemplates: {
      200: () => ({ json: { templates: [TEMPLATE] } }),
      400: () => ({ json: { templates: [] } }),
      401: () => ({ json: { templates: [TEMPLATE] }, ...stranger }),
      409: () => ({ json: { templates: Array(200).fill(TEMPLATE) } }),
      413: () => large,
      415: () => refused,
    },
    previewTemplate: {
      200: () => ({ json: { template: { title: '', body: '{{ text }}' }, alert_id: alertId } }),
      400: () => ({ json: { template: { title: '', body: '{{ text | nonsense }}' } } }),
      401: () => ({ json: { template: { title: '', body: 'x' } }, ...stranger }),
      404: () => ({ json: { template: { title: '', body: 'x' }, alert_id: NOBODY } }),
      413: () => large,
      415: () => refused,
    },
  }
}
