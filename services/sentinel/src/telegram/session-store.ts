import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { authKeyId } from '@tgsentinel/session-codec/session-codec'
import type { SettingTable } from '../store/settings'
import { isOurs, SessionFile } from './session-file'
import { rebuildSessionFile, type RebuildOptions } from './session-import'

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
  ) {
    this.stagedPath = `${path}.staged`
    this.arrivalPath = `${path}.arriving`
    mkdirSync(dirname(path), { recursive: true, mode: 0o770 })
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
    const file = SessionFile.open(this.path)
    const keyId = keyIdOf(file)
    if (keyId === null) {
      file.close()
      return null
    }
    // Another key than the one on record: somebody replaced the file, so it is another session.
    if (keyId !== this.settings.get('session_key_id')) this.record(this.nextGeneration(), keyId)
    return file
  }

  openStaged(): SessionFile {
    return SessionFile.open(this.stagedPath)
  }

  /**
   * Checks and rebuilds an upload, beside whatever is staged.
   * @throws InvalidSessionFile, SessionRebuildFailed
   */
  async receive(bytes: Buffer): Promise<void> {
    await rebuildSessionFile(bytes, this.arrivalPath, this.rebuild)
  }

  /** Makes what was received the staged session, under a generation of its own. Nothing may have the staged file open. */
  stage(): number {
    renameSync(this.arrivalPath, this.stagedPath)
    return this.nextGeneration()
  }

  /** Puts the staged session in force, on disk before it returns. Nothing may have either file open. */
  promote(generation: number): void {
    const staged = this.openStaged()
    const keyId = keyIdOf(staged)
    staged.close()
    chmodSync(this.stagedPath, 0o660)
    renameSync(this.stagedPath, this.path)
    syncFolder(dirname(this.path))
    this.record(generation, keyId ?? '')
  }

  dropStaged(): void {
    rmSync(this.stagedPath, { force: true })
  }

  /** Remembers that Telegram accepted the session in force. */
  markAuthorized(): void {
    const keyId = this.settings.get('session_key_id')
    if (keyId !== undefined && keyId !== this.settings.get('authorized_key_id'))
      this.settings.set('authorized_key_id', keyId)
  }

  private async adopt(): Promise<void> {
    await rebuildSessionFile(readFileSync(this.path), this.arrivalPath, this.rebuild)
    chmodSync(this.arrivalPath, 0o660)
    renameSync(this.arrivalPath, this.path)
  }

  private nextGeneration(): number {
    const generation = this.latestGeneration + 1
    this.settings.set('latest_generation', generation)
    return generation
  }

  private record(generation: number, keyId: string): void {
    this.settings.set('session_generation', generation)
    this.settings.set('session_key_id', keyId)
  }
}

function keyIdOf(file: SessionFile): string | null {
  const key = file.row()?.authKey
  return key ? authKeyId(key).hex : null
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
