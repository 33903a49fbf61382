import type { components } from '../../openapi/generated/sentinel'
import type { SentinelProcess } from '../support/sentinel-process'
import { until } from '../support/until'
import type { Call, World } from './ui-calls'
import { large, refused, stranger, type Calls } from './contract-call'

type Backups = components['schemas']['Backups']

/** How the operations of backups are brought to each of their statuses. */
export function backupCalls({ api }: SentinelProcess): Calls {
  const list = async () => (await api.request<{ data: Backups }>('GET', '/api/backups')).body.data
  const idle = () => until('no backup to be made', async () => (await list()).latest.state !== 'running')
  const begin = async () => {
    await idle()
    await api.request('POST', '/api/backups', { json: {} })
  }
  /** Address of one that is whole. */
  const made = async () => {
    if ((await list()).backups.length === 0) await begin()
    await idle()
    const { latest, backups } = await list()
    if (!backups[0]) throw new Error(latest.message)
    return `/api/backups/${backups[0].name}`
  }
  const absent = '/api/backups/tgsentinel-sentinel-absent.tar.gz'
  return {
    listBackups: { 200: () => ({}), 401: () => stranger },
    startBackup: {
      200: async () => (await idle(), { json: {} }),
      400: () => ({ json: { passphrase: 'short' } }),
      401: () => ({ json: {}, ...stranger }),
      409: async () => (await begin(), { json: {} }),
      413: () => large,
      415: () => refused,
    },
    cancelBackup: {
      200: async () => (await begin(), {}),
      401: () => stranger,
      409: async () => (await idle(), {}),
    },
    readBackup: {
      200: async () => ({ path: await made() }),
      400: () => ({ path: '/api/backups/sentinel.db' }),
      401: () => ({ path: absent, ...stranger }),
      404: () => ({ path: absent }),
    },
    deleteBackup: {
      200: async () => ({ path: await made() }),
      400: () => ({ path: '/api/backups/sentinel.db' }),
      401: () => ({ path: absent, ...stranger }),
      404: () => ({ path: absent }),
    },
  }
}

/** The same as a signed-in user's calls of the ui. */
export function backupsByUi(world: () => Pick<World, 'take'>): Record<string, () => Promise<Call>> {
  const list = async () => (await world().take('GET', '/api/backups')).data as Backups
  const idle = () => until('no backup to be made', async () => (await list()).latest.state !== 'running')
  const begin = async () => {
    await idle()
    await world().take('POST', '/api/backups', { json: {} })
  }
  const made = async () => {
    await begin()
    await idle()
    return `/api/backups/${(await list()).backups[0]?.name}`
  }
  return {
    listBackups: () => Promise.resolve(['/api/backups']),
    startBackup: async () => (await idle(), ['/api/backups', { json: {} }]),
    cancelBackup: async () => (await begin(), ['/api/backups/cancel']),
    readBackup: async () => [await made()],
    deleteBackup: async () => [await made()],
  }
}
