import { closeSync, fsyncSync, openSync } from 'node:fs'

/** What was renamed into a folder is there after a power cut only once the folder itself is synced. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
