import {
  checkSessionFile,
  checkSessionValues,
  InvalidSessionFile,
  readSessionRow,
  type InvalidSessionReason,
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
    const message = `${error.message}. ${nextStep(error.reason)}`
    throw failure(error.reason === 'too-large' ? 'FILE_TOO_LARGE' : 'INVALID_SESSION_FILE', message)
  }
}

/** As a list of allowed servers has it: with itself on that list a server passes whatever it is. */
function ownServer(row: SessionRow): string {
  return `${String(row.serverAddress)}:${String(row.port)}`
}

const CHOOSE_ANOTHER = 'Choose the .session file that Telethon wrote for your account.'
const COPY_AGAIN = 'Stop the tool that uses the file, copy it once more, and upload the copy.'

function nextStep(reason: InvalidSessionReason): string {
  switch (reason) {
    case 'too-small':
    case 'header':
    case 'truncated':
    case 'corrupt':
    case 'integrity':
      return COPY_AGAIN
    case 'auth-key':
      return 'Sign in with Telethon first, stop it, then upload its .session file.'
    case 'data-centre':
    case 'port':
      return 'Sign in with Telethon anew and upload the file that it writes.'
    default:
      return CHOOSE_ANOTHER
  }
}
