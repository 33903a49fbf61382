import type { TlObject } from '../tl/codec'
import { Mentioned } from '../world/mentioned'
import type { Account, Channel, StoredMessage } from '../world/model'
import { isChannel, markedChannel } from '../world/peers'
import { indexOf } from '../world/place'
import { renderMessage } from '../world/rendering'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { readPeer, readVisibleChannel } from './peer-input'
import { RpcError } from './rpc-error'

const MAX_PAGE = 100
const SEARCHED_MEDIA: Record<string, string> = {
  inputMessagesFilterPhotos: 'messageMediaPhoto',
  inputMessagesFilterDocument: 'messageMediaDocument',
}

export function historyMethods(world: World): Record<string, Method> {
  return {
    'messages.getHistory': (query, { account }) => history(world, account, query),
    'messages.search': (query, { account }) => search(world, account, query),
    'messages.getMessages': (query, { account }) =>
      page(world, account, wanted(account.messages, query['id'] as TlObject[]), undefined, 0),
    'channels.getMessages': (query, { account }) => {
      const channel = readVisibleChannel(world, account, query['channel'] as TlObject)
      const ids = query['id'] as TlObject[]
      return page(world, account, wanted(channel.messages, ids), channel, ids.length)
    },
    'messages.getRichMessage': (query, { account }) => wholeRichMessage(world, account, query),
  }
}

/** A message whose `rich_message` is only a part, with the whole of it. */
function wholeRichMessage(world: World, account: Account, query: TlObject): TlObject {
  const chat = readPeer(world, account, query['peer'] as TlObject)
  const message = messagesOf(world, account, chat).find(({ id }) => id === query['id'])
  if (!message?.wholeRichMessage) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  const whole = { ...message, fields: { ...message.fields, rich_message: message.wholeRichMessage } }
  return page(world, account, [whole], isChannel(chat) ? world.channelOf(chat) : undefined, 1)
}

export function messagesOf(world: World, account: Account, chat: number): StoredMessage[] {
  return isChannel(chat) ? world.channelOf(chat).history : (account.histories.get(chat) ?? [])
}

type Found = StoredMessage | { missing: number }

function wanted(messages: Map<number, StoredMessage>, ids: TlObject[]): Found[] {
  return ids.map((input) => Number(input['id'])).map((id) => messages.get(id) ?? { missing: id })
}

function history(world: World, account: Account, query: TlObject): TlObject {
  const chat = readPeer(world, account, query['peer'] as TlObject)
  const all = messagesOf(world, account, chat)
  const channel = isChannel(chat) ? world.channelOf(chat) : undefined
  return page(world, account, slice(all, query), channel, all.length)
}

/** In one chat, or in all that are not channels; by text, sender and date, case apart. */
function search(world: World, account: Account, query: TlObject): TlObject {
  const peer = query['peer'] as TlObject
  const chat = peer._ === 'inputPeerEmpty' ? undefined : readPeer(world, account, peer)
  const all = chat === undefined ? [...account.messages.values()] : messagesOf(world, account, chat)
  const found = all.filter(isFound(query, senderOf(world, account, query)))
  const channel = chat !== undefined && isChannel(chat) ? world.channelOf(chat) : undefined
  return page(world, account, slice(found, { offset_date: 0, ...query }), channel, found.length)
}

function senderOf(world: World, account: Account, { from_id: from }: TlObject): number | undefined {
  return from === undefined ? undefined : readPeer(world, account, from as TlObject)
}

function isFound(query: TlObject, sender: number | undefined) {
  const text = (query['q'] as string).toLowerCase()
  const [from, to] = [query['min_date'] as number, query['max_date'] as number]
  const media = SEARCHED_MEDIA[(query['filter'] as TlObject)._]
  return (message: StoredMessage) =>
    !message.action &&
    message.text.toLowerCase().includes(text) &&
    (sender === undefined || (message.from ?? message.chat) === sender) &&
    message.date >= from &&
    (to === 0 || message.date <= to) &&
    (media === undefined || message.media?._ === media)
}

/**
 * Newest first; `offset_id` is exclusive, a negative `add_offset` reaches back to newer ones. `min_id` and `max_id` are applied to the page,
 * not to the whole, as Telegram does (Telethon, client/messages.py: "Telegram doesn't like min_id/max_id"). Only the page is
 * copied: a history is read in thousands of them.
 */
function slice(all: StoredMessage[], query: TlObject): StoredMessage[] {
  const number = (name: string) => query[name] as number
  const newest = Math.min(all.length, olderThan(all, number('offset_id'), number('offset_date')) - number('add_offset'))
  const limit = Math.min(number('limit') || MAX_PAGE, MAX_PAGE)
  return all
    .slice(Math.max(0, newest - limit), Math.max(0, newest))
    .reverse()
    .filter(({ id }) => (number('max_id') === 0 || id < number('max_id')) && id > number('min_id'))
}

/** How many of the oldest lie before an id and a date, whichever is given. */
function olderThan(all: StoredMessage[], id: number, date: number): number {
  let count = id === 0 ? all.length : indexOf(all, id)
  if (date !== 0) while (count > 0 && all[count - 1]!.date >= date) count -= 1
  return count
}

function page(world: World, account: Account, found: Found[], channel: Channel | undefined, count: number): TlObject {
  const mentioned = new Mentioned(world, account)
  if (channel) mentioned.add(markedChannel(channel.id))
  const messages = found.map((message) => {
    if ('missing' in message) return { _: 'messageEmpty', id: message.missing }
    mentioned.addMessage(message)
    return renderMessage(message, account)
  })
  const body = { messages, topics: [], ...mentioned.render() }
  if (channel) return { _: 'messages.channelMessages', pts: channel.box.pts, count, ...body }
  if (count > messages.length) return { _: 'messages.messagesSlice', count, ...body }
  return { _: 'messages.messages', ...body }
}
