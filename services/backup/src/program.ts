import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { HOUR } from '@tgsentinel/kernel/time'

export interface ProgramOptions {
  programPath: string
  args: readonly string[]
  /** Beside our own environment. */
  env: Record<string, string>
  signal: AbortSignal
  /** Hears how much is done, 0 to 1. */
  onProgress: (done: number) => void
}

const LONGEST_MS = 6 * HOUR
const MAX_REASON = 2000

/**
 * Runs `tgsentinel` in a process of its own, since it reads whole databases.
 * @throws Error with what it said: a sentence for people where it is one of its own
 */
export function runProgram({ programPath, args, env, signal, onProgress }: ProgramOptions): Promise<void> {
  const timeout = AbortSignal.timeout(LONGEST_MS)
  const child = spawn(process.execPath, [programPath, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const stop = () => void child.kill('SIGTERM')
  signal.addEventListener('abort', stop)
  timeout.addEventListener('abort', stop)
  createInterface(child.stdout).on('line', (line) => {
    const done = doneOf(line)
    if (done !== undefined) onProgress(done)
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-MAX_REASON)
  })
  return new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(said.trim() || 'The program that makes backups ended early.')),
    )
  }).finally(() => {
    signal.removeEventListener('abort', stop)
    timeout.removeEventListener('abort', stop)
  })
}

function doneOf(line: string): number | undefined {
  try {
    const { done } = JSON.parse(line) as { done?: unknown }
    return typeof done === 'number' ? done : undefined
  } catch {
    return undefined
  }
}
