import type { Socket } from 'node:net'

/** A socket's bytes, asked for by number; at its end whoever asks gets an error. */
export class ByteSource {
  private readonly chunks: AsyncIterator<Buffer>
  private buffered: Buffer = Buffer.alloc(0)

  constructor(socket: Socket) {
    this.chunks = (socket as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  }

  async exactly(bytes: number): Promise<Buffer> {
    while (this.buffered.length < bytes) {
      const { value, done } = await this.chunks.next()
      if (done) throw new Error('it ended')
      this.buffered = Buffer.concat([this.buffered, value])
    }
    const taken = this.buffered.subarray(0, bytes)
    this.buffered = this.buffered.subarray(bytes)
    return taken
  }

  /** All that comes from here on. */
  async *rest(): AsyncGenerator<Buffer> {
    if (this.buffered.length > 0) yield this.buffered
    for (;;) {
      const { value, done } = await this.chunks.next()
      if (done) return
      yield value
    }
  }
}
