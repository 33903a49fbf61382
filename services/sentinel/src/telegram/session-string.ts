import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { authKeyId, parseSessionString, type SessionString } from '@tgsentinel/session-codec/session-codec'
import { SessionFile } from './session-file'
import type { SessionFacts } from './session-rebuild'
import { toDisk } from '@tgsentinel/database/to-disk'

/**
 * Writes a session file of our own (mode 0600, durable on return) at `targetPath`, replaced if it exists, out of a
 * session string of Telethon, GramJS, Pyrogram or mtcute. `allow` has further servers as `host:port` (TG_DC_ALLOW).
 * Throws InvalidSessionFile with a sentence that says what the text is and what to do, or the errors of the disk; then
 * no file is left.
 */
export function writeSessionString(
  text: string,
  targetPath: string,
  { allow }: { readonly allow: readonly string[] },
): SessionFacts {
  const session = parseSessionString(text, { dataCentres: allow })
  rmSync(targetPath, { force: true })
  let isDone = false
  try {
    writeFile(session, targetPath)
    isDone = true
    return factsOf(session)
  } finally {
    if (!isDone) rmSync(targetPath, { force: true })
  }
}

function writeFile(session: SessionString, path: string): void {
  const file = SessionFile.create(path)
  try {
    file.saveRow(session)
    if (session.userId !== null) file.setSelfUserId(session.userId)
  } finally {
    file.close()
  }
  // SQLite synced the file itself; its name in the folder is another matter.
  toDisk(dirname(path))
}

function factsOf(session: SessionString): SessionFacts {
  const { schemaVersion, dcId, address, port, isTestDc, userId } = session
  return {
    schemaVersion,
    dcId,
    address,
    port,
    isTestDc,
    authKeyIdHex: authKeyId(session.authKey).hex,
    entities: userId === null ? 0 : 1,
    updateStates: 0,
    selfUserId: userId?.toString() ?? null,
  }
}
