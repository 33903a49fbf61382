import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE, SECOND } from '@tgsentinel/kernel/time'
import { runProgram } from './program'
import type { BackupSettings } from './backup-settings'

export interface BackupsOptions {
  settings: BackupSettings
  /** Whose database it is; its backups bear the name. */
  service: 'sentinel' | 'ui'
  /** Of the program that makes one, in a process of its own. */
  programPath: string
  /** What the program has to know beside our own environment. */
  env?: Record<string, string>
  log: Logger
  now?: () => number
  /** The view changed; at most once a second while one is being made. */
  onChange?: () => void
}

/** A backup in the folder. */
export interface BackupFile {
  name: string
  madeAtMs: number
  sizeBytes: number
  /** The Telegram session is in it, sealed. */
  hasSession: boolean
}

/** The latest backup that was asked for or due, since the start. */
export interface BackupRun {
  state: 'none' | 'running' | 'done' | 'failed' | 'cancelled'
  startedAtMs: number | null
  finishedAtMs: number | null
  /** Null where nobody can tell. */
  percent: number | null
  message: string
}

const NO_RUN: BackupRun = {
  state: 'none',
  startedAtMs: null,
  finishedAtMs: null,
  percent: null,
  message: 'No backup was made since the start.',
}
/** After a failure the schedule waits this long. */
const RETRY_MS = 10 * MINUTE

/** Makes backups when somebody asks for one and when the newest has become too old, one at a time. */
export class Backups {
  private timer: NodeJS.Timeout | undefined
  private underWay: { done: Promise<void>; cancel: () => void } | undefined
  private run = NO_RUN
  private toldAtMs = 0
  private isClosed = false

  constructor(private readonly options: BackupsOptions) {}

  start(): void {
    if (this.options.settings.everyMs === null) return
    this.timer = setInterval(() => void this.look(), MINUTE).unref()
    void this.look()
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearInterval(this.timer)
    this.cancel()
    await this.underWay?.done
  }

  get latest(): BackupRun {
    return this.run
  }

  get settings(): BackupSettings {
    return this.options.settings
  }

  private get dir(): string {
    return this.settings.dir
  }

  /** Null where there is none, or the folder cannot be read. */
  get newestAtMs(): number | null {
    try {
      return this.list()[0]?.madeAtMs ?? null
    } catch {
      return null
    }
  }

  /** When the schedule makes the next one, the newest being what it is; null where there is none. */
  nextAtMs(newest = this.list()[0]): number | null {
    const { everyMs } = this.options.settings
    if (everyMs === null) return null
    return newest === undefined ? this.now() : newest.madeAtMs + everyMs
  }

  /** Backups of this service, the newest first. @throws Error where the folder cannot be read */
  list(): BackupFile[] {
    mkdirSync(this.dir, { recursive: true, mode: 0o700 })
    const facts = readdirSync(this.dir)
      .filter((name) => this.isOurs(name))
      .flatMap((name) => this.factsOf(name) ?? [])
    return facts.sort((a, b) => b.madeAtMs - a.madeAtMs || (a.name < b.name ? 1 : -1))
  }

  /** Where a backup is that the list has; undefined for any other name. */
  find(name: string): string | undefined {
    return this.isOurs(name) && this.factsOf(name) ? join(this.dir, name) : undefined
  }

  /** Whether there was one of that name. */
  remove(name: string): boolean {
    const path = this.find(name)
    if (path !== undefined) rmSync(path, { force: true })
    return path !== undefined
  }

  /** False where one is under way. With a passphrase the session is in it, sealed. */
  begin(passphrase?: string): boolean {
    if (this.underWay || this.isClosed) return false
    const cancelling = new AbortController()
    const done = this.make(cancelling.signal, passphrase).finally(() => (this.underWay = undefined))
    this.underWay = { done, cancel: () => cancelling.abort() }
    return true
  }

  /** Whether one was under way. It ends soon, and leaves no file. */
  cancel(): boolean {
    this.underWay?.cancel()
    return this.underWay !== undefined
  }

  /** Makes the backup that is due, if one is, and removes those beyond the number that is kept. */
  async look(): Promise<void> {
    if (!this.isDue()) return
    this.begin()
    await this.underWay?.done
    if (this.run.state !== 'done') return
    for (const { name } of this.list().slice(this.options.settings.keep)) this.remove(name)
  }

  private isDue(): boolean {
    const { state, finishedAtMs } = this.run
    if (this.underWay || this.isClosed) return false
    if (state === 'failed' && this.now() - (finishedAtMs ?? 0) < RETRY_MS) return false
    try {
      return this.now() >= (this.nextAtMs() ?? Infinity)
    } catch (error) {
      this.fail(error)
      return false
    }
  }

  private async make(signal: AbortSignal, passphrase: string | undefined): Promise<void> {
    const { log } = this.options
    this.set({ ...NO_RUN, state: 'running', startedAtMs: this.now(), percent: 0, message: 'A backup is being made.' })
    try {
      await runProgram({ ...this.programOf(passphrase), signal, onProgress: (done) => this.tell(done) })
      const newest = this.list()[0]
      log.info({ dir: this.dir, name: newest?.name }, 'a backup was made')
      this.end('done', `${newest?.name ?? 'It'} is whole and on the disk.`)
    } catch (error) {
      if (signal.aborted) this.end('cancelled', 'It was cancelled. Nothing of it was kept.')
      else this.fail(error)
    }
  }

  private programOf(passphrase: string | undefined) {
    const { programPath, service, env = {} } = this.options
    const args = ['backup', '--to', this.dir, '--only', service, '--json']
    if (passphrase === undefined) return { programPath, args, env }
    return { programPath, args: [...args, '--with-session'], env: { ...env, BACKUP_PASSPHRASE: passphrase } }
  }

  private fail(error: unknown): void {
    const reason = (error as Error).message
    this.options.log.error({ reason }, 'a backup could not be made')
    this.end('failed', reason)
  }

  private end(state: 'done' | 'failed' | 'cancelled', message: string): void {
    const percent = state === 'done' ? 100 : this.run.percent
    this.set({ ...this.run, state, message, percent, finishedAtMs: this.now() })
  }

  private tell(done: number): void {
    const percent = Math.min(99, Math.floor(done * 100))
    if (performance.now() - this.toldAtMs > SECOND) this.set({ ...this.run, percent })
    else this.run = { ...this.run, percent }
  }

  private set(run: BackupRun): void {
    this.run = run
    this.toldAtMs = performance.now()
    try {
      if (!this.isClosed) this.options.onChange?.()
    } catch (error) {
      this.options.log.warn({ err: error }, 'how far the backup is could not be told')
    }
  }

  private isOurs(name: string): boolean {
    const { service } = this.options
    return /^[\w.-]+\.tar\.gz$/.test(name) && name.startsWith(`tgsentinel-${service}-`)
  }

  private factsOf(name: string): BackupFile | undefined {
    const facts = statSync(join(this.dir, name), { throwIfNoEntry: false })
    return facts?.isFile()
      ? { name, madeAtMs: facts.mtimeMs, sizeBytes: facts.size, hasSession: name.includes('-with-session-') }
      : undefined
  }

  private now(): number {
    return (this.options.now ?? Date.now)()
  }
}
