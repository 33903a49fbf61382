import { BusyTimeout, openDatabase, type SqliteDatabase } from '@tgsentinel/kernel/sqlite'
import { AlertCache } from './alert-cache'
import { AuditLog } from './audit-log'
import { DigestRunCache } from './digest-run-cache'
import { MIGRATIONS } from './migrations'
import { ProfileDrafts } from './profile-drafts'
import { Settings } from './settings'
import { UiSessions } from './ui-sessions'

/** ui.db. */
export class Store {
  readonly busyTimeout: BusyTimeout
  readonly settings: Settings
  readonly sessions: UiSessions
  readonly audit: AuditLog
  readonly alerts: AlertCache
  readonly digestRuns: DigestRunCache
  readonly profileDrafts: ProfileDrafts

  constructor(private readonly database: SqliteDatabase) {
    this.busyTimeout = new BusyTimeout(database)
    this.settings = new Settings(database)
    this.sessions = new UiSessions(database)
    this.audit = new AuditLog(database)
    this.alerts = new AlertCache(database)
    this.digestRuns = new DigestRunCache(database)
    this.profileDrafts = new ProfileDrafts(database)
  }

  static open(path: string): Store {
    return new Store(openDatabase(path, MIGRATIONS))
  }

  /** Runs `work`, which must not wait, in one transaction that takes the write lock at once. */
  transaction<T>(work: () => T): T {
    return this.database.transaction(work).immediate()
  }

  /** Of the file, without what is still in its log. */
  get sizeBytes(): number {
    const number = (pragma: string) => Number(this.database.pragma(pragma, { simple: true }))
    return number('page_count') * number('page_size')
  }

  close(): void {
    this.database.close()
  }
}
