import {
  checkSessionFile,
  checkSessionValues,
  InvalidSessionFile,
  readSessionRow,
  type SessionRow,
} from '@tgsentinel/session-codec/session-codec'
import { failure } from '../model'

/**
 * Judges an upload as far as that does not depend on the sentinel's configuration: the address is judged there, by its
 * TG_DC_ALLOW, and so is a port beyond Telegram's own.
 */
export function checkUpload(bytes: Buffer): void {
  try {
    checkSessionFile(bytes)
    const row = readSessionRow(bytes)
    checkSessionValues(row, { dataCentres: row ? [ownServer(row)] : [] })
  } catch (error) {
    if (!(error instanceof InvalidSessionFile)) throw error
    if (error.reason === 'address') return
    if (error.reason === 'too-large') throw failure('FILE_TOO_LARGE', `${error.message}.`)
    throw failure('INVALID_SESSION_FILE', error.message)
  }
}

/** As a list of allowed servers has it: with itself on that list a server passes whatever it is. */
function ownServer(row: SessionRow): string {
  return `${String(row.serverAddress)}:${String(row.port)}`
}
