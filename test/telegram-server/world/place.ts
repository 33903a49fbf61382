import type { Account, StoredMessage } from './model'
import { isChannel } from './peers'
import type { UpdateBox } from './update-box'
import type { World } from './world'

/** Where the messages of a chat lie, and who gets to know of what happens to them. */
export interface Place {
  chat: number
  box: UpdateBox
  messages: Map<number, StoredMessage>
  /** By rising id. */
  history: StoredMessage[]
  deleted: StoredMessage[]
  audience: Account[]
}

/** A channel has messages of its own; those of any other chat are each account's. */
export function placeOf(world: World, chat: number, accountId?: number): Place {
  if (isChannel(chat)) {
    const { box, messages, history, deleted, members } = world.channelOf(chat)
    return { chat, box, messages, history, deleted, audience: [...members].map((id) => world.accountOf(id)) }
  }
  const account = world.accountOf(accountId)
  const { box, messages, histories, deleted } = account
  return { chat, box, messages, history: histories.get(chat) ?? [], deleted, audience: [account] }
}

export function messageIn({ chat, messages }: Place, id: number): StoredMessage {
  const message = messages.get(id)
  if (message?.chat !== chat) throw new Error(`No message ${id} in chat ${chat}`)
  return message
}

export function removeFrom({ messages, history, deleted }: Place, message: StoredMessage): void {
  message.isDeleted = true
  messages.delete(message.id)
  history.splice(indexOf(history, message.id), 1)
  deleted.push(message)
}

/** Of the first message with this id or a greater one. */
export function indexOf(history: StoredMessage[], id: number): number {
  let low = 0
  let high = history.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (history[middle]!.id < id) low = middle + 1
    else high = middle
  }
  return low
}
