import { execFile } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from '@tgsentinel/kernel/log'
import { isStorageFailure } from '@tgsentinel/kernel/sqlite'
import { isoMoment, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { Bus } from '../bus/bus'
import { failure, type Maintenance as MaintenanceView } from '../model'
import type { Store } from '../store/store'
import { REBUILD } from '../store/rebuild'
import type { Pages } from '../store/space'

/** Pages that are given back, and pages of the index that are merged, in one turn of the event loop. */
const SLICE_PAGES = 200
const MERGE_PAGES = 50
const MAX_MERGES = 20_000
const PAUSE_MS = 3
/** How often the event stream is told how far it is. */
const TELL_MS = SECOND

type Job = Omit<MaintenanceView, 'size_bytes' | 'free_bytes'>

const NO_JOB: Job = {
  state: 'none',
  kind: null,
  started_at: null,
  finished_at: null,
  percent: null,
  pages_before: null,
  pages_after: null,
  message: 'Nothing was vacuumed since the start.',
}

interface MaintenanceOptions {
  store: Store
  bus: Bus
  log: Logger
  /** The program itself: it rewrites the database as a process of its own. */
  programPath: string
  now: () => number
  /** Bytes that the disk of a folder has left. */
  freeBytes?: (folder: string) => number
}

/** Gives the space of deleted rows back to the disk, while everything else goes on. One vacuum at a time. */
export class Maintenance {
  private readonly stop = new AbortController()
  private underWay: Promise<void> | null = null
  private job = NO_JOB
  private toldAtMs = 0

  constructor(private readonly options: MaintenanceOptions) {}

  get view(): MaintenanceView {
    const { total, free, sizeBytes } = this.options.store.space.pages()
    return { ...this.job, size_bytes: total * sizeBytes, free_bytes: free * sizeBytes }
  }

  /** @throws ApiError CONFLICT while one is under way */
  vacuum(): MaintenanceView {
    if (this.underWay) throw failure('CONFLICT', 'A vacuum is under way. Wait for its end.')
    this.underWay = this.run().finally(() => (this.underWay = null))
    return this.view
  }

  /** What was given back by then is given back; a file that is being rewritten stays as it was. */
  async close(): Promise<void> {
    this.stop.abort(new Error('the sentinel stops'))
    await this.underWay
  }

  private async run(): Promise<void> {
    const { store, log, now } = this.options
    const kind = store.space.isIncremental ? 'incremental' : 'full'
    const pages = store.space.pages()
    this.job = {
      ...NO_JOB,
      state: 'running',
      kind,
      started_at: isoMoment(now()),
      pages_before: pages.total,
      message: '',
    }
    try {
      this.tell({ percent: kind === 'full' ? null : 0, message: SENTENCES[kind] })
      await this.pause()
      if (kind === 'full') await this.rebuild(pages)
      else await this.release()
      store.space.checkpoint()
      this.finish('done', pages)
    } catch (error) {
      if (this.stop.signal.aborted) return
      log.error({ err: error }, 'a vacuum did not end')
      this.finish('failed', pages, error)
    }
  }

  private async release(): Promise<void> {
    const { space, searchIndex } = this.options.store
    // Deleted rows leave the index only when its pieces are merged.
    for (let merged = 0; merged < MAX_MERGES && searchIndex.merge(MERGE_PAGES); merged++) await this.pause()
    const { free } = space.pages()
    for (let left = free; left > 0; left -= SLICE_PAGES) {
      space.release(SLICE_PAGES)
      this.job = { ...this.job, percent: Math.min(99, Math.max(0, Math.floor(((free - left) * 100) / free))) }
      if (performance.now() - this.toldAtMs > TELL_MS) this.tell({})
      await this.pause()
    }
  }

  /** @throws Error with a sentence for people where the disk has too little room */
  private async rebuild(pages: Pages): Promise<void> {
    const { store, freeBytes = freeBytesOf } = this.options
    const { path } = store.space
    const needed = 2.1 * (pages.total - pages.free) * pages.sizeBytes
    const free = freeBytes(dirname(path))
    if (free < needed) throw new TooLittleRoom(needed, free)
    // A write that waited for the other connection would hold up everything.
    store.busyTimeout.off()
    try {
      await this.inProcess(path)
    } finally {
      store.busyTimeout.on()
    }
  }

  private inProcess(path: string): Promise<void> {
    const { signal } = this.stop
    const options = { signal, killSignal: 'SIGKILL' as const, env: {} }
    return new Promise((resolve, reject) => {
      execFile(process.execPath, [this.options.programPath, REBUILD, path], options, (error) =>
        error ? reject(error) : resolve(),
      )
    })
  }

  private pause(): Promise<void> {
    return sleep(PAUSE_MS, this.stop.signal)
  }

  private finish(state: 'done' | 'failed', before: Pages, error?: unknown): void {
    const { store, log, now } = this.options
    const after = store.space.pages()
    const message = state === 'done' ? gainOf(before, after) : failureOf(error)
    if (state === 'done') log.info({ pages_before: before.total, pages_after: after.total }, 'vacuumed')
    const percent = state === 'done' ? 100 : this.job.percent
    this.tell({ state, message, percent, finished_at: isoMoment(now()), pages_after: after.total })
  }

  private tell(part: Partial<Job>): void {
    const { store, bus, log } = this.options
    this.job = { ...this.job, ...part }
    this.toldAtMs = performance.now()
    try {
      store.events.add('maintenance', this.view)
      bus.ring('events')
    } catch (error) {
      if (!isStorageFailure(error)) throw error
      log.error({ err: error }, 'how far a vacuum is could not be put on the event stream')
    }
  }
}

const SENTENCES = {
  incremental: 'Giving free space back to the disk.',
  full: 'Rewriting the database, once. Until it is done, what arrives waits in memory.',
}

class TooLittleRoom extends Error {
  constructor(needed: number, free: number) {
    super(
      `The disk has ${megabytes(free)} left, and ${megabytes(needed)} are needed for a while. Free some, then try again.`,
    )
  }
}

function failureOf(error: unknown): string {
  if (error instanceof TooLittleRoom) return error.message
  if (isStorageFailure(error)) return 'The database took no writes. Check the disk, then try again.'
  return 'Something went wrong; the log says what. Nothing is lost.'
}

function gainOf(before: Pages, after: Pages): string {
  const bytes = (before.total - after.total) * after.sizeBytes
  return bytes > 0 ? `${megabytes(bytes)} were given back to the disk.` : 'There was nothing to give back.'
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toLocaleString('en-US', { maximumFractionDigits: bytes < 10_000_000 ? 1 : 0 })} MB`
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
