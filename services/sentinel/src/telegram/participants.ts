import { CHANNEL_MARK, type MarkedId, type Participant, type User } from '../model'
import type { Caller, CallerOptions } from './caller'
import { markedPeer, readUser } from './peers'
import { inputChannelOf, inputPeerOf } from './peer'
import { TelegramError } from './telegram-error'
import { tlList, tlNumber, type TlObject } from './tl'

export type Person = User & { role: Participant['role']; isBot: boolean; joinedAt: number | null }

export interface ParticipantsPage {
  participants: Person[]
  total: number
  /** Where the next page begins; null at the end. */
  nextOffset: number | null
  users: TlObject[]
}

export interface ParticipantsQuery {
  q: string | undefined
  offset: number
  limit: number
}

/** Telegram gives so many at once (core.telegram.org/method/channels.getParticipants); a group has far fewer admins than five pages. */
const PAGE = 200
const MAX_ADMIN_PAGES = 5
const EVERYBODY: ParticipantsQuery = { q: undefined, offset: 0, limit: Number.MAX_SAFE_INTEGER }

/** Who is in a chat. A small group comes whole; a private chat has no participants. @throws ApiError */
export async function readParticipants(
  caller: Caller,
  chatId: MarkedId,
  query: ParticipantsQuery,
  options: CallerOptions,
): Promise<ParticipantsPage> {
  if (chatId > 0) throw new TelegramError('CHAT_ID_INVALID', 400)
  return chatId < -CHANNEL_MARK ? ofChannel(caller, chatId, query, options) : ofGroup(caller, chatId, query, options)
}

/** One participant; null in a small group that they are not in. @throws ApiError USER_NOT_PARTICIPANT in a channel */
export async function readParticipant(
  caller: Caller,
  chatId: MarkedId,
  userId: MarkedId,
  options: CallerOptions,
): Promise<Person | null> {
  if (chatId >= -CHANNEL_MARK) {
    const { participants } = await readParticipants(caller, chatId, EVERYBODY, options)
    return participants.find(({ id }) => id === userId) ?? null
  }
  const { Api } = await import('./gramjs')
  const answer = (await caller.call({ ...options, method: 'channels.getParticipant' }, async (connection, signal) => {
    const channel = await inputChannelOf(connection, chatId)
    const participant = await inputPeerOf(connection, userId)
    return connection.call(new Api.channels.GetParticipant({ channel, participant }), signal)
  })) as unknown as TlObject
  return rowsOf([answer['participant'] as TlObject], tlList(answer['users'])).participants[0] ?? null
}

/** Admins of a group or supergroup, its creator included. @throws ApiError */
export async function readAdmins(caller: Caller, chatId: MarkedId, options: CallerOptions): Promise<MarkedId[]> {
  if (chatId >= -CHANNEL_MARK) {
    const { participants } = await readParticipants(caller, chatId, EVERYBODY, options)
    return participants.filter(({ role }) => role === 'admin' || role === 'creator').map(({ id }) => id)
  }
  const admins: MarkedId[] = []
  for (let page = 0; page < MAX_ADMIN_PAGES; page++) {
    const { rows } = await askChannel(caller, chatId, { offset: page * PAGE, limit: PAGE }, 'admins', options)
    admins.push(...rows.flatMap((row) => tlNumber(row['userId']) ?? []))
    if (rows.length < PAGE) break
  }
  return admins
}

async function ofChannel(
  caller: Caller,
  chatId: MarkedId,
  query: ParticipantsQuery,
  options: CallerOptions,
): Promise<ParticipantsPage> {
  const { rows, users, count } = await askChannel(caller, chatId, query, 'people', options)
  const total = count ?? rows.length
  const end = query.offset + rows.length
  // Telegram counts people whom it does not give out: the end is an empty page, not the count.
  const nextOffset = rows.length === 0 || end >= total ? null : end
  return { ...rowsOf(rows, users), total, nextOffset }
}

async function askChannel(
  caller: Caller,
  chatId: MarkedId,
  { q, offset, limit }: Partial<ParticipantsQuery> & { offset: number; limit: number },
  whom: 'people' | 'admins',
  options: CallerOptions,
): Promise<{ rows: TlObject[]; users: TlObject[]; count: number | null }> {
  const { Api, helpers } = await import('./gramjs')
  const people = q === undefined ? new Api.ChannelParticipantsRecent() : new Api.ChannelParticipantsSearch({ q })
  const filter = whom === 'admins' ? new Api.ChannelParticipantsAdmins() : people
  const page = (await caller.call({ ...options, method: 'channels.getParticipants' }, async (connection, signal) => {
    const channel = await inputChannelOf(connection, chatId)
    const hash = helpers.returnBigInt(0)
    return connection.call(new Api.channels.GetParticipants({ channel, filter, offset, limit, hash }), signal)
  })) as unknown as TlObject
  return { rows: tlList(page['participants']), users: tlList(page['users']), count: tlNumber(page['count']) }
}

async function ofGroup(
  caller: Caller,
  chatId: MarkedId,
  { q, offset, limit }: ParticipantsQuery,
  options: CallerOptions,
): Promise<ParticipantsPage> {
  const { Api, helpers } = await import('./gramjs')
  const answer = (await caller.call({ ...options, method: 'messages.getFullChat' }, (connection, signal) =>
    connection.call(new Api.messages.GetFullChat({ chatId: helpers.returnBigInt(-chatId) }), signal),
  )) as unknown as TlObject
  const list = (answer['fullChat'] as TlObject | undefined)?.['participants'] as TlObject | undefined
  const all = rowsOf(tlList(list?.['participants']), tlList(answer['users']))
  const wanted = all.participants.filter((person) => q === undefined || isNamed(person, q))
  const end = offset + limit
  return {
    participants: wanted.slice(offset, end),
    total: wanted.length,
    nextOffset: end < wanted.length ? end : null,
    users: all.users,
  }
}

function isNamed({ name, username }: User, q: string): boolean {
  return `${name} @${username ?? ''}`.toLowerCase().includes(q.toLowerCase())
}

function rowsOf(rows: TlObject[], users: TlObject[]): Pick<ParticipantsPage, 'participants' | 'users'> {
  const known = new Map(users.map((user) => [tlNumber(user['id']), user]))
  const participants = rows.flatMap((row) => {
    const user = known.get(tlNumber(row['userId']) ?? markedPeer(row['peer']))
    if (!user) return []
    const joinedAt = tlNumber(row['date'])
    return [{ ...readUser(user), role: roleOf(row), isBot: user['bot'] === true, joinedAt }]
  })
  return { participants, users }
}

/** core.telegram.org/type/ChannelParticipant and ChatParticipant */
function roleOf(row: TlObject): Participant['role'] {
  switch (row.className.replace(/^Cha(nnel|t)Participant/, '')) {
    case 'Creator':
      return 'creator'
    case 'Admin':
      return 'admin'
    case 'Banned':
      return row['left'] === true ? 'banned' : 'restricted'
    case 'Left':
      return 'left'
    default:
      return 'member'
  }
}
