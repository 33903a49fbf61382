import { ok } from '@tgsentinel/kernel/errors'
import type { Call, Handlers } from '@tgsentinel/kernel/contract'
import { isoMoment } from '@tgsentinel/kernel/time'
import { decodeSessionBase64, InvalidSessionFile } from '@tgsentinel/session-codec/session-codec'
import type { operations } from '../../../../openapi/generated/sentinel'
import { failure, type ErrorCode } from '../model'
import { SessionRebuildFailed } from '../telegram/session-import'
import type { Telegram } from '../telegram/telegram'

type Served = Pick<operations, 'importSession' | 'putTelegramApp'>

export function sessionHandlers(telegram: Telegram, sessionPath: string): Handlers<Served> {
  return {
    importSession: async (call) => {
      const bytes = translating(() => bytesOf(call))
      const generation = await telegram.importSession(bytes).catch(translate)
      const data = { session_path: sessionPath, size: bytes.length, imported_at: isoMoment(Date.now()), generation }
      return ok(data, 'Session imported successfully')
    },
    putTelegramApp: ({ body }) => {
      if (telegram.snapshot.isAppFromEnvironment) {
        throw failure(
          'APP_SET_BY_ENVIRONMENT',
          'TG_API_ID and TG_API_HASH are set in the environment of the sentinel. Change them there.',
        )
      }
      telegram.setApp({ apiId: body.api_id, apiHash: body.api_hash })
      return ok({ app_configured: true as const }, 'Telegram application stored')
    },
  }
}

function bytesOf({ file, body }: Call<operations['importSession']>): Buffer {
  if (file) return file.bytes
  // A JSON body is always there once it is validated: without one, and without a file, it was an empty multipart.
  if (body === undefined) {
    throw failure('NO_SESSION_FILE', 'No session file was sent. Send it as the field session_file.')
  }
  if (body.session_data === undefined)
    throw failure('MISSING_SESSION_DATA', 'session_data is missing: the file in base64.')
  return decodeSessionBase64(body.session_data)
}

function translating<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    return translate(error)
  }
}

/** The codec's and the rebuilder's errors as those of the contract. */
function translate(error: unknown): never {
  if (error instanceof SessionRebuildFailed) throw failure('STORAGE_UNAVAILABLE', error.message, error)
  if (error instanceof InvalidSessionFile) throw failure(codeOf(error), error.message, error)
  throw error
}

function codeOf({ reason }: InvalidSessionFile): ErrorCode {
  if (reason === 'base64') return 'INVALID_BASE64'
  return reason === 'too-large' ? 'FILE_TOO_LARGE' : 'INVALID_SESSION_FILE'
}
