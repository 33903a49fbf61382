import { ok } from '@tgsentinel/kernel/errors'
import type { Call, Handlers } from '@tgsentinel/kernel/contract'
import { isoMoment } from '@tgsentinel/kernel/time'
import { decodeSessionBase64, InvalidSessionFile } from '@tgsentinel/session-codec/session-codec'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Bus } from '../bus/bus'
import type { Chats } from '../chats'
import { failure, type ErrorCode, type SessionFormat } from '../model'
import type { Profiles } from '../profiles'
import type { Store } from '../store/store'
import { SessionRebuildFailed } from '../telegram/session-import'
import type { Telegram } from '../telegram/telegram'
import { TelegramError } from '../telegram/telegram-error'
import { toFailure } from '../telegram/telegram-failure'

type Served = Pick<
  operations,
  'getSession' | 'importSession' | 'cancelImport' | 'putTelegramApp' | 'signOut' | 'forgetSession' | 'eraseData'
>

export function sessionHandlers(
  telegram: Telegram,
  chats: Chats,
  store: Store,
  profiles: Profiles,
  bus: Bus,
  sessionPath: string,
): Handlers<Served> {
  return {
    getSession: () => ok(sessionView(telegram, sessionPath)),
    signOut: async ({ signal }) => {
      await telegram.signOut(signal)
      return ok({ signed_out: true as const }, 'Signed out of Telegram')
    },
    forgetSession: async () => {
      const forgotten = await telegram.forgetSession()
      return ok({ forgotten }, forgotten ? 'Session file removed' : 'There was no session file')
    },
    eraseData: () => {
      const erased = store.erase()
      profiles.recompile()
      bus.ring('events')
      // Where nobody is signed in there is no list to read.
      if (telegram.snapshot.isConnected) chats.refreshSoon()
      return ok(erased, 'Captured data erased')
    },
    importSession: async (call) => {
      const arrived = translating(() => arrivalOf(call))
      const generation = await arrived.take(telegram, call.signal).catch(translate)
      const data = { session_path: sessionPath, size: arrived.size, imported_at: isoMoment(Date.now()), generation }
      return ok(data, 'Session imported successfully')
    },
    cancelImport: async ({ query }) => {
      const generation = await telegram.cancelImport(query.generation)
      if (generation === null)
        throw failure('NO_IMPORT', 'No such import is being verified: it is in force, has failed, or was cancelled.')
      return ok({ generation }, 'Import cancelled')
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

function sessionView(telegram: Telegram, sessionPath: string) {
  const { state, user, generation, connectedSinceMs } = telegram.snapshot
  const file = telegram.describeSession()
  return {
    state,
    user_info: user,
    generation,
    dc_id: file.dcId,
    server: file.server,
    is_test: file.isTest,
    signed_in_at: file.signedInAtMs === null ? null : isoMoment(file.signedInAtMs),
    connected_since: connectedSinceMs === null ? null : isoMoment(connectedSinceMs),
    session_path: sessionPath,
    size: file.size,
    known_peers: file.knownPeers,
    origin: file.origin,
  }
}

/** What was sent, and how the owner takes it. */
interface Arrived {
  size: number
  take: (telegram: Telegram, signal: AbortSignal) => Promise<number>
}

function arrivalOf({ file, fields, body }: Call<operations['importSession']>): Arrived {
  if (file) return fileArrival(file.bytes, formatOf(fields['format']))
  // A JSON body is always there once it is validated: without one, and without a file, it was an empty multipart.
  if (body === undefined)
    throw failure('NO_SESSION_FILE', 'No session file was sent. Send it as the field session_file.')
  const { session_data: data, session_string: text, format = 'telethon' } = body
  if (data !== undefined && text !== undefined)
    throw failure('INVALID_REQUEST', 'Send either session_data or session_string, not both.')
  if (text !== undefined) return { size: text.length, take: (telegram, signal) => telegram.importString(text, signal) }
  if (data === undefined) throw failure('MISSING_SESSION_DATA', 'session_data is missing: the file in base64.')
  return fileArrival(decodeSessionBase64(data), format)
}

function fileArrival(bytes: Buffer, format: SessionFormat): Arrived {
  return { size: bytes.length, take: (telegram, signal) => telegram.importFile(bytes, format, signal) }
}

function formatOf(text: string | undefined): SessionFormat {
  if (text === undefined || text === 'telethon' || text === 'pyrogram') return text ?? 'telethon'
  throw failure('INVALID_REQUEST', 'format must be one of telethon, pyrogram.')
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
  if (error instanceof TelegramError) throw toFailure(error)
  throw error
}

function codeOf({ reason }: InvalidSessionFile): ErrorCode {
  if (reason === 'base64') return 'INVALID_BASE64'
  return reason === 'too-large' ? 'FILE_TOO_LARGE' : 'INVALID_SESSION_FILE'
}
