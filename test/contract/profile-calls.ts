import type { SentinelProcess } from '../support/sentinel-process'
import { until } from '../support/until'
import { whileAnotherIsRead } from './large-file'
import { json, large, NOBODY, refused, stale, stranger, type Calls } from './contract-call'

export const PROFILE = { name: 'Contract', min_score: 1, keywords: { general: { words: ['contract'] } } }
const DICTIONARY = { groups: [['person', 'people']] }

/** How each documented status of what has to do with profiles is brought about; `alertedPath`: the record of a message. */
export function profileCalls(sentinel: SentinelProcess, profileId: number, alertedPath: string): Calls {
  async function backtestId(): Promise<number> {
    const { body } = await sentinel.api.request<{ data: { id: number } }>('POST', '/api/backtests', {
      json: { profile: PROFILE },
    })
    return body.data.id
  }

  function labelPath(): string {
    return `/api/profiles/${profileId}/labels/${alertedPath.replace('/api/messages/', '')}`
  }

  async function feedPath(): Promise<string> {
    const path = `/api/profiles/${profileId}/feed`
    const { body } = await sentinel.api.request<{ data: { secret: string } }>('PUT', path)
    return `/api/feeds/${body.data.secret}/rss`
  }

  /** A profile that judges by its first model. */
  async function learnedProfile(): Promise<number> {
    const { id } = await sentinel.api.createProfile({ name: 'Learned', learning: { enabled: true } })
    await until('its first model', async () => {
      const { body } = await sentinel.api.request<{ data: { models: unknown[] } }>(
        'GET',
        `/api/profiles/${id}/learning`,
      )
      return body.data.models.length > 0
    })
    return id
  }

  function feedCalls(): Calls[string] {
    return {
      200: () => ({ path: `/api/profiles/${profileId}/feed` }),
      400: () => ({ path: '/api/profiles/zero/feed' }),
      401: () => ({ path: `/api/profiles/${profileId}/feed`, ...stranger }),
      404: () => ({ path: `/api/profiles/${NOBODY}/feed` }),
    }
  }

  return {
    listProfiles: { 200: () => ({}), 401: () => stranger },
    createProfile: {
      201: () => ({ json: PROFILE }),
      400: () => ({ json: { name: '' } }),
      401: () => ({ json: PROFILE, ...stranger }),
      409: () => ({ json: PROFILE }),
      413: () => large,
      415: () => refused,
    },
    getProfile: {
      200: () => ({ path: `/api/profiles/${profileId}` }),
      400: () => ({ path: '/api/profiles/zero' }),
      401: () => ({ path: `/api/profiles/${profileId}`, ...stranger }),
      404: () => ({ path: `/api/profiles/${NOBODY}` }),
    },
    replaceProfile: {
      200: () => ({
        path: `/api/profiles/${profileId}`,
        json: { ...PROFILE, name: 'Second' },
        headers: { 'If-Match': '"1"', 'X-Actor': 'page' },
      }),
      400: () => ({ path: `/api/profiles/${profileId}`, json: { name: 'x', nonsense: 1 } }),
      401: () => ({ path: `/api/profiles/${profileId}`, json: PROFILE, ...stranger }),
      404: () => ({ path: `/api/profiles/${NOBODY}`, json: { ...PROFILE, name: 'Nobody' } }),
      409: () => ({ path: `/api/profiles/${profileId}`, json: PROFILE }),
      412: () => ({ path: `/api/profiles/${profileId}`, json: PROFILE, headers: stale }),
      413: () => ({ path: `/api/profiles/${profileId}`, ...large }),
      415: () => ({ path: `/api/profiles/${profileId}`, ...refused }),
    },
    deleteProfile: {
      200: async () => ({ path: `/api/profiles/${(await sentinel.api.createProfile({ name: 'Short-lived' })).id}` }),
      400: () => ({ path: '/api/profiles/-1' }),
      401: () => ({ path: `/api/profiles/${profileId}`, ...stranger }),
      404: () => ({ path: `/api/profiles/${NOBODY}` }),
      412: () => ({ path: `/api/profiles/${profileId}`, headers: stale }),
    },
    listRevisions: {
      200: () => ({ path: `/api/profiles/${profileId}/revisions` }),
      400: () => ({ path: '/api/profiles/zero/revisions' }),
      401: () => ({ path: `/api/profiles/${profileId}/revisions`, ...stranger }),
      404: () => ({ path: `/api/profiles/${NOBODY}/revisions` }),
    },
    restoreRevision: {
      200: () => ({ path: `/api/profiles/${profileId}/revisions/1/restore`, headers: { 'If-Match': '*' } }),
      400: () => ({ path: `/api/profiles/${profileId}/revisions/1/restore`, headers: { 'X-Actor': 'nobody' } }),
      401: () => ({ path: `/api/profiles/${profileId}/revisions/1/restore`, ...stranger }),
      404: () => ({ path: `/api/profiles/${profileId}/revisions/${NOBODY}/restore` }),
      // Its first name belongs to another by now.
      409: async () => {
        const { id } = await sentinel.api.createProfile({ name: 'Given away' })
        await sentinel.api.replaceProfile(id, { name: 'Renamed' })
        await sentinel.api.createProfile({ name: 'Given away' })
        return { path: `/api/profiles/${id}/revisions/1/restore` }
      },
      412: () => ({ path: `/api/profiles/${profileId}/revisions/1/restore`, headers: stale }),
    },
    getEmbedding: {
      200: () => ({ path: '/api/embedding' }),
      400: () => ({ path: '/api/embedding?model=mine' }),
      401: () => ({ path: '/api/embedding', ...stranger }),
    },
    getLearning: {
      200: () => ({ path: `/api/profiles/${profileId}/learning` }),
      400: () => ({ path: '/api/profiles/zero/learning' }),
      401: () => ({ path: `/api/profiles/${profileId}/learning`, ...stranger }),
      404: () => ({ path: `/api/profiles/${NOBODY}/learning` }),
    },
    restoreModel: {
      200: async () => ({ path: `/api/profiles/${await learnedProfile()}/learning/1/restore` }),
      400: () => ({ path: `/api/profiles/${profileId}/learning/zero/restore` }),
      401: () => ({ path: `/api/profiles/${profileId}/learning/1/restore`, ...stranger }),
      404: () => ({ path: `/api/profiles/${profileId}/learning/${NOBODY}/restore` }),
    },
    listLabels: {
      200: () => ({ path: `/api/profiles/${profileId}/labels` }),
      400: () => ({ path: '/api/profiles/zero/labels' }),
      401: () => ({ path: `/api/profiles/${profileId}/labels`, ...stranger }),
      404: () => ({ path: `/api/profiles/${NOBODY}/labels` }),
    },
    putLabel: {
      200: () => ({ path: labelPath(), json: { relevant: true } }),
      400: () => ({ path: labelPath(), json: { relevant: 'yes' } }),
      401: () => ({ path: labelPath(), json: { relevant: true }, ...stranger }),
      404: () => ({ path: `/api/profiles/${profileId}/labels/-100999/1`, json: { relevant: true } }),
      413: () => ({ path: labelPath(), ...large }),
      415: () => ({ path: labelPath(), ...refused }),
    },
    deleteLabel: {
      200: async () => {
        await sentinel.api.request('PUT', labelPath(), { json: { relevant: false } })
        return { path: labelPath() }
      },
      400: () => ({ path: `/api/profiles/${profileId}/labels/x/1` }),
      401: () => ({ path: labelPath(), ...stranger }),
      404: () => ({ path: `/api/profiles/${profileId}/labels/-100999/1` }),
    },
    getFeed: feedCalls(),
    putFeed: feedCalls(),
    deleteFeed: feedCalls(),
    readFeed: {
      200: async () => ({ path: await feedPath() }),
      304: async () => ({ path: await feedPath(), headers: { 'If-None-Match': '*' } }),
      400: async () => ({ path: (await feedPath()).replace('/rss', '/html') }),
      401: async () => ({ path: await feedPath(), ...stranger }),
      404: () => ({ path: '/api/feeds/nothing/rss' }),
    },
    listGallery: { 200: () => ({}), 401: () => stranger },
    importProfiles: {
      200: () => ({ json: { content: JSON.stringify({ profiles: [PROFILE] }) } }),
      400: () => ({ json: { content: '{"profiles": [' } }),
      401: () => ({ json: { content: '{}' }, ...stranger }),
      409: async () => ({ json: { content: await whileAnotherIsRead(sentinel, '/api/profile-import') } }),
      413: () => ({ body: `{"content":"${'A'.repeat(5_000_000)}"}`, headers: json }),
      415: () => refused,
    },
    previewProfile: {
      200: () => ({ json: PROFILE }),
      400: () => ({ json: { ...PROFILE, queries: [{ query: '(contract' }] } }),
      401: () => ({ json: PROFILE, ...stranger }),
      404: () => ({ json: PROFILE, path: `/api/profile-preview?profile=${NOBODY}` }),
      413: () => large,
      415: () => refused,
    },
    startBacktest: {
      200: () => ({ json: { profile: PROFILE, days: 7 } }),
      400: () => ({ json: { profile: PROFILE, days: 0 } }),
      401: () => ({ json: { profile: PROFILE }, ...stranger }),
      404: () => ({ json: { profile: PROFILE, compare_to: NOBODY } }),
      413: () => large,
      415: () => refused,
    },
    getBacktest: {
      200: async () => ({ path: `/api/backtests/${await backtestId()}` }),
      400: () => ({ path: '/api/backtests/zero' }),
      401: () => ({ path: '/api/backtests/1', ...stranger }),
      404: () => ({ path: `/api/backtests/${NOBODY}` }),
    },
    cancelBacktest: {
      200: async () => ({ path: `/api/backtests/${await backtestId()}` }),
      400: () => ({ path: '/api/backtests/0' }),
      401: () => ({ path: '/api/backtests/1', ...stranger }),
      404: () => ({ path: `/api/backtests/${NOBODY}` }),
    },
    getDictionary: { 200: () => ({}), 401: () => stranger },
    putDictionary: {
      200: () => ({ json: DICTIONARY }),
      400: () => ({ json: { groups: [['alone']] } }),
      401: () => ({ json: DICTIONARY, ...stranger }),
      413: () => large,
      415: () => refused,
    },
  }
}
