import {
  checkPyrogramFile,
  checkPyrogramValues,
  checkSessionFile,
  checkSessionValues,
  InvalidSessionFile,
  readPyrogramRow,
  readSessionRow,
  type InvalidSessionReason,
  type SessionRow,
} from '@tgsentinel/session-codec/session-codec'
import { failure, type SessionFormat } from '../model'

/**
 * Judges an upload as far as that does not depend on the sentinel's configuration: the address is judged there, by its
 * TG_DC_ALLOW, and so is a port beyond Telegram's own.
 */
export function checkUpload(bytes: Buffer, format: SessionFormat): void {
  try {
    if (format === 'pyrogram') checkPyrogram(bytes)
    else checkTelethon(bytes)
  } catch (error) {
    if (!(error instanceof InvalidSessionFile)) throw error
    if (error.reason === 'address') return
    const message = [`${error.message}.`, ...nextStep(error.reason, TOOLS[format])].join(' ')
    throw failure(error.reason === 'too-large' ? 'FILE_TOO_LARGE' : 'INVALID_SESSION_FILE', message)
  }
}

function checkTelethon(bytes: Buffer): void {
  checkSessionFile(bytes)
  const row = readSessionRow(bytes)
  checkSessionValues(row, { dataCentres: row ? [ownServer(row)] : [] })
}

function checkPyrogram(bytes: Buffer): void {
  checkPyrogramFile(bytes)
  checkPyrogramValues(readPyrogramRow(bytes), { dataCentres: [] })
}

/** As a list of allowed servers has it: with itself on that list a server passes whatever it is. */
function ownServer(row: SessionRow): string {
  return `${String(row.serverAddress)}:${String(row.port)}`
}

const TOOLS: Record<SessionFormat, string> = { telethon: 'Telethon', pyrogram: 'Pyrogram' }
const COPY_AGAIN = 'Stop the tool that uses the file, copy it once more, and upload the copy.'

/** Nothing where the message itself says what to do. */
function nextStep(reason: InvalidSessionReason, tool: string): string[] {
  switch (reason) {
    case 'too-small':
    case 'header':
    case 'truncated':
    case 'corrupt':
    case 'integrity':
      return [COPY_AGAIN]
    case 'auth-key':
      return [`Sign in with ${tool} first, stop it, then upload its .session file.`]
    case 'data-centre':
    case 'port':
      return [`Sign in with ${tool} anew and upload the file that it writes.`]
    case 'pyrogram':
      return ['Choose to convert it on this page, or upload one that Telethon wrote.']
    case 'other-tool':
    case 'too-large':
      return []
    default:
      return [`Choose the .session file that ${tool} wrote for your account.`]
  }
}
