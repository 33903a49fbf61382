import { chmodSync, existsSync, mkdirSync } from 'node:fs'

let isShared = false

/**
 * Who may use what this process writes: its user alone (files 0600, folders 0700), or the group, too (0660, 0770), which is for
 * containers, where the group is their own. To be called first of all: it sets the umask.
 */
export function limitAccess(withGroup: boolean): void {
  isShared = withGroup
  process.umask(withGroup ? 0o007 : 0o077)
}

/** Mode of a file that is ours. */
export function fileMode(): number {
  return isShared ? 0o660 : 0o600
}

/** Makes a folder where there is none; one that is there may be somebody else's, and stays as it is. */
export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: isShared ? 0o770 : 0o700 })
}

/** Brings a folder that is ours, and was made by an earlier version, to the mode that it has today. */
export function tightenFolder(path: string): void {
  if (!isShared && existsSync(path)) ignoringOthers(() => chmodSync(path, 0o700))
}

/** The same for files; those that are not there are left out. */
export function tightenFiles(paths: readonly string[]): void {
  for (const path of paths) if (existsSync(path)) ignoringOthers(() => chmodSync(path, fileMode()))
}

/** What belongs to another user is his to limit. */
function ignoringOthers(work: () => void): void {
  try {
    work()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
  }
}
