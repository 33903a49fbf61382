/**
 * Takes an uploaded session file: judges it in JS, then has a child process rebuild it under our own DDL. The uploaded
 * bytes themselves never touch the disk. The child is bounded in data, heap and time, and children run one at a time.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import {
  checkPyrogramFile,
  checkPyrogramValues,
  checkSessionFile,
  checkSessionValues,
  InvalidSessionFile,
  readPyrogramRow,
  readSessionRow,
  type InvalidSessionReason,
  type SessionFileFormat,
} from '@tgsentinel/session-codec/session-codec'
import type { InspectorVerdict } from './session-inspector'
import type { SessionFacts } from './session-rebuild'

export type { SessionFacts } from './session-rebuild'

/** Private writable memory of the child. Measured: Node 20 with the 10 MiB fixture needs 112 MiB and fails with 96. */
const DATA_LIMIT_KIB = 192 * 1024
const HEAP_LIMIT_MIB = 32
const MAX_WAITING = 8
const MAX_OUTPUT_CHARACTERS = 4096

export interface RebuildOptions {
  /** Further servers as `host:port` (TG_DC_ALLOW). */
  readonly allow: readonly string[]
  /** The bundled session-inspector; a path ending in .ts is run through tsx. */
  readonly inspectorPath: string
  /** `telethon` unless somebody asked for the conversion of another tool's file. */
  readonly format?: SessionFileFormat
  /** SIGKILL after this time. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** The rebuild failed for a reason that is not the file's: no disk space, too many imports, no child process. */
export class SessionRebuildFailed extends Error {
  override readonly name = 'SessionRebuildFailed'
}

/**
 * Writes a session file of our own at `targetPath` (replaced if it exists) out of an upload and says what is in it.
 * Throws InvalidSessionFile with a message for people, SessionRebuildFailed, or the signal's reason; then no file is left.
 */
export async function rebuildSessionFile(
  bytes: Buffer,
  targetPath: string,
  options: RebuildOptions,
): Promise<SessionFacts> {
  judge(bytes, options)
  const release = await takeTurn()
  try {
    options.signal?.throwIfAborted()
    return await rebuildInChild(bytes, targetPath, options)
  } finally {
    release()
  }
}

function judge(bytes: Buffer, { format, allow }: RebuildOptions): void {
  const servers = { dataCentres: allow }
  if (format === 'pyrogram') {
    checkPyrogramFile(bytes)
    checkPyrogramValues(readPyrogramRow(bytes), servers)
    return
  }
  checkSessionFile(bytes)
  checkSessionValues(readSessionRow(bytes), servers)
}

let lastTurn: Promise<void> = Promise.resolve()
let waiting = 0

/** One child at a time: two hostile files together may not cost twice the memory. */
async function takeTurn(): Promise<() => void> {
  if (waiting >= MAX_WAITING) throw new SessionRebuildFailed('Too many session files are being imported; try again')
  waiting++
  const previous = lastTurn
  let release = (): void => undefined
  lastTurn = new Promise((resolve) => (release = resolve))
  await previous
  return () => {
    waiting--
    release()
  }
}

async function rebuildInChild(bytes: Buffer, targetPath: string, options: RebuildOptions): Promise<SessionFacts> {
  rmSync(targetPath, { force: true })
  let isDone = false
  try {
    const facts = factsOf(await runChild(bytes, targetPath, options))
    isDone = true
    return facts
  } finally {
    if (!isDone) rmSync(targetPath, { force: true })
  }
}

function factsOf(output: string): SessionFacts {
  const verdict = parseVerdict(output)
  // Killed by time, by its data limit, or crashed: a good file does none of these.
  if (verdict === null) {
    throw new InvalidSessionFile('integrity', 'The file is corrupt: reading it took more time or memory than it may')
  }
  if (verdict.ok) return verdict.facts
  if (verdict.reason === 'internal') {
    throw new SessionRebuildFailed(`The session file could not be written (${verdict.message})`)
  }
  throw new InvalidSessionFile(verdict.reason as InvalidSessionReason, verdict.message)
}

function parseVerdict(output: string): InspectorVerdict | null {
  try {
    return JSON.parse(output) as InspectorVerdict
  } catch {
    return null
  }
}

/** The child's output, empty when it was killed. */
function runChild(bytes: Buffer, targetPath: string, options: RebuildOptions): Promise<string> {
  const child = startChild(bytes.length, targetPath, options)
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 5000)
  const abort = (): void => void child.kill('SIGKILL')
  options.signal?.addEventListener('abort', abort)
  // A child that died early breaks the pipe; its missing verdict says so already.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(bytes)
  return outputOf(child)
    .then((output) => {
      options.signal?.throwIfAborted()
      return output
    })
    .finally(() => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', abort)
    })
}

function outputOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout?.setEncoding('utf8')
    child.stdout?.on('data', (chunk: string) => {
      if (output.length < MAX_OUTPUT_CHARACTERS) output += chunk
    })
    child.on('error', (error) => reject(new SessionRebuildFailed('The import process did not start', { cause: error })))
    child.on('close', () => resolve(output))
  })
}

/** `exec` makes the shell become node, so that the kill reaches it; the environment carries none of our secrets. */
function startChild(size: number, targetPath: string, options: RebuildOptions): ChildProcess {
  const { inspectorPath, allow, format = 'telethon' } = options
  // Without a compiler of its own: no page of the child is both written and run, and Node 24 does not reserve half a
  // gigabyte for code, which would count against the data limit. Copying rows is SQLite's work; it takes no longer.
  const loader = inspectorPath.endsWith('.ts') ? ['--import', 'tsx'] : ['--jitless']
  const node = [process.execPath, `--max-old-space-size=${HEAP_LIMIT_MIB}`, '--max-semi-space-size=1', ...loader]
  const command = [...node, inspectorPath, String(size), targetPath, JSON.stringify(allow), format]
  const script = `ulimit -c 0 2>/dev/null; ulimit -d ${DATA_LIMIT_KIB} 2>/dev/null; exec "$@"`
  return spawn('/bin/sh', ['-c', script, 'sh', ...command], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
  })
}
