import type { Logger } from '@tgsentinel/kernel/log'
import type { SessionEvent } from '../bus/bus'
import type { DataCentre, TelegramApp } from '../config'
import type { ImportState, OwnerState, ProxyName, UserInfo } from '../model'
import type { Dialing } from '../proxies/dialing'
import type { SettingTable } from '../store/settings'
import type { Freeze } from './freeze'
import type { CaptureDoor } from './supervisor'
import type { CallReport, FloodWait, QueueState } from './call-queue'

/** States in which Telegram takes the key, and those in which nothing has been heard of that yet. */
export const ACCEPTED: readonly OwnerState[] = ['signed_in', 'frozen']
export const UNTOLD: readonly OwnerState[] = ['connecting', 'needs_app']

/** What the owner of the session needs, and whom it tells. */
export interface TelegramOptions {
  sessionPath: string
  /** The bundled child process that reads uploads. */
  inspectorPath: string
  dataCentres: readonly string[]
  /** How everything is dialled. */
  dialing: Dialing
  startDataCentre: DataCentre
  serverKeys: readonly string[]
  /** From the environment, or undefined where the page may set it. */
  app: TelegramApp | undefined
  settings: SettingTable
  log: Logger
  door: CaptureDoor
  /** What polling of channels may cost. */
  pollsPerSecond: number
  onSignedIn: () => void
  onChange: () => void
  onSignInChange: () => void
  onSessionEvent: (event: SessionEvent) => void
  /** How an import ended: `accepted`, or why it failed. */
  onImportEnd: (outcome: string) => void
  onCall: (report: CallReport) => void
  /** An attempt at signing in, and for how many seconds it counts. */
  onAttempt: (action: string, windowS: number) => void
}

/** How the owner is now, as plain facts. */
export interface OwnerSnapshot {
  state: OwnerState
  stateMessage: string
  /** Telegram took the key of this session, and has not ended it since. */
  isAuthorized: boolean
  isConnected: boolean
  connectedSinceMs: number | null
  user: UserInfo | null
  freeze: Freeze | null
  generation: number
  import: ImportState | null
  lastHeardAtMs: number | null
  hasApp: boolean
  isAppFromEnvironment: boolean
  /** The one that it is heard through; null without one. */
  proxy: ProxyName | null
  floodWait: FloodWait | null
  /** Attempts at signing in that we would refuse ourselves, and until when. */
  reachedLimits: readonly { action: string; untilMs: number }[]
  queue: QueueState
}
