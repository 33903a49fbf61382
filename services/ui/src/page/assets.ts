import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

export type Encoding = 'br' | 'gzip' | 'identity'

export interface Asset {
  type: string
  etag: string
  /** Its name has a hash of its content: it never changes. */
  isImmutable: boolean
  bodies: Partial<Record<Encoding, Buffer>> & { identity: Buffer }
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}
const COMPRESSED = /^(text\/|image\/svg|application\/manifest)/

/** The built page, by path without a leading slash, compressed once; empty where it is not built. */
export function loadAssets(folder: string): Map<string, Asset> {
  if (!existsSync(folder)) return new Map()
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => TYPES[extname(path)])
  return new Map(paths.map((path) => [relative(folder, path).split(sep).join('/'), loadAsset(path)]))
}

function loadAsset(path: string): Asset {
  const identity = readFileSync(path)
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  const compressed = COMPRESSED.test(type)
    ? { br: brotliCompressSync(identity), gzip: gzipSync(identity, { level: 9 }) }
    : {}
  return {
    type,
    etag: createHash('sha256').update(identity).digest('base64url').slice(0, 22),
    isImmutable: /-[\w-]{8,}\.\w+$/.test(path),
    bodies: { identity, ...compressed },
  }
}
