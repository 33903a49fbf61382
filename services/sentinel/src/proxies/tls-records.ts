/** The records of fake TLS, as those of TLS 1.3 (RFC 8446 section 5.1): type, version, length, bytes. */
export const CHANGE_CIPHER_SPEC = Buffer.from('140303000101', 'hex')
export const RECORD_HEADER_BYTES = 5
export const HANDSHAKE = 22
export const APPLICATION_DATA = 23
/** What encryption may add to a full record. */
const MAX_RECORD_BYTES = 16_384 + 256
/** As Telegram's own programs cut them (tdlib `td/mtproto/TcpTransport.cpp`); 16,384 are allowed. */
const SENT_RECORD_BYTES = 2878

/** Lays bytes into records. */
export function intoRecords(data: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < data.length; at += SENT_RECORD_BYTES) {
    const piece = data.subarray(at, at + SENT_RECORD_BYTES)
    parts.push(Buffer.from([APPLICATION_DATA, 3, 3, piece.length >> 8, piece.length & 255]), piece)
  }
  return Buffer.concat(parts)
}

/** Takes bytes out of records, however they come in. */
export class RecordReader {
  private buffered: Buffer = Buffer.alloc(0)

  /** @throws Error where something else comes than records of data */
  take(chunk: Buffer): Buffer[] {
    this.buffered = this.buffered.length === 0 ? chunk : Buffer.concat([this.buffered, chunk])
    const pieces: Buffer[] = []
    while (this.buffered.length >= RECORD_HEADER_BYTES) {
      const end = RECORD_HEADER_BYTES + lengthOf(this.buffered, APPLICATION_DATA)
      if (this.buffered.length < end) break
      pieces.push(this.buffered.subarray(RECORD_HEADER_BYTES, end))
      this.buffered = this.buffered.subarray(end)
    }
    return pieces
  }
}

/** @throws Error where it is the header of another record */
export function lengthOf(header: Buffer, type: number): number {
  const length = header.readUInt16BE(3)
  if (header[0] !== type || header[1] !== 3 || header[2] !== 3 || length > MAX_RECORD_BYTES)
    throw new Error('this is no record of fake TLS')
  return length
}
