import { httpError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import type { Alerts } from './alerts'
import type { Bus, RateLimit, WorkerStatus } from './bus/bus'
import type { Ingestion } from './ingestion/ingestion'
import type { Ledger } from './ledger'
import type { HealthBoard } from './health'
import type { BotState, SettingsFileState, Status } from './model'
import type { Store } from './store/store'
import type { OwnerSnapshot } from './telegram/owner-facts'
import type { Telegram } from './telegram/telegram'
import { version } from '../package.json'

const REFRESH_MS = 20 * SECOND

/** What there is to tell of. */
export interface StatusParts {
  telegram: Telegram
  ingestion: Ingestion
  alerts: Alerts
  ledger: Ledger
  store: Store
  bus: Bus
  botState: () => BotState
  log: Logger
  health: HealthBoard
  /** What became of the file of settings at the start. */
  settingsFile: () => SettingsFileState | null
}

/** What the API, the event stream and Redis are told of how things are. */
export class StatusBoard {
  private readonly startedAt = isoMoment(Date.now())
  private readonly refresh: NodeJS.Timeout
  private lastEvent = ''

  constructor(private readonly parts: StatusParts) {
    this.refresh = setInterval(() => this.tellPrograms(), REFRESH_MS).unref()
    // What is watched may be another thing once the list of chats was read.
    parts.bus.onRing('chats', () => this.announce())
  }

  /** Whether what was posted is still being fetched or scored. */
  get isBehind(): boolean {
    const isUnheard =
      ['connecting', 'signed_in'].includes(this.parts.telegram.snapshot.state) && !this.parts.ledger.summary.is_hearing
    return isUnheard || this.parts.ingestion.backlog + this.parts.alerts.backlog > 0
  }

  /** `withUser` false leaves out whose session it is: for callers that nobody knows. */
  read(withUser = true): Status {
    const owner = this.parts.telegram.snapshot
    return {
      authorized: owner.isAuthorized,
      connected: owner.isConnected,
      user_info: withUser ? owner.user : null,
      last_sync: owner.lastHeardAtMs === null ? null : isoMoment(owner.lastHeardAtMs),
      state: owner.state,
      frozen: withUser ? freezeView(owner) : null,
      state_message: withUser || owner.state !== 'signed_in' ? owner.stateMessage : 'Signed in.',
      session_generation: owner.generation,
      import:
        withUser || owner.import?.state !== 'authorized' ? owner.import : { ...owner.import, message: 'Signed in.' },
      app_configured: owner.hasApp,
      app_from_environment: owner.isAppFromEnvironment,
      proxy: withUser ? owner.proxy : null,
      flood_wait: owner.floodWait && { method: owner.floodWait.method, until: isoMoment(owner.floodWait.untilMs) },
      queue: queueView(owner),
      sign_in: this.parts.telegram.signIn.view.step,
      bot: this.parts.botState(),
      redis: this.parts.bus.state,
      backlog: this.parts.ingestion.backlog + this.parts.alerts.backlog,
      storage: this.parts.ingestion.isFailing ? 'failing' : 'ok',
      coverage: this.parts.ledger.summary,
      internal_errors: internalView(this.parts.telegram.internal),
      health: this.healthView(withUser),
      watch: this.watchView(withUser),
      settings_file: withUser ? this.parts.settingsFile() : null,
      started_at: this.startedAt,
      version,
    }
  }

  /** Why something is wrong may name the account. */
  private healthView(withUser: boolean): Status['health'] {
    const { verdict } = this.parts.health
    return withUser || verdict.is_healthy ? verdict : { is_healthy: false, reason: 'Something is wrong.' }
  }

  private watchView(withUser: boolean): Status['watch'] {
    const { watching } = this.parts.ledger
    return withUser ? watching : { ...watching, missing_chats: [], missing_folders: [] }
  }

  /** @throws ApiError STORAGE_UNAVAILABLE, or the database's own error, while it takes no writes */
  requireStorage(): void {
    if (this.parts.ingestion.isFailing)
      throw httpError('STORAGE_UNAVAILABLE', 'The database takes no writes. Check its disk.')
    this.parts.store.transaction(() => undefined)
  }

  /** Puts the present state on the event stream where it differs from the last one there. */
  announce(): void {
    this.tellPrograms()
    const status = this.read()
    const {
      last_sync: _heard,
      queue: _queue,
      backlog: _backlog,
      coverage: _coverage,
      internal_errors: _internal,
      health: _health,
      ...lasting
    } = status
    const event = JSON.stringify(lasting)
    if (event === this.lastEvent) return
    try {
      this.parts.store.events.add('status', status)
      this.lastEvent = event
      this.parts.bus.ring('events')
    } catch (error) {
      // The state itself is told by GET /api/status, also while the database takes no writes.
      if (!isStorageFailure(error)) throw error
      this.parts.log.error({ err: error }, 'the state could not be put on the event stream')
    }
  }

  /** Tells that the sign-in went on; what it says is asked for, since a code to scan must not lie about in a table. */
  announceSignIn(): void {
    try {
      this.parts.store.events.add('sign_in', { step: this.parts.telegram.signIn.view.step })
      this.parts.bus.ring('events')
    } catch (error) {
      if (!isStorageFailure(error)) throw error
      this.parts.log.error({ err: error }, 'the sign-in could not be put on the event stream')
    }
    this.announce()
  }

  close(): void {
    clearInterval(this.refresh)
  }

  private tellPrograms(): void {
    const owner = this.parts.telegram.snapshot
    this.parts.bus.publishWorkerStatus({
      authorized: owner.isAuthorized,
      connected: owner.isConnected,
      status: owner.state,
      user_id: owner.user?.user_id ?? null,
      session_generation: owner.generation,
      ...rateLimitsOf(owner),
    })
  }
}

function internalView({ count, lastAtMs }: Telegram['internal']): Status['internal_errors'] {
  return { count, last_at: lastAtMs === null ? null : isoMoment(lastAtMs) }
}

function freezeView({ freeze }: OwnerSnapshot): Status['frozen'] {
  if (!freeze) return null
  const moment = (atMs: number | null) => (atMs === null ? null : isoMoment(atMs))
  return { since: moment(freeze.sinceMs), until: moment(freeze.untilMs), appeal_url: freeze.appealUrl }
}

function queueView({ queue: { oldestWaitMs, ...queue } }: OwnerSnapshot): Status['queue'] {
  return { ...queue, oldest_wait_s: oldestWaitMs / SECOND }
}

/** Telegram's waits and our own limits on attempts; the one that ends last comes first. */
function rateLimitsOf({ floodWait, reachedLimits }: OwnerSnapshot): Pick<WorkerStatus, 'rate_limit' | 'rate_limits'> {
  const flood = floodWait ? [{ action: floodWait.method, untilMs: floodWait.untilMs }] : []
  const all = [...flood, ...reachedLimits].sort((a, b) => b.untilMs - a.untilMs).map(rateLimitOf)
  const last = all[0]
  return last ? { rate_limit: last, rate_limits: all } : {}
}

function rateLimitOf({ action, untilMs }: { action: string; untilMs: number }): RateLimit {
  const waitSeconds = Math.max(0, Math.ceil((untilMs - Date.now()) / SECOND))
  return { action, wait_seconds: waitSeconds, wait_until: isoMoment(untilMs) }
}
