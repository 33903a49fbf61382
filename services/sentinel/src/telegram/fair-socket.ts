import { connect, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** GramJS's receive loop lives in microtasks: without a pause a burst keeps every timer and request waiting for seconds. */
const MAX_TURN_MS = 8
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024

/**
 * Stands in for GramJS's PromisedNetSockets: gives the event loop its turn every few milliseconds, sends without delay
 * (Nagle costs 40 ms an answer), stops reading while too much is buffered, and copies each byte once.
 */
export class FairSocket {
  closed = true
  private socket: Socket | undefined
  private chunks: Buffer[] = []
  private bufferedBytes = 0
  private turnStartedAt = 0
  private wake: (() => void) | undefined

  /** `onClose` is told once when a connection that was open ends, whoever ended it. */
  constructor(private readonly onClose: () => void) {}

  async connect(port: number, host: string): Promise<this> {
    this.chunks = []
    this.bufferedBytes = 0
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host, noDelay: true, timeout: 0 })
      this.socket = socket
      socket.once('connect', resolve)
      socket.once('error', reject)
      socket.once('close', () => reject(new Error('the connection was closed while it was being made')))
      socket.on('data', (chunk) => this.receive(chunk))
      socket.once('close', () => this.end())
    })
    this.closed = false
    // 'error' is always followed by 'close', which tells; an error without a listener would end the process.
    this.socket?.on('error', () => undefined)
    return this
  }

  async readExactly(bytes: number): Promise<Buffer> {
    if (performance.now() - this.turnStartedAt > MAX_TURN_MS) {
      await nextTurn()
      this.turnStartedAt = performance.now()
    }
    while (this.bufferedBytes < bytes) {
      if (this.closed) throw new Error('the connection is closed')
      this.socket?.resume()
      await new Promise<void>((resolve) => (this.wake = resolve))
      this.turnStartedAt = performance.now()
    }
    return this.take(bytes)
  }

  async read(bytes: number): Promise<Buffer> {
    return this.readExactly(bytes)
  }

  write(data: Buffer): void {
    if (this.closed || !this.socket) throw new Error('the connection is closed')
    this.socket.write(data)
  }

  async close(): Promise<void> {
    this.socket?.destroy()
    this.end()
  }

  toString(): string {
    return 'FairSocket'
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk)
    this.bufferedBytes += chunk.length
    if (this.bufferedBytes > MAX_BUFFERED_BYTES) this.socket?.pause()
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
    this.onClose()
  }

  private wakeReader(): void {
    const wake = this.wake
    this.wake = undefined
    wake?.()
  }
}
