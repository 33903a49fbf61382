import { closeSync, fsyncSync, openSync } from 'node:fs'

/** What was written to a file, or renamed into a folder, is there after a power cut only once that itself is synced. */
export function toDisk(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
