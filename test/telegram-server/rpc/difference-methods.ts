import type { TlObject } from '../tl/codec'
import { Mentioned } from '../world/mentioned'
import type { Account, Channel } from '../world/model'
import { markedChannel } from '../world/peers'
import { renderMessage } from '../world/rendering'
import type { LogEntry } from '../world/update-box'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { renderDialog } from './dialog-methods'
import { readChannel } from './peer-input'
import { RpcError } from './rpc-error'

/** How many missed entries fit a slice, and how many make the server give up; a test may narrow them. */
export interface DifferenceLimits {
  accountSlice: number
  accountTooLong: number
  channelSlice: number
  channelTooLong: number
}

export const TELEGRAM_LIMITS: DifferenceLimits = {
  accountSlice: 1000,
  accountTooLong: 100_000,
  channelSlice: 100,
  channelTooLong: 1000,
}

const CHANNEL_TIMEOUT_SECONDS = 30
const NEWEST_MESSAGES = 20

export function differenceMethods(world: World, limits: DifferenceLimits): Record<string, Method> {
  return {
    'updates.getState': (_query, { account }) => state(account, account.box.pts, world.now()),
    'updates.getDifference': (query, { account }) => difference(world, account, query, limits),
    'updates.getChannelDifference': (query, { account }) => channelDifference(world, account, query, limits),
  }
}

function difference(world: World, account: Account, query: TlObject, limits: DifferenceLimits): TlObject {
  const missed = account.box.since(readPts(query, account.box.pts))
  if (missed.length === 0) return { _: 'updates.differenceEmpty', date: world.now(), seq: account.seq }
  if (missed.length > limits.accountTooLong) return { _: 'updates.differenceTooLong', pts: account.box.pts }
  const limit = Math.min((query['pts_limit'] as number | undefined) ?? limits.accountSlice, limits.accountSlice)
  const taken = missed.slice(0, limit)
  const body = { ...content(world, account, taken), new_encrypted_messages: [] }
  const reached = state(account, taken.at(-1)!.pts, world.now())
  if (taken.length < missed.length) return { _: 'updates.differenceSlice', ...body, intermediate_state: reached }
  return { _: 'updates.difference', ...body, state: reached }
}

function channelDifference(world: World, account: Account, query: TlObject, limits: DifferenceLimits): TlObject {
  const channel = readChannel(world, account, query['channel'] as TlObject)
  const missed = channel.box.since(readPts(query, channel.box.pts))
  const timeout = CHANNEL_TIMEOUT_SECONDS
  if (missed.length === 0) {
    return { _: 'updates.channelDifferenceEmpty', final: true, pts: channel.box.pts, timeout }
  }
  if (missed.length > limits.channelTooLong) return channelTooLong(world, account, channel)
  const taken = missed.slice(0, Math.min(query['limit'] as number, limits.channelSlice))
  const final = taken.length === missed.length
  return { _: 'updates.channelDifference', final, pts: taken.at(-1)!.pts, timeout, ...content(world, account, taken) }
}

function channelTooLong(world: World, account: Account, channel: Channel): TlObject {
  const chat = markedChannel(channel.id)
  const newest = channel.history.slice(-NEWEST_MESSAGES).reverse()
  const mentioned = new Mentioned(world, account).add(chat)
  for (const message of newest) mentioned.addMessage(message)
  return {
    _: 'updates.channelDifferenceTooLong',
    final: true,
    timeout: CHANNEL_TIMEOUT_SECONDS,
    dialog: renderDialog(world, account, chat),
    messages: newest.map((message) => renderMessage(message, account)),
    ...mentioned.render(),
  }
}

function content(world: World, account: Account, entries: LogEntry[]) {
  const mentioned = new Mentioned(world, account)
  const messages = entries.flatMap(({ message }) => (message ? [message] : []))
  for (const message of messages) mentioned.addMessage(message)
  return {
    new_messages: messages.map((message) => renderMessage(message, account)),
    other_updates: entries.flatMap(({ update }) => (update ? [update] : [])),
    ...mentioned.render(),
  }
}

function readPts(query: TlObject, current: number): number {
  const pts = query['pts'] as number
  if (pts < 1) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_EMPTY')
  if (pts > current) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_INVALID')
  return pts
}

function state(account: Account, pts: number, date: number): TlObject {
  return { _: 'updates.state', pts, qts: account.qts, date, seq: account.seq, unread_count: 0 }
}
