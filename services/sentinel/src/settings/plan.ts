import type { Actor, SettingsChange, SettingsFile } from '../model'
import type { Names } from './names'
import type { Rooms } from './rooms'

/** What a part of a file comes to. */
export interface Plan {
  changes: SettingsChange[]
  /** In a transaction, once those before it were written. @throws ApiError, also where something was changed meanwhile */
  write: (by: Actor) => void
}

/** What the parts of a file are planned with. */
export interface Planning {
  rooms: Rooms
  file: SettingsFile
  /** Lets everything else have its turn. */
  rested: () => Promise<void>
  /** Names that may be referred to: of what is there, and of what the file brings. */
  profiles: Names
  /** The same of destinations. */
  destinations: ReadonlySet<string>
  /** Destinations of the file that cannot be taken over. */
  skipped: Set<string>
}

export const NOTHING: Plan = { changes: [], write: () => undefined }
