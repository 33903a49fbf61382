import type { SentinelProcess } from '../support/sentinel-process'
import { SAMPLE_BODIES } from './sample-bodies'
import { large, NOBODY, refused, stale, stranger, type Calls } from './contract-call'

const DAILY = { kind: 'daily', at: '07:30' }

let made = 0

/** How each documented status of what has to do with digests is brought about. */
export function digestCalls(sentinel: SentinelProcess, profileId: number): Calls {
  async function madeAt(path: string, draft: object): Promise<number> {
    const { body } = await sentinel.api.request<{ data: { id: number } }>('POST', path, { json: draft })
    return body.data.id
  }

  const madeDigest = (draft: object) => madeAt('/api/digests', draft)

  /** Nothing is sent there: the address is not allowed. */
  const newDestination = () =>
    madeAt('/api/destinations', { name: `Told ${++made}`, target: { kind: 'webhook', url: 'https://127.0.0.1/hook' } })

  const newDigest = (destination: number | null = null) =>
    madeDigest({
      ...{ profile_id: profileId, destination_id: destination, schedule: { kind: 'daily' } },
      enabled: destination !== null,
    })

  const digestDraft = async (more: object = {}) => ({
    ...{ profile_id: profileId, destination_id: await newDestination(), schedule: DAILY },
    ...more,
  })

  return {
    listDigests: { 200: () => ({}), 401: () => stranger },
    createDigest: {
      201: async () => ({ json: await digestDraft() }),
      400: async () => ({ json: await digestDraft({ destination_id: null }) }),
      401: () => ({ json: {}, ...stranger }),
      404: async () => ({ json: await digestDraft({ profile_id: NOBODY }) }),
      409: async () => {
        const draft = await digestDraft()
        await madeDigest(draft)
        return { json: draft }
      },
      413: () => large,
      415: () => refused,
    },
    getDigest: {
      200: async () => ({ path: `/api/digests/${await newDigest()}` }),
      400: () => ({ path: '/api/digests/zero' }),
      401: () => ({ path: '/api/digests/1', ...stranger }),
      404: () => ({ path: `/api/digests/${NOBODY}` }),
    },
    replaceDigest: {
      200: async () => ({
        path: `/api/digests/${await newDigest()}`,
        json: await digestDraft(),
        headers: { 'If-Match': '"1"' },
      }),
      400: () => ({ path: '/api/digests/1', json: {} }),
      401: () => ({ path: '/api/digests/1', json: {}, ...stranger }),
      404: async () => ({ path: `/api/digests/${NOBODY}`, json: await digestDraft() }),
      409: async () => {
        const draft = await digestDraft()
        await madeDigest(draft)
        return { path: `/api/digests/${await newDigest()}`, json: draft }
      },
      412: async () => ({ path: `/api/digests/${await newDigest()}`, json: await digestDraft(), headers: stale }),
      413: () => ({ path: '/api/digests/1', ...large }),
      415: () => ({ path: '/api/digests/1', ...refused }),
    },
    deleteDigest: {
      200: async () => ({ path: `/api/digests/${await newDigest()}` }),
      400: () => ({ path: '/api/digests/-1' }),
      401: () => ({ path: '/api/digests/1', ...stranger }),
      404: () => ({ path: `/api/digests/${NOBODY}` }),
      412: async () => ({ path: `/api/digests/${await newDigest()}`, headers: stale }),
    },
    listDigestRuns: {
      200: async () => ({ path: `/api/digests/${await newDigest()}/runs` }),
      400: () => ({ path: '/api/digests/zero/runs' }),
      401: () => ({ path: '/api/digests/1/runs', ...stranger }),
      404: () => ({ path: `/api/digests/${NOBODY}/runs` }),
    },
    previewDigest: {
      200: async () => ({ path: `/api/digests/${await newDigest()}/preview` }),
      400: () => ({ path: '/api/digests/zero/preview' }),
      401: () => ({ path: '/api/digests/1/preview', ...stranger }),
      404: () => ({ path: `/api/digests/${NOBODY}/preview` }),
    },
    sendDigest: {
      200: async () => ({ path: `/api/digests/${await newDigest(await newDestination())}/send` }),
      400: () => ({ path: '/api/digests/zero/send' }),
      401: () => ({ path: '/api/digests/1/send', ...stranger }),
      404: () => ({ path: `/api/digests/${NOBODY}/send` }),
      409: async () => ({ path: `/api/digests/${await newDigest()}/send` }),
    },
    getRestraint: { 200: () => ({}), 401: () => stranger },
    putRestraint: {
      200: () => ({ json: SAMPLE_BODIES['putRestraint'] as object }),
      400: () => ({ json: { ...(SAMPLE_BODIES['putRestraint'] as object), caps: [{}] } }),
      401: () => ({ json: {}, ...stranger }),
      412: () => ({ json: SAMPLE_BODIES['putRestraint'] as object, headers: stale }),
      413: () => large,
      415: () => refused,
    },
    getTimeZone: { 200: () => ({}), 401: () => stranger },
    putTimeZone: {
      200: () => ({ json: { time_zone: 'Europe/Berlin' } }),
      400: () => ({ json: { time_zone: 'Mars/Olympus' } }),
      401: () => ({ json: { time_zone: 'UTC' }, ...stranger }),
      413: () => large,
      415: () => refused,
    },
  }
}
