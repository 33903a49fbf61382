import type { TlObject } from '../tl/codec'
import { Mentioned } from '../world/mentioned'
import type { Account, Channel } from '../world/model'
import { markedChannel } from '../world/peers'
import { renderMessage, renderNewMessage } from '../world/rendering'
import type { LogEntry } from '../world/update-box'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { renderDialog } from './dialog-methods'
import { readChannel } from './peer-input'
import { RpcError } from './rpc-error'
import type { Trouble } from './trouble'

/** How many missed entries fit a slice, and how many make the server give up; a test may narrow them. */
export interface DifferenceLimits {
  accountSlice: number
  accountTooLong: number
  channelSlice: number
  channelTooLong: number
  /** What the server asks clients to wait before they poll a channel again; not a limit, but answered beside them. */
  channelTimeoutSeconds: number
}

export const TELEGRAM_LIMITS: DifferenceLimits = {
  accountSlice: 1000,
  accountTooLong: 100_000,
  channelSlice: 100,
  channelTooLong: 1000,
  channelTimeoutSeconds: 30,
}

const NEWEST_MESSAGES = 20

export function differenceMethods(world: World, limits: DifferenceLimits, trouble: Trouble): Record<string, Method> {
  return {
    'updates.getState': (_query, { account }) => state(account, account.box.pts, world.now()),
    'updates.getDifference': (query, { account }) => difference(world, account, query, limits, trouble),
    'updates.getChannelDifference': (query, { account }) => channelDifference(world, account, query, limits),
  }
}

function difference(
  world: World,
  account: Account,
  query: TlObject,
  limits: DifferenceLimits,
  { tellsOfChannels }: Trouble,
): TlObject {
  const pts = readPts(query, account.box.pts)
  checkDateAndQts(query, account)
  const missed = account.box.countSince(pts)
  if (missed === 0) return { _: 'updates.differenceEmpty', date: world.now(), seq: account.seq }
  const mostInAll = Math.min((query['pts_total_limit'] as number | undefined) ?? Infinity, limits.accountTooLong)
  if (missed > mostInAll) return { _: 'updates.differenceTooLong', pts: account.box.pts }
  const limit = Math.min((query['pts_limit'] as number | undefined) ?? limits.accountSlice, limits.accountSlice)
  const taken = account.box.since(pts, Math.max(1, limit))
  const own = content(world, account, taken)
  const other = tellsOfChannels ? newsOfChannels(world, account, query['date'] as number) : []
  const body = { ...own, other_updates: [...own.other_updates, ...other], new_encrypted_messages: [] }
  const reached = state(account, taken.at(-1)!.pts, world.now())
  if (taken.length < missed) return { _: 'updates.differenceSlice', ...body, intermediate_state: reached }
  return { _: 'updates.difference', ...body, state: reached }
}

/** What Telegram puts among `other_updates`: the newest message of one channel, of another only that there is something. */
function newsOfChannels(world: World, account: Account, date: number): TlObject[] {
  const own = [...world.channels.values()].filter(({ members }) => members.has(account.user.id))
  return own.flatMap(({ id, box, history }) => {
    const message = history.at(-1)
    const last = box.entries.at(-1)
    if (!message || message.date < date) return []
    if (id % 2 === 0 || last?.message !== message) return [{ _: 'updateChannelTooLong', channel_id: id, pts: box.pts }]
    return [renderNewMessage(message, account, last.pts, last.ptsCount)]
  })
}

function channelDifference(world: World, account: Account, query: TlObject, limits: DifferenceLimits): TlObject {
  const channel = readChannel(world, account, query['channel'] as TlObject)
  const pts = readPts(query, channel.box.pts)
  const missed = channel.box.countSince(pts)
  const timeout = limits.channelTimeoutSeconds
  if (missed === 0) {
    return { _: 'updates.channelDifferenceEmpty', final: true, pts: channel.box.pts, timeout }
  }
  if (missed > limits.channelTooLong) return channelTooLong(world, account, channel, timeout)
  const limit = Math.min(query['limit'] as number, limits.channelSlice)
  const taken = channel.box.since(pts, Math.max(1, limit))
  const final = taken.length === missed
  return { _: 'updates.channelDifference', final, pts: taken.at(-1)!.pts, timeout, ...content(world, account, taken) }
}

function channelTooLong(world: World, account: Account, channel: Channel, timeout: number): TlObject {
  const chat = markedChannel(channel.id)
  const newest = channel.history.slice(-NEWEST_MESSAGES).reverse()
  const mentioned = new Mentioned(world, account).add(chat)
  for (const message of newest) mentioned.addMessage(message)
  return {
    _: 'updates.channelDifferenceTooLong',
    final: true,
    timeout,
    dialog: renderDialog(world, account, chat),
    messages: newest.map((message) => renderMessage(message, account)),
    ...mentioned.render(),
  }
}

/** New messages are told as they are by now, and not at all if they are no more; changes as they were. */
function content(world: World, account: Account, entries: LogEntry[]) {
  const mentioned = new Mentioned(world, account)
  const messages = entries.flatMap(({ message }) => (message && !message.isDeleted ? [message] : []))
  for (const message of messages) mentioned.addMessage(message)
  for (const { change } of entries) if (change) mentioned.addChange(change)
  return {
    new_messages: messages.map((message) => renderMessage(message, account)),
    other_updates: entries.flatMap(({ change, pts, ptsCount }) =>
      change ? [change.render(account, pts, ptsCount)] : [],
    ),
    ...mentioned.render(),
  }
}

function readPts(query: TlObject, current: number): number {
  const pts = query['pts'] as number
  if (pts < 1) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_EMPTY')
  if (pts > current) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_INVALID')
  return pts
}

/** Nothing here counts by date or qts, but what no client can have had from this server is refused. */
function checkDateAndQts(query: TlObject, { qts }: Account): void {
  if ((query['date'] as number) <= 0) throw new RpcError(400, 'DATE_EMPTY')
  const known = query['qts'] as number
  if (known < 0 || known > qts) throw new RpcError(400, 'PERSISTENT_TIMESTAMP_INVALID')
}

function state(account: Account, pts: number, date: number): TlObject {
  return { _: 'updates.state', pts, qts: account.qts, date, seq: account.seq, unread_count: 0 }
}
