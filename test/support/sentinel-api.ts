import type { components, operations } from '../../openapi/generated/sentinel'
import { ApiClient } from './api-client'

type Schemas = components['schemas']
export type Alert = Schemas['Alert']
export type Profile = Schemas['Profile']
export type ProfileDraft = Schemas['ProfileDraft']
export type Status = Schemas['Status']
export type Stats = Schemas['StatsReply']['data']
export type AlertQuery = NonNullable<operations['listAlerts']['parameters']['query']>
export type StatsQuery = NonNullable<operations['getStats']['parameters']['query']>
export type SearchQuery = NonNullable<operations['searchMessages']['parameters']['query']>
export type SearchPage = Schemas['SearchReply']['data']
export type SearchHit = Schemas['SearchHit']
export type Retention = Schemas['Retention']
export type Maintenance = Schemas['Maintenance']
export type Imported = Schemas['SessionImportedReply']['data']

/** The sentinel's operations, each of which has to succeed. */
export class SentinelApi extends ApiClient {
  constructor(baseUrl: string, token?: string) {
    super('sentinel', baseUrl, token)
  }

  status(): Promise<Status> {
    return this.take('GET', '/api/status')
  }

  importSession(bytes: Buffer): Promise<Imported> {
    return this.take('POST', '/api/session/import', { json: { session_data: bytes.toString('base64') } })
  }

  profiles(): Promise<Profile[]> {
    return this.take<{ profiles: Profile[] }>('GET', '/api/profiles').then(({ profiles }) => profiles)
  }

  createProfile(draft: ProfileDraft): Promise<Profile> {
    return this.take('POST', '/api/profiles', { json: draft })
  }

  replaceProfile(id: number, draft: ProfileDraft): Promise<Profile> {
    return this.take('PUT', `/api/profiles/${id}`, { json: draft })
  }

  deleteProfile(id: number): Promise<void> {
    return this.take('DELETE', `/api/profiles/${id}`)
  }

  alertPage(query: AlertQuery = {}): Promise<{ alerts: Alert[]; next_cursor: string | null }> {
    return this.take('GET', '/api/alerts', { query })
  }

  async alerts(query: AlertQuery = {}): Promise<Alert[]> {
    return (await this.alertPage({ limit: 500, ...query })).alerts
  }

  alert(id: number): Promise<Alert> {
    return this.take('GET', `/api/alerts/${id}`)
  }

  changeAlert(id: number, change: Schemas['AlertChange']): Promise<Alert> {
    return this.take('PATCH', `/api/alerts/${id}`, { json: change })
  }

  stats(query: StatsQuery = {}): Promise<Stats> {
    return this.take('GET', '/api/stats', { query })
  }

  search(query: SearchQuery = {}): Promise<SearchPage> {
    return this.take('GET', '/api/search', { query })
  }

  context(chat: number, messageId: number, query: { before?: number; after?: number } = {}) {
    const path = `/api/messages/${chat}/${messageId}/context`
    return this.take<Schemas['ContextReply']['data']>('GET', path, { query })
  }

  retention(): Promise<Retention> {
    return this.take('GET', '/api/retention')
  }

  setRetention(rules: Schemas['RetentionDraft']): Promise<Retention> {
    return this.take('PUT', '/api/retention', { json: rules })
  }

  sweep(): Promise<Schemas['Sweep']> {
    return this.take('POST', '/api/retention/sweep')
  }

  maintenance(): Promise<Maintenance> {
    return this.take('GET', '/api/maintenance')
  }

  vacuum(): Promise<Maintenance> {
    return this.take('POST', '/api/maintenance/vacuum')
  }

  coverage(query: { show?: 'all' | 'trouble'; limit?: number; cursor?: string } = {}) {
    return this.take<Schemas['CoverageReply']['data']>('GET', '/api/coverage', { query })
  }

  chatCoverage(chat: number) {
    return this.take<Schemas['ChatCoverageReply']['data']>('GET', `/api/coverage/${chat}`)
  }

  backfill(chat: number, messages?: number): Promise<Schemas['Backfill']> {
    return this.take('POST', `/api/coverage/${chat}/backfill`, { json: messages === undefined ? {} : { messages } })
  }

  message(chat: number, messageId: number) {
    return this.take<Schemas['MessageReply']['data']>('GET', `/api/messages/${chat}/${messageId}`)
  }

  private async take<T>(method: string, path: string, options: { json?: unknown; query?: object } = {}): Promise<T> {
    const query = { ...options.query } as Record<string, string>
    const reply = await this.request<{ data: T }>(method, path, { ...options, query })
    if (reply.status >= 300) throw new Error(`${method} ${path} -> ${reply.status} ${JSON.stringify(reply.body)}`)
    return reply.body.data
  }
}
