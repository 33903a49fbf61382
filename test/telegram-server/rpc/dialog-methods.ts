import type { TlObject } from '../tl/codec'
import { Mentioned } from '../world/mentioned'
import type { Account, DialogSettings, Folder, StoredMessage } from '../world/model'
import { isChannel, markedChannel, peerOf } from '../world/peers'
import { renderMessage } from '../world/rendering'
import type { World } from '../world/world'
import type { Method } from './dispatcher'
import { messagesOf } from './history-methods'
import { inputPeerOf, readPeer } from './peer-input'

const MAX_PAGE = 100

interface Dialog {
  chat: number
  top: StoredMessage | undefined
  unread: number
  settings: DialogSettings
}

export function dialogMethods(world: World): Record<string, Method> {
  return {
    'messages.getDialogs': (query, { account }) => dialogs(world, account, query),
    'messages.getPeerDialogs': (query, { account }) => peerDialogs(world, account, query),
    'messages.getDialogFilters': (_query, { account }) => ({
      _: 'messages.dialogFilters',
      filters: [{ _: 'dialogFilterDefault' }, ...account.folders.map((folder) => renderFolder(world, folder))],
    }),
  }
}

export function renderDialog(world: World, account: Account, chat: number): TlObject {
  return dialogPart(world, dialogOf(world, account, chat))
}

function dialogs(world: World, account: Account, query: TlObject): TlObject {
  const all = dialogsOf(world, account).filter(isInFolder(query['folder_id'] as number | undefined))
  const rest = fromOffset(world, account, all, query)
  const page = rest.slice(0, Math.min((query['limit'] as number) || MAX_PAGE, MAX_PAGE))
  const body = bodyOf(world, account, page)
  if (page.length === all.length) return { _: 'messages.dialogs', ...body }
  return { _: 'messages.dialogsSlice', count: all.length, ...body }
}

function bodyOf(world: World, account: Account, page: Dialog[]) {
  const mentioned = new Mentioned(world, account)
  for (const { chat, top } of page) {
    if (top) mentioned.addMessage(top)
    else mentioned.add(chat)
  }
  return {
    dialogs: page.map((dialog) => dialogPart(world, dialog)),
    messages: page.flatMap(({ top }) => (top ? [renderMessage(top, account)] : [])),
    ...mentioned.render(),
  }
}

function peerDialogs(world: World, account: Account, query: TlObject): TlObject {
  const inputs = query['peers'] as TlObject[]
  const wanted = inputs.map((input) => dialogOf(world, account, readPeer(world, account, input['peer'] as TlObject)))
  const { pts, qts, seq } = { pts: account.box.pts, ...account }
  const state = { _: 'updates.state', pts, qts, seq, date: world.now(), unread_count: 0 }
  return { _: 'messages.peerDialogs', ...bodyOf(world, account, wanted), state }
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
  const settings = account.dialogSettings.get(chat) ?? { isPinned: false, folderId: 0 }
  return { chat, top: history.at(-1), unread: history.length, settings }
}

/** Without a number, whatever the folder: so does Telegram, and Telethon relies on it. */
function isInFolder(folderId: number | undefined) {
  return ({ settings }: Dialog) => folderId === undefined || settings.folderId === folderId
}

/**
 * Pinned ones come before all others and only there; the rest goes by the date of its last message, then by peer. An offset is
 * a place in that order and no chat: one that meanwhile got a newer message is not what the next page begins with.
 */
function fromOffset(world: World, account: Account, all: Dialog[], query: TlObject): Dialog[] {
  const isPinned = ({ settings }: Dialog) => settings.isPinned
  const isOther = (dialog: Dialog) => !isPinned(dialog)
  const inOrder = [...all.filter(isPinned), ...all.filter(isOther)]
  const left = afterOffset(world, account, inOrder, query)
  return query['exclude_pinned'] ? left.filter(isOther) : left
}

/** The date says nothing of the place of a pinned one, and one without a message has none. */
function afterOffset(world: World, account: Account, inOrder: Dialog[], query: TlObject): Dialog[] {
  const peer = query['offset_peer'] as TlObject
  const date = query['offset_date'] as number
  const rest = inOrder.filter(({ settings }) => !settings.isPinned)
  if (peer._ === 'inputPeerEmpty')
    return date === 0 ? inOrder : rest.filter(isBefore(date, query['offset_id'] as number))
  const chat = readPeer(world, account, peer)
  const at = inOrder.findIndex((dialog) => dialog.chat === chat && (dialog.settings.isPinned || !dialog.top))
  return at >= 0 ? inOrder.slice(at + 1) : rest.filter(isAfter(date, chat))
}

function isAfter(date: number, chat: number) {
  return (dialog: Dialog) => {
    const own = dialog.top?.date ?? 0
    return own < date || (own === date && dialog.chat < chat)
  }
}

function isBefore(date: number, id: number) {
  return ({ top }: Dialog) => {
    const own = top?.date ?? 0
    return own < date || (own === date && id > 0 && (top?.id ?? 0) < id)
  }
}

function dialogPart(world: World, { chat, top, unread, settings }: Dialog): TlObject {
  return {
    _: 'dialog',
    pinned: settings.isPinned,
    folder_id: settings.folderId || undefined,
    peer: peerOf(chat),
    top_message: top?.id ?? 1,
    read_inbox_max_id: 0,
    read_outbox_max_id: 0,
    unread_count: unread,
    unread_mentions_count: 0,
    unread_reactions_count: 0,
    // Of newer layers.
    unread_poll_votes_count: 0,
    notify_settings: { _: 'peerNotifySettings' },
    pts: isChannel(chat) ? world.channelOf(chat).box.pts : undefined,
  }
}

function renderFolder(world: World, { id, title, emoticon, flags, pinned, include, exclude }: Folder): TlObject {
  const peers = (chats: number[]) => chats.map((chat) => inputPeerOf(world, chat))
  return {
    _: 'dialogFilter',
    ...Object.fromEntries(flags.map((flag) => [flag, true])),
    id,
    title: { _: 'textWithEntities', text: title, entities: [] },
    emoticon,
    pinned_peers: peers(pinned),
    include_peers: peers(include),
    exclude_peers: peers(exclude),
  }
}
