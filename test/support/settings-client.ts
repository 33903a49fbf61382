import type { components } from '../../openapi/generated/sentinel'
import type { SentinelProcess } from './sentinel-process'

export type SettingsFile = components['schemas']['SettingsFile']
export type Change = components['schemas']['SettingsChange']

/** The data of a reply that has to be a success. */
export async function ask<T>(sentinel: SentinelProcess, method: string, path: string, json?: object): Promise<T> {
  const reply = await sentinel.api.request<{ data: T }>(method, path, json ? { json } : {})
  if (reply.status >= 300) throw new Error(`${method} ${path} -> ${reply.status} ${JSON.stringify(reply.body)}`)
  return reply.body.data
}

export const made = (sentinel: SentinelProcess, path: string, json: object) =>
  ask<{ id: number }>(sentinel, 'POST', path, json).then(({ id }) => id)

export const exported = (sentinel: SentinelProcess) => ask<SettingsFile>(sentinel, 'GET', '/api/settings/export')

export async function exportedYaml(sentinel: SentinelProcess): Promise<string> {
  const headers = { Authorization: `Bearer ${sentinel.token}` }
  const reply = await fetch(`${sentinel.baseUrl}/api/settings/export?format=yaml`, { headers })
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/yaml'])
  return reply.text()
}

export async function imported(sentinel: SentinelProcess, file: object | string, dryRun = false): Promise<Change[]> {
  const content = typeof file === 'string' ? file : JSON.stringify(file)
  const { changes, dry_run } = await ask<{ changes: Change[]; dry_run: boolean }>(
    sentinel,
    'POST',
    `/api/settings/import?dry_run=${dryRun}`,
    { content },
  )
  expect(dry_run).toBe(dryRun)
  return changes
}

/** What of it is not as before. */
export const acts = (changes: readonly Change[]) =>
  changes.filter(({ action }) => action !== 'unchanged').map(({ kind, name, action }) => `${action} ${kind} ${name}`)
