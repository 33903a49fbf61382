import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { httpError } from '@tgsentinel/kernel/errors'
import { SECOND } from '@tgsentinel/kernel/time'
import { failure } from '../model'
import type { RenderReply, RenderRequest } from './protocol'
import type { Rendered } from './template-engine'

/** From the asking to the answer; a template that anybody means takes some milliseconds. */
const DEADLINE_MS = 5 * SECOND
/** A thread that is not there by then is not coming: the machine may be busy. */
const START_MS = 30 * SECOND
/** It holds some MB, and is soon there again. */
const IDLE_MS = 30 * SECOND
const MEMORY_MB = 64

/**
 * Renders templates of people in a thread of its own, one after the other, each with a deadline: a thread that does not answer is ended, and
 * the next template has a new one. It is there as long as it is used.
 */
export class TemplateRendering {
  private thread: Worker | null = null
  private idle: NodeJS.Timeout | undefined
  private tail: Promise<unknown> = Promise.resolve()
  private isClosed = false

  constructor(private readonly threadPath: string) {}

  /** @throws ApiError INVALID_TEMPLATE, UNAVAILABLE */
  readonly render = (request: RenderRequest): Promise<Rendered> => {
    const rendered = this.tail.then(() => this.renderNow(request))
    this.tail = rendered.catch(() => undefined)
    return rendered
  }

  /** What is under way is refused. Idempotent. */
  async close(): Promise<void> {
    this.isClosed = true
    await this.end()
  }

  private async renderNow(request: RenderRequest): Promise<Rendered> {
    clearTimeout(this.idle)
    const thread = (this.thread ??= await this.start())
    const reply = answerOf(thread, DEADLINE_MS)
    thread.postMessage(request)
    const said = await reply
    if (said?.kind === 'rendered' || said?.kind === 'refused')
      this.idle = setTimeout(() => void this.end(), IDLE_MS).unref()
    else await this.end()
    if (said?.kind === 'rendered') return said.rendered
    throw failure(
      'INVALID_TEMPLATE',
      said?.kind === 'refused' ? said.problem : 'The template takes too long, or too much.',
    )
  }

  private async start(): Promise<Worker> {
    if (this.isClosed) throw unavailable()
    const limits = { maxOldGenerationSizeMb: MEMORY_MB }
    const thread = new Worker(this.threadPath, { resourceLimits: limits, execArgv: [], name: 'templates' })
    // A request that waits keeps the process; the thread alone does not.
    thread.unref()
    thread.on('error', () => undefined)
    thread.once('exit', () => {
      if (this.thread === thread) this.thread = null
    })
    if ((await answerOf(thread, START_MS)) && !this.isClosed) return thread
    await thread.terminate()
    throw unavailable()
  }

  private async end(): Promise<void> {
    clearTimeout(this.idle)
    const { thread } = this
    this.thread = null
    await thread?.terminate()
  }
}

/** What a thread says next; undefined where it ends before, or says nothing for so long. */
async function answerOf(thread: Worker, withinMs: number): Promise<RenderReply | undefined> {
  const controller = new AbortController()
  const abort = () => controller.abort()
  const timer = setTimeout(abort, withinMs)
  thread.once('exit', abort)
  try {
    const [said] = (await once(thread, 'message', { signal: controller.signal })) as [RenderReply]
    return said
  } catch {
    // It failed, ended or was too slow: it is replaced.
    return undefined
  } finally {
    clearTimeout(timer)
    thread.off('exit', abort)
  }
}

function unavailable() {
  return httpError('UNAVAILABLE', 'Templates cannot be rendered now. Try again in a moment.')
}
