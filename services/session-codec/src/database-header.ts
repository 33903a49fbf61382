import { foreignFileHint } from './foreign-file'
import { InvalidSessionFile } from './invalid-session-file'
import { MAX_SESSION_BYTES, TOO_LARGE } from './size-limit'

const MIN_DATABASE_BYTES = 512
const MIN_USABLE_BYTES = 480
const MAGIC = 'SQLite format 3\0'

export type TextEncoding = 'utf8' | 'utf16le' | 'utf16be'

/** A file whose first hundred bytes are those of a SQLite database that is not truncated. */
export interface DatabaseImage {
  readonly bytes: Buffer
  readonly pageSize: number
  /** Page size less the bytes reserved at the end of each page. */
  readonly usableBytes: number
  readonly pageCount: number
  readonly encoding: TextEncoding
  /** The file says WAL: rows may be in a -wal file that was not uploaded. */
  readonly isWal: boolean
}

/** Reads the header (https://sqlite.org/fileformat2.html#the_database_header); throws InvalidSessionFile. */
export function readDatabaseHeader(bytes: Buffer): DatabaseImage {
  checkSize(bytes)
  const image = readDatabasePrefix(bytes)
  return { ...image, pageCount: readPageCount(bytes, image.pageSize) }
}

/** The same for the first pages of a file of any size, which is all that it then has. */
export function readDatabasePrefix(bytes: Buffer): DatabaseImage {
  if (bytes.length < MIN_DATABASE_BYTES) throw tooSmall(bytes)
  checkMagic(bytes)
  const pageSize = readPageSize(bytes)
  const usableBytes = pageSize - bytes.readUInt8(20)
  checkConstants(bytes, usableBytes)
  const pageCount = Math.floor(bytes.length / pageSize)
  const isWal = bytes[18] === 2 || bytes[19] === 2
  return { bytes, pageSize, usableBytes, pageCount, encoding: readEncoding(bytes), isWal }
}

function checkSize(bytes: Buffer): void {
  if (bytes.length > MAX_SESSION_BYTES) throw new InvalidSessionFile('too-large', TOO_LARGE)
  if (bytes.length < MIN_DATABASE_BYTES) throw tooSmall(bytes)
}

function checkMagic(bytes: Buffer): void {
  if (bytes.toString('latin1', 0, 16) === MAGIC) return
  const hint = foreignFileHint(bytes)
  const reason = hint === null ? 'not-sqlite' : 'other-tool'
  throw new InvalidSessionFile(reason, `The file is not a SQLite database (${hint ?? 'encrypted?'})`)
}

function readPageSize(bytes: Buffer): number {
  const stored = bytes.readUInt16BE(16)
  const pageSize = stored === 1 ? 65_536 : stored
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) throw badHeader()
  return pageSize
}

function checkConstants(bytes: Buffer, usableBytes: number): void {
  const fileVersionsKnown = isOneOf(bytes.readUInt8(18), 1, 2) && isOneOf(bytes.readUInt8(19), 1, 2)
  const fractionsKnown = bytes.readUInt8(21) === 64 && bytes.readUInt8(22) === 32 && bytes.readUInt8(23) === 32
  const reservedIsZero = bytes.subarray(72, 92).every((byte) => byte === 0)
  const isSane = fileVersionsKnown && fractionsKnown && reservedIsZero
  if (!isSane || bytes.readUInt32BE(44) > 4 || usableBytes < MIN_USABLE_BYTES) throw badHeader()
}

/** The stored count holds only if the two change counters agree; else SQLite itself goes by the file's length. */
function readPageCount(bytes: Buffer, pageSize: number): number {
  const stored = bytes.readUInt32BE(28)
  const isValid = stored > 0 && bytes.readUInt32BE(24) === bytes.readUInt32BE(92)
  const whole = Math.floor(bytes.length / pageSize)
  const isTruncated = isValid ? stored > whole : whole * pageSize !== bytes.length
  if (isTruncated) {
    throw new InvalidSessionFile('truncated', 'The file is truncated: it is shorter than its header says')
  }
  return isValid ? stored : whole
}

function readEncoding(bytes: Buffer): TextEncoding {
  const encodings: Record<number, TextEncoding> = { 0: 'utf8', 1: 'utf8', 2: 'utf16le', 3: 'utf16be' }
  const encoding = encodings[bytes.readUInt32BE(56)]
  if (encoding === undefined) throw badHeader()
  return encoding
}

function isOneOf(value: number, ...allowed: number[]): boolean {
  return allowed.includes(value)
}

function tooSmall(bytes: Buffer): InvalidSessionFile {
  const hint = foreignFileHint(bytes)
  const guess = hint === null ? '' : ` (${hint})`
  const reason = hint === null ? 'too-small' : 'other-tool'
  return new InvalidSessionFile(reason, `The file is too small to be a session file${guess}`)
}

function badHeader(): InvalidSessionFile {
  return new InvalidSessionFile('header', 'The file is corrupt: its header is not that of a SQLite database')
}
