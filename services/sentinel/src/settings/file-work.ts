import { Worker } from 'node:worker_threads'
import type { ApiError } from '@tgsentinel/kernel/errors'
import { SECOND } from '@tgsentinel/kernel/time'
import { turnTaker } from '@tgsentinel/kernel/turns'
import { failure, type SettingsFile } from '../model'
import { jsonIn, parseContent } from '../profiles/import/content'
import type { Said, Task } from './protocol'

const MAX_CHARACTERS = 2_000_000
/** YAML takes a second for each megabyte. */
const SMALL_CHARACTERS = 10_000
const LONGEST_MS = 30 * SECOND
const MEMORY_MB = 512

/**
 * Settings files as text, read and written in a thread of its own, which is ended after 30 s. One file is read at a time, another one is
 * refused meanwhile; of those that are written one waits at the most, and all who ask meanwhile get that one.
 */
export class FileWork {
  private readonly threads = new Set<Worker>()
  private isReading = false
  private writing: Promise<unknown> = Promise.resolve()
  private next: Promise<string> | null = null

  constructor(private readonly threadPath: string) {}

  /** What the file says, by the document, with nothing looked up yet. @throws ApiError INVALID_IMPORT, CONFLICT */
  async read(content: string): Promise<SettingsFile> {
    if (content.length > MAX_CHARACTERS)
      throw failure(
        'INVALID_IMPORT',
        `The file has more than ${MAX_CHARACTERS} characters. Split it, and send one part after the other.`,
      )
    const said = await this.alone({ kind: 'read', content })
    if (said.kind !== 'read') throw refusal(said)
    return joined(said)
  }

  /** What a file of any kind holds, JSON or YAML: a small one at once, a large one in the thread. @throws ApiError INVALID_IMPORT, CONFLICT */
  async parse(content: string): Promise<unknown> {
    if (content.length <= SMALL_CHARACTERS) return parseContent(content)
    const json = jsonIn(content)
    if (json !== undefined) return json
    const said = await this.alone({ kind: 'parse', content })
    if (said.kind !== 'parsed') throw refusal(said)
    return JSON.parse(said.json) as unknown
  }

  private async alone(task: Task): Promise<Said> {
    if (this.isReading) throw failure('CONFLICT', 'Another file is being read. Send it again in a moment.')
    this.isReading = true
    try {
      return await this.perform(task)
    } finally {
      this.isReading = false
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

  private async perform(task: Task): Promise<Said> {
    const limits = { maxOldGenerationSizeMb: MEMORY_MB }
    const thread = new Worker(this.threadPath, { workerData: task, resourceLimits: limits, execArgv: [] })
    this.threads.add(thread)
    const timer = setTimeout(() => void thread.terminate(), LONGEST_MS)
    try {
      return await answerOf(thread)
    } finally {
      clearTimeout(timer)
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
