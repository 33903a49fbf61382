import { DAY, HOUR, MINUTE } from '@tgsentinel/kernel/time'

export interface BackupSettings {
  /** Folder of the backups. */
  dir: string
  /** How old the newest may become before the next is made by itself; null: none is. */
  everyMs: number | null
  /** How many of those in the folder are kept by the schedule, the newest ones. */
  keep: number
}

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

interface BackupValues {
  BACKUP_DIR: string | undefined
  BACKUP_EVERY: string | undefined
  BACKUP_KEEP: number
}

/** What the environment says of backups; those that a person asks for go to `ownFolder` where it names none. */
export function backupSettings(values: BackupValues, ownFolder: string): BackupSettings {
  const { BACKUP_DIR: dir, BACKUP_EVERY: every, BACKUP_KEEP: keep } = values
  const everyMs = dir === undefined || every === undefined ? null : (parseEvery(every) ?? null)
  return { dir: dir ?? ownFolder, everyMs, keep }
}
