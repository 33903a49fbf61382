import type { Closers } from '@tgsentinel/kernel/lifecycle'
import type { Logger } from '@tgsentinel/kernel/log'
import { ProfileImports } from '../profiles/import/profile-imports'
import { FileWork } from './file-work'
import { Settings, type SettingsOptions } from './settings'
import { StartFile } from './start-file'

interface SettingsPartsOptions extends Omit<SettingsOptions, 'work' | 'now'> {
  /** Where the file of the start is. */
  folder: string
  /** Of the thread that reads and writes files, bundled. */
  threadPath: string
  log: Logger
}

/** Everything that a person configured, as one file; the one that is there at the start; and files of profiles. */
export function settingsParts({ folder, threadPath, log, ...options }: SettingsPartsOptions, closers: Closers) {
  const work = new FileWork(threadPath)
  closers.add('settings files', () => work.close())
  const settings = new Settings({ ...options, work, now: Date.now })
  const startFile = new StartFile({ folder, settings, store: options.store, log: log.child({ part: 'settings' }) })
  const { profiles, digests } = options
  const adopt: ConstructorParameters<typeof ProfileImports>[1] = (...found) => digests.adopt(...found)
  const imports = new ProfileImports(profiles, adopt, (...file) => work.readProfiles(...file))
  return { settings, startFile, imports }
}
