/**
 * The child process of session-import: hostile bytes on standard input, one line of JSON on standard output.
 * Arguments: byte count, target path, allow list (JSON), format. Its exit code says nothing; no line means that it was killed.
 */
import { readSync } from 'node:fs'
import { InvalidSessionFile, type SessionFileFormat } from '@tgsentinel/session-codec/session-codec'
import { rebuildSession, type SessionFacts } from './session-rebuild'

export type InspectorVerdict =
  | { readonly ok: true; readonly facts: SessionFacts }
  | { readonly ok: false; readonly reason: string; readonly message: string }

process.stdout.write(`${JSON.stringify(verdict(process.argv.slice(2)))}\n`)

function verdict([size, targetPath = '', allow = '[]', format]: string[]): InspectorVerdict {
  try {
    const bytes = readInput(Number(size))
    const servers = JSON.parse(allow) as string[]
    return { ok: true, facts: rebuildSession(bytes, targetPath, servers, format as SessionFileFormat | undefined) }
  } catch (error) {
    if (error instanceof InvalidSessionFile) return { ok: false, reason: error.reason, message: error.message }
    // The code alone (ENOSPC, SQLITE_FULL): the text of a foreign error could carry the file's content.
    const code = (error as { code?: unknown }).code
    return { ok: false, reason: 'internal', message: typeof code === 'string' ? code : 'unknown' }
  }
}

function readInput(size: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(size)
  let filled = 0
  while (filled < size) {
    const count = readSync(0, bytes, filled, size - filled, null)
    if (count === 0) break
    filled += count
  }
  return bytes.subarray(0, filled)
}
