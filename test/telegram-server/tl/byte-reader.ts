/** Reads little-endian TL primitives; every read past the end throws a RangeError. */
export class ByteReader {
  constructor(
    private readonly bytes: Buffer,
    private position = 0,
  ) {}

  get remaining(): number {
    return this.bytes.length - this.position
  }

  peekId(): number {
    return this.bytes.readUInt32LE(this.position)
  }

  id(): number {
    return this.bytes.readUInt32LE(this.advance(4))
  }

  int(): number {
    return this.bytes.readInt32LE(this.advance(4))
  }

  long(): bigint {
    return this.bytes.readBigInt64LE(this.advance(8))
  }

  double(): number {
    return this.bytes.readDoubleLE(this.advance(8))
  }

  raw(size: number): Buffer {
    const at = this.advance(size)
    return this.bytes.subarray(at, at + size)
  }

  byteString(): Buffer {
    const first = this.bytes.readUInt8(this.position)
    const header = first < 254 ? 1 : 4
    const size = first < 254 ? first : this.bytes.readUInt32LE(this.position) >>> 8
    const value = this.raw(header + size).subarray(header)
    this.advance((4 - ((header + size) % 4)) % 4)
    return value
  }

  rest(): Buffer {
    return this.raw(this.remaining)
  }

  private advance(size: number): number {
    const at = this.position
    if (size < 0 || at + size > this.bytes.length) throw new RangeError('TL object is cut short')
    this.position = at + size
    return at
  }
}
