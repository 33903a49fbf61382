import {
  chmodSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileMode, makeFolder } from '@tgsentinel/database/file-access'
import { FileLock, FileLocked } from '@tgsentinel/database/file-lock'
import { hashOf, type Migration } from '@tgsentinel/database/migration'
import { toDisk } from '@tgsentinel/database/to-disk'
import Database from '@tgsentinel/sqlite-driver'
import { extract } from 'tar'
import {
  BackupError,
  DATABASES,
  MANIFEST,
  parseManifest,
  SESSION,
  type DatabaseEntry,
  type DatabaseName,
  type Manifest,
} from './manifest'
import { unseal } from './seal'
import { describe, sha256Of } from './snapshot'
import { stampOf } from './stamp'

export interface RestoreOptions {
  file: string
  /** Where each database goes; what is not named stays in the backup. */
  targets: Partial<Record<DatabaseName, string>>
  /** Steps of each schema that this version knows. */
  migrations: Record<DatabaseName, readonly Migration[]>
  /** Where the session goes and what opens it; left out: it stays in the backup. */
  session?: { path: string; passphrase: string }
  now?: Date
}

export interface Restored {
  manifest: Manifest
  /** By target: what stood there before, under the name that it is kept by. */
  placed: { path: string; keptAs: string | null }[]
}

interface Piece {
  staged: string
  path: string
  mode: number
}

/**
 * Puts what a backup holds in force, each file at once: whenever the process is killed, each stands as it was or as it was backed up.
 * What is replaced is kept beside it.
 * @throws BackupError where a service runs, the backup is damaged or newer, or the passphrase is another; nothing was changed then
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { file, targets, session, now = new Date() } = options
  const first = Object.values(targets)[0]
  if (!existsSync(file)) throw new BackupError(`There is no file ${file}.`)
  if (first === undefined) throw new BackupError('Nothing was named that could be restored.')
  makeFolder(dirname(first))
  const staging = mkdtempSync(join(dirname(first), '.tgsentinel-restore-'))
  try {
    const manifest = await unpack(file, staging)
    for (const entry of manifest.databases) await prove(staging, entry, options.migrations[entry.name])
    const pieces = await piecesOf(manifest, staging, options)
    return { manifest, placed: withLocks(pieces, () => pieces.map((piece) => place(piece, now))) }
  } finally {
    rmSync(staging, { recursive: true, force: true })
    if (session) rmSync(`${session.path}.restoring`, { force: true })
  }
}

async function unpack(file: string, staging: string): Promise<Manifest> {
  const known: string[] = [MANIFEST, SESSION, ...DATABASES]
  try {
    // Nothing but these names leaves the archive, whatever else is in it.
    await extract({ file, cwd: staging, strict: true, filter: (path, entry) => known.includes(path) && isFile(entry) })
  } catch (cause) {
    throw new BackupError(`The backup ${file} is damaged, or it is none: ${(cause as Error).message}.`, { cause })
  }
  if (!readdirSync(staging).includes(MANIFEST))
    throw new BackupError(`The file ${file} is no backup of TG Sentinel: it has no manifest.`)
  return parseManifest(readFileSync(join(staging, MANIFEST), 'utf8'))
}

function isFile(entry: object): boolean {
  return 'type' in entry && entry.type === 'File'
}

/** @throws BackupError where it is not what the manifest says, or newer than this version */
async function prove(staging: string, entry: DatabaseEntry, migrations: readonly Migration[]): Promise<void> {
  const path = join(staging, entry.name)
  if (!existsSync(path) || (await sha256Of(path)) !== entry.sha256)
    throw new BackupError(`The backup is damaged: ${entry.name} is not the one that its manifest names.`)
  const { rows, steps } = await describe(path, entry.name)
  if (JSON.stringify(rows) !== JSON.stringify(entry.rows))
    throw new BackupError(`The backup is damaged: ${entry.name} has other rows than its manifest says.`)
  if (steps.length > migrations.length)
    throw new BackupError(`The backup was made by a newer version of TG Sentinel. Update this one, then restore it.`)
  const strange = steps.findIndex(({ hash }, index) => hash !== null && hash !== hashOf(migrations[index]))
  if (strange >= 0)
    throw new BackupError(
      `The backup comes from another build of TG Sentinel: step ${strange + 1} of ${entry.name} differs.`,
    )
}

async function piecesOf(manifest: Manifest, staging: string, { targets, session }: RestoreOptions): Promise<Piece[]> {
  const databases = manifest.databases.flatMap(({ name }) => {
    const path = targets[name]
    return path === undefined ? [] : [{ staged: join(staging, name), path, mode: fileMode() }]
  })
  for (const piece of databases) renewEpoch(piece.staged)
  if (session === undefined) return Promise.all(databases.map(besideTarget))
  if (manifest.session === null) throw new BackupError('There is no session in this backup.')
  const sealed = join(staging, SESSION)
  if ((await sha256Of(sealed)) !== manifest.session.sha256) throw new BackupError('The sealed session is damaged.')
  const staged = `${session.path}.restoring`
  makeFolder(dirname(session.path))
  writeFileSync(staged, await unseal(readFileSync(sealed), session.passphrase), { mode: 0o600 })
  const ours = { staged, path: session.path, mode: fileMode() }
  return [...(await Promise.all(databases.map(besideTarget))), ours]
}

/** Ids of events begin anew from where the backup stood: whoever listened must not take them for those that it knows. */
function renewEpoch(path: string): void {
  const database = new Database(path)
  try {
    const isThere = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'settings'").get()
    if (isThere) database.prepare("DELETE FROM settings WHERE name = 'events_epoch'").run()
  } finally {
    database.close()
  }
}

/** On the same file system as what it will replace, and on its disk. */
async function besideTarget(piece: Piece): Promise<Piece> {
  makeFolder(dirname(piece.path))
  const staged = `${piece.path}.restoring`
  await copyFile(piece.staged, staged)
  return { ...piece, staged }
}

function withLocks<T>(pieces: readonly Piece[], work: () => T): T {
  const locks: FileLock[] = []
  try {
    for (const { path } of pieces) locks.push(new FileLock(path))
    return work()
  } catch (error) {
    for (const { staged } of pieces) rmSync(staged, { force: true })
    if (!(error instanceof FileLocked)) throw error
    throw new BackupError(`${error.message}: nothing was restored. Stop TG Sentinel, then restore again.`, {
      cause: error,
    })
  } finally {
    for (const lock of locks) lock.close()
  }
}

function place({ staged, path, mode }: Piece, now: Date): Restored['placed'][number] {
  chmodSync(staged, mode)
  toDisk(staged)
  const keptAs = existsSync(path) ? keep(path, now) : null
  renameSync(staged, path)
  toDisk(dirname(path))
  return { path, keptAs }
}

/** Another name for the same file, so that at no moment there is none. */
function keep(path: string, now: Date): string {
  const keptAs = `${path}.before-restore-${stampOf(now)}`
  rmSync(keptAs, { force: true })
  for (const ending of foldLog(path) ? [] : ['-wal', '-shm'])
    if (existsSync(path + ending)) renameSync(path + ending, keptAs + ending)
  linkSync(path, keptAs)
  return keptAs
}

/** Brings what is in the log into the file; false where the database is too damaged for that. */
function foldLog(path: string): boolean {
  try {
    const database = new Database(path)
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.pragma('journal_mode = DELETE')
    database.close()
    return true
  } catch {
    return false
  }
}
