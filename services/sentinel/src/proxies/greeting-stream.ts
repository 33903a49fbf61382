import type { Socket } from 'node:net'

/** Reads a proxy's answers off a socket, so many bytes at a time, and leaves what follows them to whoever comes next. */
export class GreetingStream {
  private buffered: Buffer = Buffer.alloc(0)
  private end: Error | undefined
  private wake: () => void = () => undefined
  private readonly onData = (chunk: Buffer) => {
    this.buffered = Buffer.concat([this.buffered, chunk])
    this.wake()
  }
  private readonly onError = (error: Error) => {
    this.end ??= error
    this.wake()
  }
  private readonly onClose = () => this.onError(new Error('the connection was closed'))

  constructor(private readonly socket: Socket) {
    socket.on('data', this.onData)
    socket.on('error', this.onError)
    socket.on('close', this.onClose)
    socket.on('end', this.onClose)
  }

  write(bytes: Buffer | string): void {
    this.socket.write(bytes)
  }

  /** @throws what ended the connection before */
  async read(bytes: number): Promise<Buffer> {
    await this.until(() => this.buffered.length >= bytes)
    return this.take(bytes)
  }

  /** All up to and with the mark; undefined where it does not come within so many bytes. @throws as `read` */
  async readTo(mark: string, maxBytes: number): Promise<string | undefined> {
    const found = () => this.buffered.indexOf(mark)
    await this.until(() => found() >= 0 || this.buffered.length > maxBytes)
    return found() < 0 ? undefined : this.take(found() + mark.length).toString('latin1')
  }

  /** The socket as it was, paused, with what was not read in front. */
  release(): Socket {
    this.socket.pause()
    this.socket.off('data', this.onData).off('close', this.onClose).off('end', this.onClose)
    if (this.buffered.length > 0) this.socket.unshift(this.buffered)
    // The listener for errors stays: one without any would end the process.
    return this.socket
  }

  private async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) {
      if (this.end) throw this.end
      await new Promise<void>((resolve) => (this.wake = resolve))
    }
  }

  private take(bytes: number): Buffer {
    const taken = this.buffered.subarray(0, bytes)
    this.buffered = this.buffered.subarray(bytes)
    return taken
  }
}
