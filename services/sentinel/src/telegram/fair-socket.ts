import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Line } from '../proxies/line'

/** GramJS's receive loop lives in microtasks: without a pause a burst keeps every timer and request waiting for seconds. */
const MAX_TURN_MS = 8
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024

export type Dial = (port: number, host: string, signal: AbortSignal) => Promise<Line>

/**
 * Stands in for GramJS's PromisedNetSockets: gives the event loop its turn every few milliseconds, sends without delay
 * (Nagle costs 40 ms an answer), stops reading while too much is buffered, and copies each byte once. How it is dialled is not its
 * affair: it is given a line.
 */
export class FairSocket {
  closed = true
  private line: Line | undefined
  private readonly closing = new AbortController()
  private chunks: Buffer[] = []
  private bufferedBytes = 0
  private turnStartedAt = 0
  private wake: (() => void) | undefined

  /** `onClose` is told once when a connection that was open ends, whoever ended it; and why, where that is known. */
  constructor(
    private readonly dial: Dial,
    private readonly onClose: (reason: Error | undefined) => void,
  ) {}

  /** How packets are to be laid into what is written. */
  get framing(): Line['framing'] {
    return this.line?.framing ?? 'full'
  }

  async connect(port: number, host: string): Promise<this> {
    this.chunks = []
    this.bufferedBytes = 0
    const line = await this.dial(port, host, this.closing.signal)
    const { socket } = line
    if (this.closing.signal.aborted) socket.destroy()
    this.line = line
    this.closed = false
    socket.on('data', (chunk: Buffer) => this.receive(line, chunk))
    socket.once('close', () => this.end())
    // Nothing more is said of it: it was closed while it was being made.
    if (socket.closed) this.end()
    socket.resume()
    return this
  }

  async readExactly(bytes: number): Promise<Buffer> {
    if (performance.now() - this.turnStartedAt > MAX_TURN_MS) {
      await nextTurn()
      this.turnStartedAt = performance.now()
    }
    while (this.bufferedBytes < bytes) {
      if (this.closed) throw new Error('the connection is closed')
      this.line?.socket.resume()
      await new Promise<void>((resolve) => (this.wake = resolve))
      this.turnStartedAt = performance.now()
    }
    return this.take(bytes)
  }

  async read(bytes: number): Promise<Buffer> {
    return this.readExactly(bytes)
  }

  write(data: Buffer): void {
    if (this.closed || !this.line) throw new Error('the connection is closed')
    this.line.write(data)
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the connection is closed'))
    this.line?.socket.destroy()
    this.end()
  }

  toString(): string {
    return 'FairSocket'
  }

  private receive(line: Line, chunk: Buffer): void {
    const pieces = piecesOf(line, chunk)
    this.chunks.push(...pieces)
    for (const { length } of pieces) this.bufferedBytes += length
    if (this.bufferedBytes > MAX_BUFFERED_BYTES) line.socket.pause()
    this.wakeReader()
  }

  private take(bytes: number): Buffer {
    this.bufferedBytes -= bytes
    const first = this.chunks[0] as Buffer
    if (first.length > bytes) {
      this.chunks[0] = first.subarray(bytes)
      return first.subarray(0, bytes)
    }
    const parts: Buffer[] = []
    let missing = bytes
    while (missing > 0) {
      const chunk = this.chunks.shift() as Buffer
      parts.push(chunk.subarray(0, missing))
      if (chunk.length > missing) this.chunks.unshift(chunk.subarray(missing))
      missing -= Math.min(chunk.length, missing)
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, bytes)
  }

  private end(): void {
    if (this.closed) return this.wakeReader()
    this.closed = true
    this.wakeReader()
    this.onClose(this.line?.problem)
  }

  private wakeReader(): void {
    const wake = this.wake
    this.wake = undefined
    wake?.()
  }
}

/** What cannot be undressed ends the connection. */
function piecesOf(line: Line, chunk: Buffer): Buffer[] {
  try {
    return line.open(chunk).filter(({ length }) => length > 0)
  } catch (error) {
    line.socket.destroy(error as Error)
    return []
  }
}
