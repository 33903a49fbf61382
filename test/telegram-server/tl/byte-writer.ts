/** A growing little-endian buffer that is meant to be reused: `take()` copies what was written and starts again. */
export class ByteWriter {
  private bytes = Buffer.allocUnsafeSlow(64 * 1024)
  private view = new DataView(this.bytes.buffer)
  private length = 0

  int(value: number): void {
    const at = this.reserve(4)
    this.view.setInt32(at, value | 0, true)
  }

  long(value: bigint | number): void {
    const at = this.reserve(8)
    if (typeof value === 'bigint') return this.view.setBigInt64(at, BigInt.asIntN(64, value), true)
    this.view.setUint32(at, value >>> 0, true)
    this.view.setInt32(at + 4, Math.floor(value / 0x1_0000_0000), true)
  }

  double(value: number): void {
    const at = this.reserve(8)
    this.view.setFloat64(at, value, true)
  }

  raw(value: Uint8Array): void {
    const at = this.reserve(value.length)
    this.bytes.set(value, at)
  }

  string(value: string): void {
    const size = Buffer.byteLength(value)
    const at = this.stringStart(size)
    this.bytes.write(value, at, size, 'utf8')
  }

  byteString(value: Uint8Array): void {
    const at = this.stringStart(value.length)
    this.bytes.set(value, at)
  }

  clear(): void {
    this.length = 0
  }

  take(): Buffer {
    const copy = Buffer.from(this.bytes.subarray(0, this.length))
    this.clear()
    return copy
  }

  private stringStart(size: number): number {
    const header = size < 254 ? 1 : 4
    const padding = (4 - ((header + size) % 4)) % 4
    const at = this.reserve(header + size + padding)
    if (header === 1) this.bytes[at] = size
    else this.view.setUint32(at, ((size << 8) | 254) >>> 0, true)
    this.bytes.fill(0, at + header + size, at + header + size + padding)
    return at + header
  }

  /** Where so many bytes begin. They may lie in another buffer than before: it is asked for first. */
  private reserve(size: number): number {
    const at = this.length
    if (at + size > this.bytes.length) this.grow(at + size)
    this.length = at + size
    return at
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }
}
