import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

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
/** What the build put beside a file: compressed once, there, not at each start. */
const SUFFIXES = { br: '.br', gzip: '.gz' } as const

/** The built page, by path without a leading slash, with its compressed forms; empty where it is not built. */
export function loadAssets(folder: string): Map<string, Asset> {
  if (!existsSync(folder)) return new Map()
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).filter((path) => TYPES[extname(path)])
  return new Map(paths.map((path) => [relative(folder, path).split(sep).join('/'), loadAsset(path)]))
}

function loadAsset(path: string): Asset {
  const identity = readFileSync(path)
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  return {
    type,
    etag: createHash('sha256').update(identity).digest('base64url').slice(0, 22),
    isImmutable: /-[\w-]{8,}\.\w+$/.test(path),
    bodies: { identity, ...compressedForms(path) },
  }
}

function compressedForms(path: string): Partial<Record<Encoding, Buffer>> {
  const there = Object.entries(SUFFIXES).filter(([, suffix]) => existsSync(path + suffix))
  return Object.fromEntries(there.map(([encoding, suffix]) => [encoding, readFileSync(path + suffix)]))
}
