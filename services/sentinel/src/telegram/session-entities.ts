import type { EntityRow } from './session-schema'

const CHANNEL_OFFSET = 1_000_000_000_000n
const MAX_INT64 = 2n ** 63n - 1n

/** Telethon's marks. GramJS marks by string prefix, which is wrong for channel ids that do not have ten digits. */
export function markedUserId(userId: bigint): bigint {
  return userId
}

export function markedChatId(chatId: bigint): bigint {
  return -chatId
}

export function markedChannelId(channelId: bigint): bigint {
  return -(CHANNEL_OFFSET + channelId)
}

/** What a marked id names; `id` is the plain one. */
export function unmarkedId(markedId: bigint): { kind: 'user' | 'chat' | 'channel'; id: bigint } {
  if (markedId >= 0n) return { kind: 'user', id: markedId }
  if (markedId > -CHANNEL_OFFSET) return { kind: 'chat', id: -markedId }
  return { kind: 'channel', id: -markedId - CHANNEL_OFFSET }
}

/**
 * The users, groups and channels that an envelope or a result carries with a usable access hash; those marked `min`
 * carry one that only works together with a message, so they are left out. Any input is tolerated.
 */
export function entityRows(envelope: unknown): EntityRow[] {
  const rows: EntityRow[] = []
  for (const entity of entitiesIn(envelope)) {
    const row = entityRow(entity)
    if (row !== null) rows.push(row)
  }
  return rows
}

type Fields = Record<string, unknown>

function entitiesIn(envelope: unknown): Fields[] {
  if (Array.isArray(envelope)) return envelope.filter(isFields)
  if (!isFields(envelope)) return []
  const { users, chats, user, chat, channel } = envelope
  return [envelope, user, chat, channel, ...listOf(users), ...listOf(chats)].filter(isFields)
}

function entityRow(entity: Fields): EntityRow | null {
  const id = toBigInt(entity.id)
  if (id === null || id <= 0n || entity.min === true) return null
  const hash = toBigInt(entity.accessHash)
  switch (entity.className) {
    case 'User':
      return hash === null ? null : rowOf(entity, markedUserId(id), hash, [entity.firstName, entity.lastName])
    case 'Chat':
      return rowOf(entity, markedChatId(id), 0n, [entity.title])
    case 'Channel':
    case 'ChannelForbidden':
      return hash === null ? null : rowOf(entity, markedChannelId(id), hash, [entity.title])
    default:
      return null
  }
}

function rowOf(entity: Fields, id: bigint, hash: bigint, names: unknown[]): EntityRow {
  const name = names.filter((part) => typeof part === 'string' && part !== '').join(' ')
  const phone = toBigInt(entity.phone)
  return { id, hash, username: usernameOf(entity), phone, name: name === '' ? null : name }
}

function usernameOf({ username, usernames }: Fields): string | null {
  const active = listOf(usernames).find((item) => isFields(item) && item.active === true) as Fields | undefined
  const first = username ?? active?.username
  return typeof first === 'string' && first !== '' ? first.toLowerCase() : null
}

/** GramJS has big-integer objects, texts and numbers; null for what is no signed 64-bit integer. */
export function toBigInt(value: unknown): bigint | null {
  if (value === null || value === undefined) return null
  const text = String(value)
  if (!/^-?\d{1,19}$/.test(text)) return null
  const number = BigInt(text)
  return number > MAX_INT64 || number < -MAX_INT64 - 1n ? null : number
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
