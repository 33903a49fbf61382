import type { TlObject } from '../tl/codec'
import { Mentioned } from '../world/mentioned'
import type { Account, StoredMessage } from '../world/model'
import { isChannel, markedChannel, peerOf } from '../world/peers'
import { renderMessage } from '../world/rendering'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { messagesOf } from './history-methods'
import { readPeer } from './peer-input'

const MAX_PAGE = 100

interface Dialog {
  chat: number
  top: StoredMessage | undefined
  unread: number
}

export function dialogMethods(world: World): Record<string, Method> {
  return { 'messages.getDialogs': (query, { account }) => dialogs(world, account, query) }
}

export function renderDialog(world: World, account: Account, chat: number): TlObject {
  return dialogPart(world, dialogOf(world, account, chat))
}

function dialogs(world: World, account: Account, query: TlObject): TlObject {
  const all = dialogsOf(world, account)
  const rest = all.slice(startOf(world, account, all, query))
  const page = rest.slice(0, Math.min((query['limit'] as number) || MAX_PAGE, MAX_PAGE))
  const mentioned = new Mentioned(world, account)
  for (const { chat, top } of page) {
    if (top) mentioned.addMessage(top)
    else mentioned.add(chat)
  }
  const body = {
    dialogs: page.map((dialog) => dialogPart(world, dialog)),
    messages: page.flatMap(({ top }) => (top ? [renderMessage(top, account)] : [])),
    ...mentioned.render(),
  }
  if (page.length === all.length) return { _: 'messages.dialogs', ...body }
  return { _: 'messages.dialogsSlice', count: all.length, ...body }
}

function dialogsOf(world: World, account: Account): Dialog[] {
  const isIn = ({ members }: { members: Set<number> }) => members.has(account.user.id)
  const chats = [
    ...[...account.histories.keys()].filter((chat) => chat > 0),
    ...[...world.groups.values()].filter(isIn).map(({ id }) => -id),
    ...[...world.channels.values()].filter(isIn).map(({ id }) => markedChannel(id)),
  ]
  const date = ({ top }: Dialog) => top?.date ?? 0
  return chats.map((chat) => dialogOf(world, account, chat)).sort((a, b) => date(b) - date(a) || b.chat - a.chat)
}

function dialogOf(world: World, account: Account, chat: number): Dialog {
  const history = messagesOf(world, account, chat)
  return { chat, top: history.at(-1), unread: history.length }
}

function startOf(world: World, account: Account, all: Dialog[], query: TlObject): number {
  const peer = query['offset_peer'] as TlObject
  if (peer._ !== 'inputPeerEmpty') {
    const chat = readPeer(world, account, peer)
    const at = all.findIndex((dialog) => dialog.chat === chat)
    if (at >= 0) return at + 1
  }
  const date = query['offset_date'] as number
  const at = all.findIndex(({ top }) => date === 0 || (top?.date ?? 0) < date)
  return at < 0 ? all.length : at
}

function dialogPart(world: World, { chat, top, unread }: Dialog): TlObject {
  return {
    _: 'dialog',
    peer: peerOf(chat),
    top_message: top?.id ?? 1,
    read_inbox_max_id: 0,
    read_outbox_max_id: 0,
    unread_count: unread,
    unread_mentions_count: 0,
    unread_reactions_count: 0,
    notify_settings: { _: 'peerNotifySettings' },
    pts: isChannel(chat) ? world.channelOf(chat).box.pts : undefined,
  }
}
