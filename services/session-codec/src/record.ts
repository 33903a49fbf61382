import { corrupt, readVarint } from './btree'
import type { TextEncoding } from './database-header'

export type SqliteValue = bigint | number | string | Buffer | null

const MAX_COLUMNS = 100

/** The values of one record (https://sqlite.org/fileformat2.html#record_format), integers as bigint; throws when malformed. */
export function decodeRecord(payload: Buffer, encoding: TextEncoding): SqliteValue[] {
  const header = readVarint(payload, 0)
  const headerBytes = Number(header.value)
  if (headerBytes < header.next || headerBytes > payload.length) throw corrupt()
  const values: SqliteValue[] = []
  let body = headerBytes
  for (let position = header.next; position < headerBytes;) {
    const type = readVarint(payload, position)
    const size = valueBytes(type.value)
    if (body + size > payload.length || values.length >= MAX_COLUMNS) throw corrupt()
    values.push(decodeValue(Number(type.value), payload.subarray(body, body + size), encoding))
    position = type.next
    body += size
  }
  return values
}

const FIXED_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0]

function valueBytes(type: bigint): number {
  const fixed = FIXED_BYTES[Number(type)]
  if (fixed !== undefined) return fixed
  if (type < 12n) throw corrupt()
  return Math.floor((Number(type) - 12) / 2)
}

function decodeValue(type: number, data: Buffer, encoding: TextEncoding): SqliteValue {
  if (type === 0) return null
  if (type === 8) return 0n
  if (type === 9) return 1n
  if (type === 7) return data.readDoubleBE(0)
  if (type === 6) return data.readBigInt64BE(0)
  if (type < 6) return BigInt(data.readIntBE(0, data.length))
  return type % 2 === 0 ? data : decodeText(data, encoding)
}

function decodeText(data: Buffer, encoding: TextEncoding): string {
  if (encoding === 'utf8') return data.toString('utf8')
  const even = data.subarray(0, data.length - (data.length % 2))
  return encoding === 'utf16le' ? even.toString('utf16le') : Buffer.from(even).swap16().toString('utf16le')
}
