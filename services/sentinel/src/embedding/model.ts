import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Logger } from '@tgsentinel/kernel/log'
import { backoffMs, MINUTE, SECOND } from '@tgsentinel/kernel/time'
import type { EmbeddingView } from '../model'
import type { ModelThreadData, Request, Said } from './protocol'

/** How urgent a reading is: what has just been posted goes before what is read over again. */
export type Urgency = 'live' | 'background'

export interface ModelOptions {
  /** Folder of the model. */
  folder: string
  /** Built program of the thread. */
  threadPath: string
  /** Folders from which the runtime is looked for. */
  lookIn: readonly string[]
  log: Logger
}

const RUNTIME = '@huggingface/transformers'
/** Texts that are read at a time: what is live waits for no more than these. */
const TEXTS_A_TIME = 16
/** A model reads some hundred words and ignores the rest; so long a text is more than they take. */
const LONGEST = 2000
const LOADING_MS = 2 * MINUTE
const READING_MS = MINUTE
const FIRST_PAUSE_MS = SECOND
const LAST_PAUSE_MS = 5 * MINUTE

type Outcome = Float32Array[] | 'refused' | 'unavailable'

interface Task {
  texts: string[]
  resolve: (outcome: Outcome) => void
}

/**
 * A sentence model in a thread of its own, one batch at a time. A thread that dies or says nothing for a minute is replaced, what it
 * had to read is not read; a model that cannot be loaded is not tried again.
 */
export class SentenceModel {
  private thread: Worker | null = null
  private state: EmbeddingView['state'] = 'loading'
  private problem: string | null = null
  private dimensions: number | null = null
  private embedded = 0
  private attempt = 0
  private isRestarting = false
  private lastId = 0
  private present: Task | null = null
  private watchdog: NodeJS.Timeout | undefined
  private readonly waiting: Record<Urgency, Task[]> = { live: [], background: [] }

  constructor(private readonly options: ModelOptions) {
    this.start()
  }

  get view(): EmbeddingView {
    const { state, dimensions, embedded, problem } = this
    return { state, model: basename(this.options.folder), dimensions, embedded, problem }
  }

  /** Whether what it says of itself will soon be otherwise: it is being loaded, or started again. */
  get isPassing(): boolean {
    return this.state === 'loading' || this.isRestarting
  }

  /** A unit vector for each text; null for one that it refuses, and for all that it cannot read now. Waits while it is loaded. */
  async read(texts: readonly string[], urgency: Urgency): Promise<(Float32Array | null)[]> {
    const vectors: (Float32Array | null)[] = []
    for (let at = 0; at < texts.length; at += TEXTS_A_TIME) {
      const part = texts.slice(at, at + TEXTS_A_TIME)
      const outcome = await this.readPart(part, urgency)
      if (outcome === 'unavailable') return texts.map((_, place) => vectors[place] ?? null)
      vectors.push(...(outcome === 'refused' ? await this.readApart(part, urgency) : outcome))
    }
    return vectors
  }

  private readPart(texts: readonly string[], urgency: Urgency): Promise<Outcome> {
    return new Promise((resolve) => {
      this.waiting[urgency].push({ texts: texts.map((text) => text.slice(0, LONGEST)), resolve })
      this.next()
    })
  }

  /** One after the other, so that one which is refused takes no other with it. */
  private async readApart(texts: readonly string[], urgency: Urgency): Promise<(Float32Array | null)[]> {
    const vectors: (Float32Array | null)[] = []
    for (const text of texts) {
      const outcome = await this.readPart([text], urgency)
      vectors.push(typeof outcome === 'string' ? null : (outcome[0] ?? null))
    }
    return vectors
  }

  async close(): Promise<void> {
    const thread = this.thread
    this.thread = null
    clearTimeout(this.watchdog)
    Object.assign(this, { state: 'failed', problem: 'The service stops.' })
    this.dropAll()
    await thread?.terminate()
  }

  private start(): void {
    const { folder, threadPath, lookIn } = this.options
    const data: ModelThreadData = { folder, runtimeUrl: runtimeUrl(lookIn) }
    Object.assign(this, { state: 'loading', isRestarting: false })
    const thread = new Worker(threadPath, { workerData: data, name: 'sentence model' })
    this.thread = thread
    thread.on('message', (said: Said) => this.hear(said))
    thread.on('error', (error) => this.lose(thread, error.message))
    thread.on('exit', () => this.lose(thread, 'Its thread ended.'))
    // A request that waits keeps the process; the model alone does not.
    thread.unref()
    this.watch(LOADING_MS)
  }

  private next(): void {
    if (this.state === 'failed') return this.dropAll()
    if (this.state !== 'ready' || this.present) return
    this.present = this.waiting.live.shift() ?? this.waiting.background.shift() ?? null
    if (!this.present) return
    const request: Request = { id: ++this.lastId, texts: this.present.texts }
    this.thread?.postMessage(request)
    this.watch(READING_MS)
  }

  private hear(said: Said): void {
    clearTimeout(this.watchdog)
    if (said.kind === 'failed') return this.fail(said.problem)
    if (said.kind === 'ready') this.begin(said.dimensions)
    else if (said.id === this.lastId) this.settle(said)
    this.next()
  }

  private begin(dimensions: number): void {
    Object.assign(this, { state: 'ready', problem: null, dimensions })
    this.options.log.info({ model: this.view.model, dimensions }, 'the sentence model is ready')
  }

  private settle(said: Extract<Said, { id: number }>): void {
    const task = this.present
    this.present = null
    if (said.kind === 'refused') return this.refuse(task, said.problem)
    this.attempt = 0
    const vectors = this.vectorsOf(said.vectors)
    this.embedded += vectors.length
    task?.resolve(vectors)
  }

  private refuse(task: Task | null, problem: string): void {
    this.options.log.warn({ problem }, 'the sentence model refused texts')
    if (task?.texts.length === 1)
      this.problem = `It does not take every text; such a one is judged by words. (${problem})`
    task?.resolve('refused')
  }

  private vectorsOf(all: Float32Array): Float32Array[] {
    const length = this.dimensions ?? 1
    return Array.from({ length: all.length / length }, (_, at) => all.slice(at * length, (at + 1) * length))
  }

  private watch(ms: number): void {
    clearTimeout(this.watchdog)
    this.watchdog = setTimeout(() => void this.thread?.terminate(), ms).unref()
  }

  /** Begins anew, after a while. */
  private lose(thread: Worker, why: string): void {
    if (thread !== this.thread) return
    this.thread = null
    clearTimeout(this.watchdog)
    if (this.state === 'failed') return
    this.fail(`It broke off (${why}) and is started again.`)
    this.isRestarting = true
    const pauseMs = backoffMs(this.attempt++, FIRST_PAUSE_MS, LAST_PAUSE_MS, Math.random())
    this.watchdog = setTimeout(() => this.start(), pauseMs).unref()
  }

  private fail(problem: string): void {
    Object.assign(this, { state: 'failed', problem })
    this.options.log.warn({ problem }, 'the sentence model cannot be used; likeness is judged by words')
    this.dropAll()
  }

  private dropAll(): void {
    const tasks = [this.present, ...this.waiting.live.splice(0), ...this.waiting.background.splice(0)]
    this.present = null
    for (const task of tasks) task?.resolve('unavailable')
  }
}

/** Where the runtime is installed; it is no dependency of ours. */
function runtimeUrl(lookIn: readonly string[]): string | null {
  for (const folder of lookIn) {
    const require = createRequire(join(folder, 'index.js'))
    const isThere = (require.resolve.paths(RUNTIME) ?? []).some((path) => existsSync(join(path, RUNTIME)))
    if (isThere) return pathToFileURL(require.resolve(RUNTIME)).href
  }
  return null
}
