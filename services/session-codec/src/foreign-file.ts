import { detectSessionText, trimmedSessionText } from './session-text'

const TEXT_BYTES = 4096
const ZIP_MAGIC = 'PK\x03\x04'
/** Of each file in Telegram Desktop's tdata folder (storage_file_utilities.cpp). */
const TDESKTOP_MAGIC = 'TDF$'
const TDESKTOP =
  "Telegram Desktop's data (tdata), which is not imported: sign in here with a QR code; Telegram Desktop scans it under Settings, Devices"

/** What a file that is no SQLite database may be, and what to do then; null when it is nothing that we know. */
export function foreignFileHint(bytes: Buffer): string | null {
  const start = bytes.toString('latin1', 0, 200)
  if (start.startsWith(TDESKTOP_MAGIC)) return TDESKTOP
  if (start.startsWith(ZIP_MAGIC)) {
    return start.includes('tdata/') ? TDESKTOP : 'a zip archive: upload the .session file inside it'
  }
  return bytes.length <= TEXT_BYTES || /^\s*[{[]/.test(start) ? textHint(bytes) : null
}

function textHint(bytes: Buffer): string | null {
  const text = bytes.toString('utf8', 0, TEXT_BYTES)
  if (trimmedSessionText(text) === '') return null
  switch (detectSessionText(text)) {
    case 'telethon':
    case 'gramjs':
    case 'pyrogram':
    case 'mtcute':
      return 'a session string: paste it as text'
    case 'json':
      return 'JSON: upload the .session file that belongs to it'
    case 'base64-file':
      return 'base64 of a file: upload the file itself'
    default:
      return null
  }
}
