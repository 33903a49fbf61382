import type { Chats } from '../chats'
import type { ChatKind, TelegramChat } from '../model'

const PAGE = 200
const MAX_ROWS = 5000
const PEOPLE: readonly ChatKind[] = ['private', 'bot']

/** A chat as programs of the original know one. */
export interface ListedChat {
  id: number
  name: string
  type: ChatKind
  username: string | null
}

/** A person or bot with a chat of their own. No phone number lies in Redis. */
export interface ListedUser {
  id: number
  name: string
  username: string | null
  phone: null
  bot: boolean
}

/** Every chat of the list as it was read last. */
export function allChats(chats: Chats): ListedChat[] {
  return rowsOf(chats).map(({ id, title, kind, username }) => ({ id: Number(id), name: title, type: kind, username }))
}

export function channelsOf(all: readonly ListedChat[]): ListedChat[] {
  return all.filter(({ type }) => !PEOPLE.includes(type))
}

export function usersOf(all: readonly ListedChat[]): ListedUser[] {
  const people = all.filter(({ type }) => PEOPLE.includes(type))
  return people.map(({ id, name, username, type }) => ({ id, name, username, phone: null, bot: type === 'bot' }))
}

/** Reads the list of chats, where it never was or `isWanted`. @throws ApiError */
export async function readList(chats: Chats, isWanted: boolean): Promise<void> {
  const isUnread = chats.list({ ...ALL, after: 0, limit: 1 }).read_at === null
  if (isWanted || isUnread) await chats.refresh('interactive')
}

function rowsOf(chats: Chats): TelegramChat[] {
  const rows: TelegramChat[] = []
  for (let after: number | null = 0; after !== null && rows.length < MAX_ROWS;) {
    const page = chats.list({ ...ALL, after, limit: PAGE })
    rows.push(...page.chats)
    after = page.next_cursor === null ? null : Number(page.next_cursor)
  }
  return rows
}

const ALL = { kind: undefined, folder: undefined, q: undefined }
