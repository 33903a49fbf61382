/**
 * A reader of SQLite b-trees for small tables of a hostile file (https://sqlite.org/fileformat2.html#b_tree_pages).
 * It reads rowid tables and WITHOUT ROWID tables, follows overflow chains, and is bounded in pages, rows and bytes;
 * each page is visited once, so that cycles end. It knows nothing of locks, journals and -wal files.
 */
import type { DatabaseImage } from './database-header'
import { InvalidSessionFile } from './invalid-session-file'

export interface BtreeLimits {
  readonly pages: number
  readonly rows: number
  /** Sum of the payloads of all rows. */
  readonly payloadBytes: number
}

export interface BtreeRow {
  /** null in WITHOUT ROWID tables. */
  readonly rowid: bigint | null
  readonly payload: Buffer
}

interface Page {
  readonly data: Buffer
  readonly isLeaf: boolean
  readonly isIndex: boolean
  readonly cells: number[]
  /** Right-most child; 0 on leaves. */
  readonly rightChild: number
}

interface Walk {
  readonly image: DatabaseImage
  readonly limits: BtreeLimits
  readonly visited: Set<number>
  readonly rows: BtreeRow[]
  payloadBytes: number
}

const LEAF_TABLE = 13
const INTERIOR_TABLE = 5
const LEAF_INDEX = 10
const INTERIOR_INDEX = 2
const MAX_DEPTH = 20

/** All rows under a root page, in key order; throws InvalidSessionFile when the tree is broken or beyond the limits. */
export function readRows(image: DatabaseImage, rootPage: number, limits: BtreeLimits): BtreeRow[] {
  const walk: Walk = { image, limits, visited: new Set(), rows: [], payloadBytes: 0 }
  walkPage(walk, rootPage, 0)
  return walk.rows
}

/** A big-endian base-128 number of at most nine bytes, signed 64 bit; throws past the end of the data. */
export function readVarint(data: Buffer, offset: number): { value: bigint; next: number } {
  let value = 0n
  for (let index = 0; index < 9; index++) {
    const byte = data[offset + index]
    if (byte === undefined) throw corrupt()
    if (index === 8) return { value: BigInt.asIntN(64, (value << 8n) | BigInt(byte)), next: offset + 9 }
    value = (value << 7n) | BigInt(byte & 0x7f)
    if (byte < 0x80) return { value, next: offset + index + 1 }
  }
  throw corrupt()
}

export function corrupt(): InvalidSessionFile {
  return new InvalidSessionFile('corrupt', 'The file is corrupt: the database in it is malformed')
}

function walkPage(walk: Walk, pageNumber: number, depth: number): void {
  if (depth > MAX_DEPTH) throw corrupt()
  const page = readPage(walk, pageNumber)
  for (const offset of page.cells) {
    if (!page.isLeaf) walkPage(walk, readUInt32(page.data, offset), depth + 1)
    if (page.isLeaf || page.isIndex) addRow(walk, page, offset)
  }
  if (!page.isLeaf) walkPage(walk, page.rightChild, depth + 1)
}

function readPage(walk: Walk, pageNumber: number): Page {
  const data = visit(walk, pageNumber)
  const start = pageNumber === 1 ? 100 : 0
  const type = data.readUInt8(start)
  if (![LEAF_TABLE, INTERIOR_TABLE, LEAF_INDEX, INTERIOR_INDEX].includes(type)) throw corrupt()
  const isLeaf = type === LEAF_TABLE || type === LEAF_INDEX
  const cellCount = data.readUInt16BE(start + 3)
  const pointers = start + (isLeaf ? 8 : 12)
  if (pointers + 2 * cellCount > data.length) throw corrupt()
  const cells = Array.from({ length: cellCount }, (_, index) => data.readUInt16BE(pointers + 2 * index))
  const rightChild = isLeaf ? 0 : data.readUInt32BE(start + 8)
  return { data, isLeaf, isIndex: type === LEAF_INDEX || type === INTERIOR_INDEX, cells, rightChild }
}

/** The usable bytes of a page, each page once. */
function visit(walk: Walk, pageNumber: number): Buffer {
  const { image, visited, limits } = walk
  if (pageNumber < 1 || pageNumber > image.pageCount || visited.has(pageNumber)) throw corrupt()
  visited.add(pageNumber)
  if (visited.size > limits.pages) throw tooMuch()
  const start = (pageNumber - 1) * image.pageSize
  return image.bytes.subarray(start, start + image.usableBytes)
}

function addRow(walk: Walk, page: Page, cellOffset: number): void {
  const size = readVarint(page.data, page.isLeaf ? cellOffset : cellOffset + 4)
  const key = page.isIndex ? { value: null, next: size.next } : readVarint(page.data, size.next)
  walk.payloadBytes += Number(size.value)
  if (size.value < 0n || walk.rows.length >= walk.limits.rows || walk.payloadBytes > walk.limits.payloadBytes) {
    throw tooMuch()
  }
  walk.rows.push({ rowid: key.value, payload: readPayload(walk, page, key.next, Number(size.value)) })
}

function readPayload(walk: Walk, page: Page, offset: number, size: number): Buffer {
  const localBytes = localPayloadBytes(walk.image.usableBytes, page.isIndex, size)
  if (offset + localBytes > page.data.length) throw corrupt()
  const chunks = [page.data.subarray(offset, offset + localBytes)]
  let left = size - localBytes
  let next = left > 0 ? readUInt32(page.data, offset + localBytes) : 0
  while (left > 0) {
    const overflow = visit(walk, next)
    const chunk = overflow.subarray(4, 4 + Math.min(left, overflow.length - 4))
    chunks.push(chunk)
    left -= chunk.length
    next = overflow.readUInt32BE(0)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

/** How much of a payload lies on the b-tree page itself: section 1.6 of the file format. */
function localPayloadBytes(usable: number, isIndex: boolean, size: number): number {
  const most = isIndex ? Math.floor(((usable - 12) * 64) / 255) - 23 : usable - 35
  if (size <= most) return size
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const wanted = least + ((size - least) % (usable - 4))
  return wanted <= most ? wanted : least
}

function readUInt32(data: Buffer, offset: number): number {
  if (offset + 4 > data.length) throw corrupt()
  return data.readUInt32BE(offset)
}

function tooMuch(): InvalidSessionFile {
  return new InvalidSessionFile('schema', 'The file has more in its schema than a session file: unexpected content')
}
