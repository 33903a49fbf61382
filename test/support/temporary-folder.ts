import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder of the test's own. */
export function makeTemporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tgsentinel-test-'))
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true })
}
