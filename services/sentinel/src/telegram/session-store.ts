import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileMode, makeFolder, tightenFiles } from '@tgsentinel/database/file-access'
import { toDisk } from '@tgsentinel/database/to-disk'
import { authKeyId, isTestDataCentre } from '@tgsentinel/session-codec/session-codec'
import type { DataCentre } from '../config'
import type { SessionOrigin } from '../model'
import type { SettingTable } from '../store/settings'
import { isOurs, SessionFile } from './session-file'
import type { SessionServerRow } from './session-schema'
import { rebuildSessionFile, type RebuildOptions } from './session-import'

export interface SessionDescription {
  dcId: number | null
  /** Address and port. */
  server: string | null
  isTest: boolean
  /** Bytes; null without a file. */
  size: number | null
  knownPeers: number
  signedInAtMs: number | null
  origin: SessionOrigin | null
}

/** Checks what arrived and writes it as a file of ours at `path`. */
export type SessionWriter = (path: string, options: RebuildOptions) => Promise<unknown>

/**
 * Where session files lie and which generation is in force: the file itself, a staged import that waits to be verified,
 * and nothing else. Only a promotion replaces the file; no error ever removes it.
 */
export class SessionStore {
  private readonly stagedPath: string
  private readonly arrivalPath: string

  constructor(
    readonly path: string,
    private readonly settings: SettingTable,
    private readonly rebuild: RebuildOptions,
    /** Another file has taken the name of the session in force. */
    private readonly onReplaced: () => void = () => undefined,
  ) {
    this.stagedPath = `${path}.staged`
    this.arrivalPath = `${path}.arriving`
    makeFolder(dirname(path))
  }

  /** Generation of the session in force; 0 before the first. */
  get generation(): number {
    return this.settings.number('session_generation')
  }

  get latestGeneration(): number {
    return this.settings.number('latest_generation')
  }

  get hasStaged(): boolean {
    return existsSync(this.stagedPath)
  }

  /** Whether the session in force was ever authorized, so that it stays until another one is. */
  get isProtected(): boolean {
    const keyId = this.settings.get('session_key_id')
    return keyId !== undefined && keyId === this.settings.get('authorized_key_id') && existsSync(this.path)
  }

  /**
   * Opens the session in force, or null where there is none. A file that another tool put here is rebuilt first.
   * @throws InvalidSessionFile when it cannot be used; it stays where it is
   */
  async openCurrent(): Promise<SessionFile | null> {
    rmSync(this.arrivalPath, { force: true })
    if (!existsSync(this.path)) return null
    if (!isOurs(this.path)) await this.adopt()
    tightenFiles([this.path])
    const file = SessionFile.open(this.path)
    const keyId = keyIdOf(file)
    if (keyId === null) {
      file.close()
      return null
    }
    // Another key than the one on record: somebody replaced the file, so it is another session.
    if (keyId !== this.settings.get('session_key_id')) this.record(this.nextGeneration(), keyId, 'found')
    return file
  }

  /** Until when Telegram may accept what is staged: set once, and kept over a restart. */
  acceptUntil(withinMs: number): number {
    const kept = this.settings.number('import_until')
    if (kept > 0) return Math.min(kept, Date.now() + withinMs)
    const untilMs = Date.now() + withinMs
    this.settings.set('import_until', untilMs)
    return untilMs
  }

  openStaged(): SessionFile {
    return SessionFile.open(this.stagedPath)
  }

  /**
   * Checks and rebuilds what arrived, beside whatever is staged.
   * @throws what `write` throws: InvalidSessionFile, SessionRebuildFailed
   */
  async receive(write: SessionWriter): Promise<void> {
    rmSync(this.arrivalPath, { force: true })
    await write(this.arrivalPath, this.rebuild)
  }

  /**
   * Writes what a sign-in brought as if it had been received.
   * @throws SQLite's and the disk's errors
   */
  compose(row: SessionServerRow, selfUserId: bigint): void {
    rmSync(this.arrivalPath, { force: true })
    let isDone = false
    try {
      writeSession(this.arrivalPath, row, selfUserId)
      isDone = true
    } finally {
      if (!isDone) rmSync(this.arrivalPath, { force: true })
    }
  }

  /** Makes what was received the staged session, under a generation of its own. Nothing may have the staged file open. */
  stage(): number {
    const generation = this.nextGeneration()
    this.settings.delete('import_until')
    renameSync(this.arrivalPath, this.stagedPath)
    return generation
  }

  /** Puts the staged session in force, on disk before it returns. Nothing may have either file open. */
  promote(generation: number, origin: SessionOrigin): void {
    const staged = this.openStaged()
    const keyId = keyIdOf(staged)
    staged.close()
    // Recorded first: where the database takes nothing, the file in force stays. A crash before the rename leaves the staged
    // file, which is verified again.
    this.record(generation, keyId ?? '', origin)
    chmodSync(this.stagedPath, fileMode())
    renameSync(this.stagedPath, this.path)
    toDisk(dirname(this.path))
    this.onReplaced()
  }

  dropStaged(): void {
    rmSync(this.stagedPath, { force: true })
  }

  /** Remembers that Telegram accepted the session in force. */
  markAuthorized(): void {
    const keyId = this.settings.get('session_key_id')
    if (keyId === undefined || keyId === this.settings.get('authorized_key_id')) return
    this.settings.set('authorized_key_id', keyId)
    this.settings.set('session_signed_in_at', Date.now())
  }

  /** Removes the key alone: what the file knows of chats and where it stood stays. Nothing may have the file open. */
  removeKey(): void {
    const file = SessionFile.open(this.path)
    try {
      const row = file.row()
      if (row) file.saveRow({ ...row, authKey: null })
    } finally {
      file.close()
    }
    this.forgetRecord()
  }

  /** Removes the file; false where there is none. Nothing may have it open. */
  remove(): boolean {
    const existed = existsSync(this.path)
    for (const path of [this.path, this.stagedPath, this.arrivalPath])
      for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(`${path}${ending}`, { force: true })
    toDisk(dirname(this.path))
    this.forgetRecord()
    return existed
  }

  /** What there is to tell of the file in force. */
  describe(): SessionDescription {
    const signedInAtMs = this.settings.number('session_signed_in_at') || null
    const origin = (this.settings.get('session_origin') as SessionOrigin | undefined) ?? null
    const none = { dcId: null, server: null, isTest: false, size: null, knownPeers: 0 }
    if (!existsSync(this.path) || !isOurs(this.path)) return { ...none, signedInAtMs, origin }
    const file = SessionFile.open(this.path)
    try {
      const row = file.row()
      const size = statSync(this.path).size
      const knownPeers = file.entityCount
      if (!row?.authKey) return { ...none, size, knownPeers, signedInAtMs, origin }
      const server = `${row.address}:${row.port}`
      const isTest = isTestDataCentre(row.address)
      return { dcId: row.dcId, server, isTest, size, knownPeers, signedInAtMs, origin }
    } finally {
      file.close()
    }
  }

  /** Where the session in force is at home; null where there is none. */
  get dataCentre(): DataCentre | null {
    if (!existsSync(this.path) || !isOurs(this.path)) return null
    const file = SessionFile.open(this.path)
    try {
      const row = file.row()
      return row?.authKey ? { dcId: row.dcId, address: row.address, port: row.port } : null
    } finally {
      file.close()
    }
  }

  private async adopt(): Promise<void> {
    await rebuildSessionFile(readFileSync(this.path), this.arrivalPath, this.rebuild)
    chmodSync(this.arrivalPath, fileMode())
    renameSync(this.arrivalPath, this.path)
    this.onReplaced()
  }

  private nextGeneration(): number {
    const generation = this.latestGeneration + 1
    this.settings.set('latest_generation', generation)
    return generation
  }

  private record(generation: number, keyId: string, origin: SessionOrigin): void {
    this.settings.change({
      session_generation: generation,
      session_key_id: keyId,
      session_origin: origin,
      session_signed_in_at: null,
    })
  }

  private forgetRecord(): void {
    this.settings.change({
      session_key_id: null,
      authorized_key_id: null,
      session_origin: null,
      session_signed_in_at: null,
    })
  }
}

function writeSession(path: string, row: SessionServerRow, selfUserId: bigint): void {
  const file = SessionFile.create(path)
  try {
    file.saveRow(row)
    file.setSelfUserId(selfUserId)
  } finally {
    file.close()
  }
}

function keyIdOf(file: SessionFile): string | null {
  const key = file.row()?.authKey
  return key ? authKeyId(key).hex : null
}
