import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { SentinelProcess } from './sentinel-process'
import { makeTemporaryFolder, removeFolder } from './temporary-folder'

const CRASH_SCRIPT = join(__dirname, 'crash.cjs')

/** A sentinel that kills itself at a write, named as crash.cjs says, once it is armed. */
export function startMortal(point: string, dataDir: string, env: Record<string, string>): Promise<SentinelProcess> {
  return SentinelProcess.start({ dataDir, env: { ...env, CRASH_AT: point }, preload: CRASH_SCRIPT })
}

/** From now on its writes are counted. */
export async function arm(mortal: SentinelProcess): Promise<void> {
  mortal.kill('SIGUSR2')
  await mortal.said(/armed/)
}

/** Works on a copy of a data folder, which goes afterwards. */
export async function inCopyOf(template: string, work: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = makeTemporaryFolder()
  cpSync(template, dataDir, { recursive: true })
  try {
    await work(dataDir)
  } finally {
    removeFolder(dataDir)
  }
}
