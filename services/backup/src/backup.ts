import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toDisk } from '@tgsentinel/database/to-disk'
import Database from '@tgsentinel/sqlite-driver'
import { create } from 'tar'
import {
  BackupError,
  FORMAT,
  MANIFEST,
  SESSION,
  type DatabaseEntry,
  type DatabaseName,
  type Manifest,
} from './manifest'
import { seal } from './seal'
import { describe, sha256Of, snapshot } from './snapshot'
import { stampOf } from './stamp'

const STAGING = '.tgsentinel-backup-'
const DAY_MS = 24 * 3600 * 1000

export interface BackupOptions {
  /** Folder that it is written to; made where it is not there. */
  to: string
  /** Of the program. */
  version: string
  /** What there is to back up, by name. */
  databases: readonly { name: DatabaseName; path: string }[]
  /** Only where it is asked for: the session, and what seals it. */
  session?: { path: string; passphrase: string }
  /** Marks the name of the file, as in `tgsentinel-ui-…`. */
  label?: string
  now?: Date
  /** Gives it up; nothing of it is left then. */
  signal?: AbortSignal
  /** Hears what is done, and how much of it: 0 to 1. */
  onProgress?: (what: string, done: number) => void
}

export interface MadeBackup {
  path: string
  size: number
  manifest: Manifest
}

/**
 * Writes one file (tar, gzip) with copies of the databases and a manifest that proves them. It has its name only once it is whole and on
 * the disk; a process that is killed leaves nothing but a hidden folder, which the next backup removes.
 * @throws BackupError with a sentence for people
 */
export async function makeBackup(options: BackupOptions): Promise<MadeBackup> {
  const { to, now = new Date(), label } = options
  mkdirSync(to, { recursive: true, mode: 0o700 })
  removeLeftovers(to)
  const present = options.databases.filter(({ path }) => existsSync(path))
  if (present.length === 0) throw new BackupError('There is no database to back up here. Start TG Sentinel first.')
  const staging = mkdtempSync(join(to, STAGING))
  try {
    const manifest = await stage(staging, { ...options, databases: present }, now)
    const path = join(to, `${['tgsentinel', label, stampOf(now)].filter(Boolean).join('-')}.tar.gz`)
    const packed = await pack(staging, manifest)
    options.signal?.throwIfAborted()
    renameSync(packed, path)
    toDisk(to)
    return { path, size: statSync(path).size, manifest }
  } catch (error) {
    throw inWords(error, to)
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

async function stage(staging: string, options: BackupOptions, now: Date): Promise<Manifest> {
  const { databases, session, version, signal, onProgress = () => undefined } = options
  const entries: DatabaseEntry[] = []
  for (const { name, path } of databases) {
    const copy = join(staging, name)
    await snapshot(path, copy, (done) => {
      signal?.throwIfAborted()
      onProgress(name, done * 0.8)
    })
    entries.push(await describe(copy, name))
    signal?.throwIfAborted()
    onProgress(name, 1)
  }
  const sealed = session && (await sealSession(staging, session))
  const made = { format: FORMAT, product: 'tgsentinel' as const, version, made_at: now.toISOString() }
  return { ...made, databases: entries, session: sealed ?? null }
}

/** It is sealed before it touches the disk. */
async function sealSession(staging: string, { path, passphrase }: { path: string; passphrase: string }) {
  if (!existsSync(path)) throw new BackupError(`There is no session at ${path} to put into the backup.`)
  const file = new Database(path, { readonly: true, fileMustExist: true })
  const bytes = file.serialize()
  file.close()
  const target = join(staging, SESSION)
  await writeFile(target, await seal(bytes, passphrase), { mode: 0o600 })
  return { name: SESSION, size: statSync(target).size, sha256: await sha256Of(target) } as const
}

async function pack(staging: string, manifest: Manifest): Promise<string> {
  await writeFile(join(staging, MANIFEST), JSON.stringify(manifest, null, 2))
  const names = [MANIFEST, ...manifest.databases.map(({ name }) => name), ...(manifest.session ? [SESSION] : [])]
  const packed = join(staging, 'packed')
  await create({ gzip: { level: 6 }, cwd: staging, file: packed, portable: true, mode: 0o600 }, names)
  toDisk(packed)
  return packed
}

function removeLeftovers(folder: string): void {
  const isOld = (name: string) => Date.now() - statSync(join(folder, name)).mtimeMs > DAY_MS
  for (const name of readdirSync(folder))
    if (name.startsWith(STAGING) && isOld(name)) rmSync(join(folder, name), { recursive: true, force: true })
}

function inWords(error: unknown, folder: string): unknown {
  const code = String((error as { code?: unknown } | null)?.code ?? '')
  if (!/^(ENOSPC|SQLITE_FULL)/.test(code)) return error
  return new BackupError(`There is no room for a backup in ${folder}. Make room, or name another folder.`, {
    cause: error,
  })
}
