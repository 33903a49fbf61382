import { dataCentreAddress, isOnAllowList, isTelegramAddress, isTestDataCentre } from './data-centre'
import { InvalidSessionFile } from './invalid-session-file'
import type { SqliteValue } from './record'
import { checkSessionValues, type AllowedServers, type SessionValues } from './session-values'

/** What the session of another library says, decoded and not judged. */
export interface ForeignSession {
  readonly schemaVersion: SqliteValue
  readonly isWal: boolean
  readonly dcId: SqliteValue
  readonly isTestMode: boolean
  /** null where the format has none, as Pyrogram's: Telegram's own address of the data centre is taken. */
  readonly address: string | null
  readonly port: SqliteValue
  readonly authKey: SqliteValue
  readonly userId: bigint | null
  readonly isBot: boolean
}

export interface ForeignValues extends SessionValues {
  /** The account that is signed in; null when the session does not say. */
  readonly userId: bigint | null
}

/** What stands in a browser's GramJS instead of an address: `vesta.web.telegram.org`. It speaks WebSocket only. */
const WEB_HOST = /^[a-z0-9-]{1,30}\.web\.telegram\.org$/i
/** At most 52 significant bits (https://core.telegram.org/bots/api#user). */
const MAX_USER_ID = 2n ** 52n

/** Judges like a session file (`checkSessionValues`); throws InvalidSessionFile. */
export function checkForeignSession(session: ForeignSession, allow: AllowedServers): ForeignValues {
  const values = checkSessionValues({ ...session, serverAddress: addressOf(session, allow) }, allow)
  if (session.isBot) throw botSession()
  return { ...values, userId: checkUserId(session.userId) }
}

/** The address to judge; null where the data centre's id says nothing, which is refused by its own name then. */
function addressOf({ address, port, dcId, isTestMode }: ForeignSession, allow: AllowedServers): string | null {
  const known = tableAddress(dcId, isTestMode)
  if (address === null || WEB_HOST.test(address)) return known
  if (isOnAllowList(address, Number(port), allow.dataCentres)) return address
  const isProduction = isTelegramAddress(address) && !isTestDataCentre(address)
  return isTestMode && isProduction ? known : address
}

function tableAddress(dcId: SqliteValue, isTestMode: boolean): string | null {
  const address = dataCentreAddress(Number(dcId), isTestMode)
  if (address === undefined && isTestMode) {
    throw new InvalidSessionFile(
      'data-centre',
      'The session is of a test data centre that is none of Telegram (1 to 3)',
    )
  }
  return address ?? null
}

/** Bots get BOT_METHOD_INVALID from messages.getDialogs and getHistory: nothing could be watched with them. */
function botSession(): InvalidSessionFile {
  return new InvalidSessionFile(
    'bot',
    'This is the session of a bot, and bots cannot read chats as a person does: use the session of a user account',
  )
}

function checkUserId(userId: bigint | null): bigint | null {
  if (userId === null || userId === 0n) return null
  if (userId > 0n && userId < MAX_USER_ID) return userId
  throw new InvalidSessionFile('corrupt', 'The session is damaged: its user id is none of Telegram. Export it again')
}
