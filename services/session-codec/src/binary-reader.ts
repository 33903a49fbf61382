/** The data ended before a field did; whoever reads a format says it in its own words. */
export class PrematureEnd extends Error {
  override readonly name = 'PrematureEnd'
}

/** Reads TL's primitive types in order (https://core.telegram.org/mtproto/serialize); throws PrematureEnd. */
export class BinaryReader {
  private position = 0

  constructor(private readonly data: Buffer) {}

  get isAtEnd(): boolean {
    return this.position === this.data.length
  }

  raw(length: number): Buffer {
    const end = this.position + length
    if (end > this.data.length) throw new PrematureEnd()
    const bytes = this.data.subarray(this.position, end)
    this.position = end
    return bytes
  }

  uint8(): number {
    return this.raw(1).readUInt8(0)
  }

  uint32(): number {
    return this.raw(4).readUInt32LE(0)
  }

  int64(): bigint {
    return this.raw(8).readBigInt64LE(0)
  }

  /** One byte of length or 254 and three, then the bytes, padded to a multiple of four. */
  bytes(): Buffer {
    const first = this.uint8()
    const isLong = first === 254
    const length = isLong ? this.raw(3).readUIntLE(0, 3) : first
    const bytes = this.raw(length)
    this.raw((4 - ((length + (isLong ? 4 : 1)) % 4)) % 4)
    return bytes
  }
}
