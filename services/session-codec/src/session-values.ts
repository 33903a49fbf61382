import { dataCentreAddress, isDataCentrePort, isOnAllowList, isTelegramAddress, isTestDataCentre } from './data-centre'
import { InvalidSessionFile } from './invalid-session-file'
import type { SqliteValue } from './record'
import { printable } from './unexpected'

const AUTH_KEY_BYTES = 256
const WAL_HINT =
  '; the file is in WAL mode and the key may be in the -wal file beside it: ' +
  'stop the client or run PRAGMA wal_checkpoint(TRUNCATE), then upload again'

/** One row of the sessions table as stored, nothing checked yet. */
export interface SessionRow {
  readonly schemaVersion: SqliteValue
  readonly isWal: boolean
  readonly dcId: SqliteValue
  readonly serverAddress: SqliteValue
  readonly port: SqliteValue
  readonly authKey: SqliteValue
}

/** What a session file says, checked and normalised. */
export interface SessionValues {
  readonly schemaVersion: number
  readonly dcId: number
  /** The IPv4 address of the data centre when the file had IPv6 or none. */
  readonly address: string
  readonly port: number
  readonly authKey: Buffer
  readonly isTestDc: boolean
}

export interface AllowedServers {
  /** Further servers as `host:port` (TG_DC_ALLOW). */
  readonly dataCentres: readonly string[]
}

/** Of several rows Telethon reads the first; one that has a key is worth more. null when there is no row. */
export function pickSessionRow<Row extends { readonly authKey: SqliteValue }>(rows: readonly Row[]): Row | null {
  return rows.find(({ authKey }) => isUsableKey(authKey)) ?? rows[0] ?? null
}

/** Judges the values of a session (TELEGRAM 1.3 step 4); throws InvalidSessionFile. `null` is a file without a row. */
export function checkSessionValues(row: SessionRow | null, allow: AllowedServers): SessionValues {
  if (row === null) throw new InvalidSessionFile('auth-key', 'No authorization key found in session: it has no row')
  const schemaVersion = checkVersion(row.schemaVersion)
  const authKey = checkAuthKey(row)
  const dcId = checkDataCentre(row.dcId)
  const isAddressless = row.serverAddress === null || row.serverAddress === ''
  const port = checkPort(isAddressless ? (row.port ?? 443n) : row.port, row.serverAddress, allow)
  const stored = isAddressless ? (dataCentreAddress(dcId, false) ?? '') : row.serverAddress
  return { schemaVersion, authKey, dcId, port, ...checkAddress(stored, port, dcId, allow) }
}

function checkVersion(version: SqliteValue): number {
  if (typeof version === 'bigint' && version >= 1n && version < 1_000_000n) return Number(version)
  throw new InvalidSessionFile('version', 'The session file does not say its schema version')
}

function checkAuthKey({ authKey, isWal }: SessionRow): Buffer {
  if (isUsableKey(authKey)) return authKey
  const length = Buffer.isBuffer(authKey) ? authKey.length : 0
  const detail =
    length === 0 ? '' : length === AUTH_KEY_BYTES ? ': it is all zeros' : `: it has ${length} bytes, not 256`
  throw new InvalidSessionFile('auth-key', `No authorization key found in session${detail}${isWal ? WAL_HINT : ''}`)
}

function isUsableKey(key: SqliteValue): key is Buffer {
  return Buffer.isBuffer(key) && key.length === AUTH_KEY_BYTES && key.some((byte) => byte !== 0)
}

function checkDataCentre(dcId: SqliteValue): number {
  if (typeof dcId === 'bigint' && dcId >= 1n && dcId <= 5n) return Number(dcId)
  throw new InvalidSessionFile('data-centre', `dc_id ${shown(dcId)} is not a data centre of Telegram (1 to 5)`)
}

function checkPort(port: SqliteValue, address: SqliteValue, allow: AllowedServers): number {
  const number = typeof port === 'bigint' ? Number(port) : NaN
  const isListed = typeof address === 'string' && isOnAllowList(address, number, allow.dataCentres)
  if (isDataCentrePort(number) || (isListed && number >= 1 && number <= 65_535)) return number
  throw new InvalidSessionFile('port', `port ${shown(port)} is not one of Telegram's (80, 443, 5222)`)
}

/**
 * Telethon moves a session with an IPv6 address to DC 2 and keeps the key: so write the IPv4 of the same DC. It only names the data
 * centre: by which of its addresses that is dialled is another matter.
 */
function checkAddress(
  stored: SqliteValue,
  port: number,
  dcId: number,
  allow: AllowedServers,
): { address: string; isTestDc: boolean } {
  const address = typeof stored === 'string' ? stored : ''
  if (isOnAllowList(address, port, allow.dataCentres)) {
    return { address, isTestDc: !isTelegramAddress(address) || isTestDataCentre(address) }
  }
  if (!isTelegramAddress(address)) {
    throw new InvalidSessionFile('address', `server address ${shown(stored)} is not an IP address of Telegram`)
  }
  const isTestDc = isTestDataCentre(address)
  if (!address.includes(':')) return { address, isTestDc }
  const ipv4 = dataCentreAddress(dcId, isTestDc)
  if (ipv4 === undefined)
    throw new InvalidSessionFile('data-centre', `dc_id ${dcId} is not a test data centre (1 to 3)`)
  return { address: ipv4, isTestDc }
}

function shown(value: SqliteValue): string {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value)
  return typeof value === 'string' ? `"${printable(value)}"` : '(none)'
}
