import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '@tgsentinel/kernel/log'
import { DAY, HOUR, MINUTE } from '@tgsentinel/kernel/time'

export interface BackupSettings {
  /** Folder of the backups. */
  dir: string
  everyMs: number
  /** How many are kept, the newest ones. */
  keep: number
}

export interface ScheduleOptions {
  settings: BackupSettings | undefined
  /** Whose database it is; its backups bear the name. */
  service: 'sentinel' | 'ui'
  /** Of the program that makes one, in a process of its own. */
  programPath: string
  log: Logger
  now?: () => number
}

const LONGEST_MS = 6 * HOUR

/** `12h`, `1d` or `90m`: at least ten minutes and at most a year, in milliseconds; undefined for anything else. */
export function parseEvery(text: string): number | undefined {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? []
  const ms = Number(count) * ({ m: MINUTE, h: HOUR, d: DAY }[unit] ?? Number.NaN)
  return ms >= 10 * MINUTE && ms <= 365 * DAY ? ms : undefined
}

export function parseKeep(text: string): number | undefined {
  return /^[1-9]\d{0,2}$|^1000$/.test(text) ? Number(text) : undefined
}

export const NO_BACKUP_DIR = 'BACKUP_EVERY is set, but BACKUP_DIR is not: name the folder of the backups'

/** What the environment says of scheduled backups; undefined where it asks for none. */
export function backupSettings(values: {
  BACKUP_DIR: string | undefined
  BACKUP_EVERY: string | undefined
  BACKUP_KEEP: number
}): BackupSettings | undefined {
  const everyMs = values.BACKUP_EVERY === undefined ? undefined : parseEvery(values.BACKUP_EVERY)
  if (values.BACKUP_DIR === undefined || everyMs === undefined) return undefined
  return { dir: values.BACKUP_DIR, everyMs, keep: values.BACKUP_KEEP }
}

/** Makes a backup whenever the newest one has become too old, and removes those beyond the number that is kept. */
export class BackupSchedule {
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | undefined
  private readonly closing = new AbortController()

  constructor(private readonly options: ScheduleOptions) {}

  start(): void {
    if (!this.options.settings) return
    this.timer = setInterval(() => void this.look(), MINUTE).unref()
    void this.look()
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
    this.closing.abort()
    await this.running
  }

  /** One at a time. A failure is told in the log, and tried again at the next look. */
  look(): Promise<void> {
    const { settings } = this.options
    if (!settings) return Promise.resolve()
    this.running ??= this.takeTurn(settings).finally(() => (this.running = undefined))
    return this.running
  }

  private async takeTurn(settings: BackupSettings): Promise<void> {
    const { log, now = Date.now } = this.options
    try {
      const newest = this.made(settings.dir)[0]
      if (newest && now() - newest.atMs < settings.everyMs) return
      await this.make(settings.dir)
      for (const { name } of this.made(settings.dir).slice(settings.keep))
        rmSync(join(settings.dir, name), { force: true })
      log.info({ dir: settings.dir }, 'a backup was made')
    } catch (error) {
      if (this.closing.signal.aborted) return
      const { stderr, message } = error as { stderr?: string; message: string }
      log.error({ reason: stderr?.trim() || message }, 'the backup that was due could not be made')
    }
  }

  private make(dir: string): Promise<void> {
    const { programPath, service } = this.options
    const args = [programPath, 'backup', '--to', dir, '--only', service, '--json']
    return new Promise((resolve, reject) => {
      const limits = { signal: this.closing.signal, timeout: LONGEST_MS, maxBuffer: 64 * 1024 * 1024 }
      execFile(process.execPath, args, limits, (error, _stdout, stderr) => {
        if (error) reject(Object.assign(error, { stderr }))
        else resolve()
      })
    })
  }

  /** Backups of this service, the newest first. */
  private made(dir: string): { name: string; atMs: number }[] {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    const isOurs = (name: string) => name.startsWith(`tgsentinel-${this.options.service}-`) && name.endsWith('.tar.gz')
    return readdirSync(dir)
      .filter(isOurs)
      .map((name) => ({ name, atMs: statSync(join(dir, name)).mtimeMs }))
      .sort((a, b) => b.atMs - a.atMs)
  }
}
