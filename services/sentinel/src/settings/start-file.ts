import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ApiError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import type { SettingsChange, SettingsFileState } from '../model'
import type { Store } from '../store/store'
import type { Settings } from './settings'
import { sentenceOf, textOf } from './wording'

/** The first that is there is read. */
const FILES = ['tgsentinel.yml', 'tgsentinel.yaml', 'tgsentinel.json']

export interface StartFileOptions {
  folder: string
  settings: Settings
  store: Store
  log: Logger
}

/** The file of settings that lies in the folder of the configuration: put in force at a start, where it is not the one that was last. */
export class StartFile {
  private state: SettingsFileState | null = null

  constructor(private readonly options: StartFileOptions) {}

  /** Null where there is none. */
  get view(): SettingsFileState | null {
    return this.state
  }

  /** A file that cannot be used is said, and stops nothing. */
  async apply(): Promise<void> {
    const { folder, log } = this.options
    const name = await firstOf(folder).catch(() => undefined)
    if (name === undefined) return
    const path = join(folder, name)
    try {
      this.state = { path, ...(await this.take(path)) }
    } catch (error) {
      const reason = reasonOf(error)
      this.state = { path, state: 'refused', message: reason }
      log.error(
        { path, reason, ...(error instanceof ApiError ? {} : { err: error }) },
        'the settings file was refused; what was in force stays',
      )
    }
  }

  private async take(path: string): Promise<Omit<SettingsFileState, 'path'>> {
    const { settings, store, log } = this.options
    const bytes = await readFile(path)
    const hash = createHash('sha256').update(bytes).digest('hex')
    if (store.settings.get('settings_file') === hash)
      return { state: 'unchanged', message: 'It was put in force at an earlier start, and is the same since.' }
    const changes = await settings.import(textOf(bytes), { by: 'sentinel', isDryRun: false })
    store.settings.set('settings_file', hash)
    log.info({ path, ...countsOf(changes) }, 'settings file applied')
    return { state: 'applied', message: sentenceOf(changes, false) }
  }
}

async function firstOf(folder: string): Promise<string | undefined> {
  const there = await readdir(folder)
  return FILES.find((name) => there.includes(name))
}

function countsOf(changes: readonly SettingsChange[]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {}
  for (const { action, kind } of changes) {
    const kinds = (counts[action] ??= {})
    kinds[kind] = (kinds[kind] ?? 0) + 1
  }
  return counts
}

/** Errors of ours are for people; of a foreign one the code is enough. */
function reasonOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  const { code } = error as { code?: unknown }
  return typeof code === 'string'
    ? `It could not be read or put in force (${code}). The log has more.`
    : 'Something went wrong. The log has more.'
}
