import { Worker } from 'node:worker_threads'
import type { ApiError } from '@tgsentinel/kernel/errors'
import { SECOND } from '@tgsentinel/kernel/time'
import { turnTaker } from '@tgsentinel/kernel/turns'
import { failure, type SettingsFile } from '../model'
import type { ReadProfile } from '../profiles/import/profile-imports'
import type { Said, Task } from './protocol'

const MAX_CHARACTERS = 2_000_000
/** YAML takes a second for each megabyte. */
const SMALL_CHARACTERS = 10_000
const MOST_IN_LINE = 50
const LONGEST_MS = 30 * SECOND
const MEMORY_MB = 512

/**
 * Settings files as text, read and written in a thread of its own, which is ended after 30 s. One file is read at a time, another one is
 * refused meanwhile; of those that are written one waits at the most, and all who ask meanwhile get that one.
 */
export class FileWork {
  private readonly threads = new Set<Worker>()
  private isReading = false
  private line: Promise<unknown> = Promise.resolve()
  private waiting = 0
  private writing: Promise<unknown> = Promise.resolve()
  private next: Promise<string> | null = null

  constructor(private readonly threadPath: string) {}

  /** What the file says, by the document, with nothing looked up yet. @throws ApiError INVALID_IMPORT, CONFLICT */
  async read(content: string, signal?: AbortSignal): Promise<SettingsFile> {
    if (content.length > MAX_CHARACTERS)
      throw failure(
        'INVALID_IMPORT',
        `The file has more than ${MAX_CHARACTERS} characters. Split it, and send one part after the other.`,
      )
    const said = await this.alone({ kind: 'read', content }, signal)
    if (said.kind !== 'read') throw refusal(said)
    return joined(said)
  }

  /** What profiles of a file mean. @throws ApiError INVALID_IMPORT, CONFLICT */
  async readProfiles(content: string, takenNames: readonly string[], signal?: AbortSignal): Promise<ReadProfile[]> {
    const task: Task = { kind: 'profiles', content, takenNames }
    const said = await (content.length <= SMALL_CHARACTERS ? this.inLine(task, signal) : this.alone(task, signal))
    if (said.kind !== 'profiles') throw refusal(said)
    return said.found
  }

  private async alone(task: Task, signal?: AbortSignal): Promise<Said> {
    if (this.isReading) throw failure('CONFLICT', 'Another file is being read. Send it again in a moment.')
    this.isReading = true
    try {
      return await this.perform(task, signal)
    } finally {
      this.isReading = false
    }
  }

  /** Small files are read one after the other, and keep nobody waiting for long. */
  private async inLine(task: Task, signal?: AbortSignal): Promise<Said> {
    if (this.waiting >= MOST_IN_LINE)
      throw failure('CONFLICT', 'Other files are being read. Send it again in a moment.')
    this.waiting += 1
    const said = this.line.then(() => this.perform(task, signal))
    this.line = said.catch(() => undefined)
    try {
      return await said
    } finally {
      this.waiting -= 1
    }
  }

  /** As YAML. `file`: asked for when it is written. */
  write(file: () => Promise<SettingsFile>): Promise<string> {
    this.next ??= this.writing.then(async () => {
      this.next = null
      const said = await this.perform({ kind: 'write', json: JSON.stringify(await file()) })
      if (said.kind !== 'written') throw new Error('the thread did not write the settings')
      return said.yaml
    })
    this.writing = this.next.catch(() => undefined)
    return this.next
  }

  /** What is under way is not finished. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([...this.threads].map((thread) => thread.terminate()))
  }

  private async perform(task: Task, signal?: AbortSignal): Promise<Said> {
    const limits = { maxOldGenerationSizeMb: MEMORY_MB }
    const thread = new Worker(this.threadPath, { workerData: task, resourceLimits: limits, execArgv: [] })
    this.threads.add(thread)
    const end = () => void thread.terminate()
    const timer = setTimeout(end, LONGEST_MS)
    // Who goes away waits for nothing any more.
    signal?.addEventListener('abort', end, { once: true })
    try {
      return await answerOf(thread)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      this.threads.delete(thread)
      void thread.terminate()
    }
  }
}

function refusal(said: Said): ApiError {
  return failure('INVALID_IMPORT', said.kind === 'refused' ? said.problem : 'It cannot be read.')
}

function answerOf(thread: Worker): Promise<Said> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown) =>
      reject(
        failure('INVALID_IMPORT', 'The file takes too long, or too much memory. Split it, or send it as JSON.', cause),
      )
    thread.once('message', resolve)
    thread.once('error', fail)
    thread.once('exit', () => fail())
  })
}

/** The profiles are most of a file: each is taken in by itself. */
async function joined({ profiles, rest }: Extract<Said, { kind: 'read' }>): Promise<SettingsFile> {
  const file = JSON.parse(rest) as SettingsFile
  const rested = turnTaker()
  for (const text of profiles) {
    await rested()
    file.profiles?.push(JSON.parse(text) as NonNullable<SettingsFile['profiles']>[number])
  }
  return file
}
