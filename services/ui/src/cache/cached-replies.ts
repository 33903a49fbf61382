import { compileOperation, type OpenApiDocument, type Validator } from '@tgsentinel/kernel/validation'
import { failure, type Digest, type SentinelOperations, type Stats, type Status, type TimeZone } from '../model'
import type { SettingName } from '../store/settings'
import type { Store } from '../store/store'
import { pageOf, type AlertQuery } from './alert-filter'

type Kept = 'getStatus' | 'getStats' | 'listAlerts' | 'listDigests' | 'getDigest' | 'listDigestRuns' | 'getTimeZone'
type DataOf<Id extends Kept> = SentinelOperations[Id]['responses'][200]['content']['application/json']['data']
/** Gets the URL that was asked for. Undefined: nothing of that is kept. */
type Handlers = { [Id in Kept]: (url: string) => DataOf<Id> | undefined }

/** Answers of the sentinel's operations out of what is kept of it. */
export class CachedReplies {
  private readonly alertsQuery: Validator
  private readonly statsQuery: Validator

  constructor(
    document: OpenApiDocument,
    private readonly store: Store,
    /** Until when what is kept was true; undefined where nothing is. */
    private readonly heardAt: () => string | undefined,
  ) {
    this.alertsQuery = compileOperation(document, '/api/alerts', 'get')
    this.statsQuery = compileOperation(document, '/api/stats', 'get')
  }

  has(id: string): id is Kept {
    return Object.hasOwn(this.handlers, id)
  }

  /** The data of a reply, with `stale_since`, or undefined. @throws ApiError for a query that is not as documented */
  reply(id: string, url: string): object | undefined {
    const staleSince = this.heardAt()
    const data = staleSince !== undefined && this.has(id) ? this.handlers[id](url) : undefined
    return data && { ...data, stale_since: staleSince }
  }

  private readonly handlers: Handlers = {
    getStatus: () => this.kept<Status>('sentinel_status'),
    getStats: (url) => (this.isWholeDay(url) ? this.kept<Stats>('sentinel_stats') : undefined),
    listAlerts: (url) => this.alerts(this.alertsQuery.query(url) as AlertQuery),
    listDigests: () => {
      const digests = this.kept<Digest[]>('sentinel_digests')
      return digests && { digests }
    },
    getDigest: (url) => this.digest(url),
    listDigestRuns: (url) => this.digest(url) && { runs: this.store.digestRuns.of(idIn(url)) },
    getTimeZone: () => this.kept<TimeZone>('sentinel_time_zone'),
  }

  private kept<T>(name: SettingName): T | undefined {
    const text = this.store.settings.get(name)
    return text === undefined ? undefined : (JSON.parse(text) as T)
  }

  private alerts(query: AlertQuery): DataOf<'listAlerts'> {
    if (query.since !== undefined && Number.isNaN(Date.parse(query.since)))
      throw failure('INVALID_REQUEST', 'since is not a moment such as 2026-11-21T08:00:00Z.')
    return pageOf(this.store.alerts.below(beforeOf(query.cursor)), query)
  }

  /** Of the last 24 hours, by hours, of everything: what is read anyway. */
  private isWholeDay(url: string): boolean {
    const { bucket, ...others } = this.statsQuery.query(url) as { bucket?: string }
    return bucket === 'hour' && Object.keys(others).length === 0
  }

  private digest(url: string): Digest | undefined {
    return this.kept<Digest[]>('sentinel_digests')?.find(({ id }) => id === idIn(url))
  }
}

function idIn(url: string): number {
  return Number(/^\/api\/digests\/(\d+)/.exec(url)?.[1])
}

/** A cursor is the id of the last alert of the page before. */
function beforeOf(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER
  if (!/^[1-9]\d{0,15}$/.test(cursor)) throw failure('INVALID_REQUEST', 'cursor is not the next_cursor of a page.')
  return Number(cursor)
}
