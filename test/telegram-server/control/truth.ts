import type { Account, Chat, StoredMessage } from '../world/model'
import { isChannel, markedChannel } from '../world/peers'
import type { World } from '../world/world'
import { holdsUnknown } from '../world/unknown'

/** What a reader who misses nothing knows. */
export interface TruthReport {
  chats: TrueChat[]
}

export interface TrueChat {
  /** Marked id. */
  chat: number
  kind: 'private' | Chat['kind']
  /** Not so if setPushed has silenced it. */
  pushed: boolean
  /** By rising id, the account's own ones but in channels. */
  messages: TrueMessage[]
}

export interface TrueMessage {
  id: number
  /** The last one; empty for service messages. */
  text: string
  deleted: boolean
  /** Changes of the text; hidden edits do not count. */
  edits: number
  pinned: boolean
  /** Null for a channel's own posts. */
  senderId: number | null
  date: number
  /** Some of it is of a constructor that no client has. */
  unreadable: boolean
}

export function truthOf(world: World, account: Account, silentChats: ReadonlySet<number>): TruthReport {
  const isIn = ({ members }: Chat) => members.has(account.user.id)
  const chats = [
    ...privateChatsOf(account).map((chat) => ({ chat, kind: 'private' as const })),
    ...[...world.groups.values()].filter(isIn).map(({ id, kind }) => ({ chat: -id, kind })),
    ...[...world.channels.values()].filter(isIn).map(({ id, kind }) => ({ chat: markedChannel(id), kind })),
  ]
  const own = ownMessages(account)
  return {
    chats: chats.map(({ chat, kind }) => ({
      ...{ chat, kind, pushed: !silentChats.has(chat) },
      messages: messagesOf(world, chat, own)
        .sort((a, b) => a.id - b.id)
        .map(trueMessage),
    })),
  }
}

function privateChatsOf({ histories }: Account): number[] {
  return [...histories.keys()].filter((chat) => chat > 0)
}

function ownMessages({ messages, deleted }: Account): Map<number, StoredMessage[]> {
  const byChat = new Map<number, StoredMessage[]>()
  for (const message of [...messages.values(), ...deleted]) {
    const known = byChat.get(message.chat)
    if (known) known.push(message)
    else byChat.set(message.chat, [message])
  }
  return byChat
}

function messagesOf(world: World, chat: number, own: Map<number, StoredMessage[]>): StoredMessage[] {
  if (!isChannel(chat)) return own.get(chat) ?? []
  const { history, deleted } = world.channelOf(chat)
  return [...history, ...deleted]
}

function trueMessage({ id, text, edits, from, date, isDeleted, isPinned, fields }: StoredMessage): TrueMessage {
  const state = { deleted: isDeleted === true, pinned: isPinned === true, unreadable: holdsUnknown(fields) }
  return { id, text, edits, senderId: from ?? null, date, ...state }
}
