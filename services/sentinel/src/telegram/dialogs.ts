import type { Intake } from '../intake'
import type { Chat, MarkedId } from '../model'
import type { Caller, CallerOptions } from './caller'
import { markedPeer, readPeers } from './peers'
import type { FolderRules } from './folders'
import { toFailure } from './telegram-failure'
import { isUnreadable } from './tolerant/unreadable'
import { isTl, tlList, tlNumber, tlText, type TlObject } from './tl'

const PAGE = 100
const MAX_PAGES = 500
const ARCHIVE = 1

/** A chat in the account's list, as Telegram orders it. */
export interface Dialog {
  chat: Chat
  members: number | null
  unread: number
  topMessageId: number | null
  /** Where a channel's updates stand; null for other chats. */
  pts: number | null
  /** Unix seconds. */
  topMessageAt: number | null
  isPinned: boolean
  isArchived: boolean
  isMuted: boolean
  isForum: boolean
  isContact: boolean
  photo: PeerPhoto | null
}

/** The small photo of a chat or person: its id names what is shown, its data centre where the bytes lie. */
export interface PeerPhoto {
  id: string
  dcId: number
}

type Page = TlObject

/**
 * Reads the whole list of chats, the archive included, and the folders. Pages go by date, id and peer of the last dialog's newest
 * message (core.telegram.org/api/offsets).
 * @throws ApiError
 */
export async function readDialogs(
  caller: Caller,
  options: CallerOptions,
  onPeers: (peers: Intake) => void,
): Promise<{ dialogs: Dialog[]; folders: FolderRules[] }> {
  const dialogs = new Map<MarkedId, Dialog>()
  for (const folderId of [0, ARCHIVE]) {
    for await (const page of pagesOf(caller, options, folderId)) {
      const [users, chats] = [tlList(page['users']), tlList(page['chats'])]
      onPeers({ ...readPeers(users, chats), messages: [], cursors: [] })
      for (const dialog of readPage(page, folderId === ARCHIVE, Date.now())) dialogs.set(dialog.chat.id, dialog)
    }
  }
  return { dialogs: [...dialogs.values()], folders: await readFolders(caller, options) }
}

async function* pagesOf(caller: Caller, options: CallerOptions, folderId: number): AsyncGenerator<Page> {
  const { Api, helpers } = await import('./gramjs')
  let offset: Offset = { offsetDate: 0, offsetId: 0, offsetPeer: null }
  let limit = PAGE
  for (let number = 0; number < MAX_PAGES; number++) {
    const { offsetDate, offsetId, offsetPeer } = offset
    const asked = caller.call({ ...options, method: 'messages.getDialogs' }, (connection, signal) => {
      const peer = offsetPeer ? connection.inputPeer(offsetPeer) : new Api.InputPeerEmpty()
      const where = { offsetDate, offsetId, offsetPeer: peer as never, folderId }
      return connection.call(new Api.messages.GetDialogs({ ...where, limit, hash: helpers.returnBigInt(0) }), signal)
    })
    // An answer of which nothing can be read is asked for in smaller pieces.
    const answer = await asked.catch((error: unknown) => {
      if (toFailure(error).code !== 'UNREADABLE' || limit <= 1) throw error
      return null
    })
    if (answer === null) {
      limit = Math.floor(limit / 2)
      continue
    }
    const page = answer as unknown as Page
    yield page
    const next = nextOffset(page)
    const isAtEnd = page.className !== 'messages.DialogsSlice' || !next
    if (isAtEnd || isSamePlace(next, offset)) return
    offset = next
  }
}

type Offset = { offsetDate: number; offsetId: number; offsetPeer: TlObject | null }

/** Several chats may have the same newest id and date; only with the peer they are a place. */
function isSamePlace(a: Offset, b: Offset): boolean {
  return (
    a.offsetId === b.offsetId && a.offsetDate === b.offsetDate && markedPeer(a.offsetPeer) === markedPeer(b.offsetPeer)
  )
}

async function readFolders(caller: Caller, options: CallerOptions): Promise<FolderRules[]> {
  const { Api } = await import('./gramjs')
  const answer = (await caller.call({ ...options, method: 'messages.getDialogFilters' }, (connection, signal) =>
    connection.call(new Api.messages.GetDialogFilters(), signal),
  )) as unknown
  // An older layer answers with the list itself.
  const filters = Array.isArray(answer) ? tlList(answer) : tlList((answer as TlObject)['filters'])
  return filters.filter(({ className }) => className !== 'DialogFilterDefault').map(readFolder)
}

function readFolder(filter: TlObject): FolderRules {
  const peers = (name: string) =>
    new Set(
      tlList(filter[name])
        .map(markedPeer)
        .filter((id) => id !== null),
    )
  const has = (name: string) => filter[name] === true
  return {
    id: tlNumber(filter['id']) ?? 0,
    title: tlText(filter['title']),
    pinned: peers('pinnedPeers'),
    include: peers('includePeers'),
    exclude: peers('excludePeers'),
    contacts: has('contacts'),
    nonContacts: has('nonContacts'),
    groups: has('groups'),
    channels: has('broadcasts'),
    bots: has('bots'),
    excludeMuted: has('excludeMuted'),
    excludeRead: has('excludeRead'),
    excludeArchived: has('excludeArchived'),
  }
}

/** Dialogs of one page; one whose chat did not come along is left out. Pure. */
function readPage(page: Page, isArchived: boolean, nowMs: number): Dialog[] {
  const sources = new Map<MarkedId, TlObject>()
  const { chats } = readPeers(tlList(page['users']), tlList(page['chats']))
  for (const source of [...tlList(page['users']), ...tlList(page['chats'])]) {
    for (const { id } of readPeers([source], [source]).chats) sources.set(id, source)
  }
  const known = new Map(chats.map((chat) => [chat.id, chat]))
  return tlList(page['dialogs']).flatMap((dialog) => {
    const id = markedPeer(dialog['peer'])
    const chat = id === null ? undefined : known.get(id)
    const source = id === null ? undefined : sources.get(id)
    return chat && source ? [dialogOf(dialog, chat, source, newestOf(page, dialog), isArchived, nowMs)] : []
  })
}

function dialogOf(
  dialog: TlObject,
  chat: Chat,
  source: TlObject,
  newest: TlObject | undefined,
  isArchived: boolean,
  nowMs: number,
): Dialog {
  const muteUntil = tlNumber((dialog['notifySettings'] as TlObject | undefined)?.['muteUntil']) ?? 0
  return {
    chat,
    members: tlNumber(source['participantsCount']),
    unread: tlNumber(dialog['unreadCount']) ?? 0,
    topMessageId: tlNumber(dialog['topMessage']),
    pts: tlNumber(dialog['pts']) || null,
    topMessageAt: newest ? tlNumber(newest['date']) : null,
    isPinned: dialog['pinned'] === true,
    isArchived,
    isMuted: muteUntil * 1000 > nowMs,
    isForum: source['forum'] === true,
    isContact: source['contact'] === true,
    photo: photoOf(source),
  }
}

/** The photo of a user or chat object, null where it has none. */
export function photoOf(source: TlObject): PeerPhoto | null {
  const photo = source['photo']
  if (!isTl(photo) || photo['photoId'] === undefined) return null
  return { id: String(photo['photoId']), dcId: tlNumber(photo['dcId']) ?? 0 }
}

/** A dialog whose history was cleared has no message to go by: the last one that has stands in, and a little is read twice. */
function nextOffset(page: Page) {
  const last = tlList(page['dialogs']).findLast((dialog) => newestOf(page, dialog))
  const newest = last && newestOf(page, last)
  if (!last || !newest) return null
  const offsetPeer = last['peer'] as TlObject
  return { offsetDate: tlNumber(newest['date']) ?? 0, offsetId: tlNumber(newest['id']) ?? 0, offsetPeer }
}

function newestOf(page: Page, dialog: TlObject): TlObject | undefined {
  const chatId = markedPeer(dialog['peer'])
  const newest = tlList(page['messages']).find((message) => {
    const place = placeOf(message)
    return place.id === dialog['topMessage'] && place.chatId === chatId
  })
  return newest && withHeader(newest)
}

/** GramJS gives messages a `chatId` of its own, which is no marked id. */
function placeOf(message: TlObject): { id: unknown; chatId: MarkedId | null } {
  if (!isUnreadable(message)) return { id: message['id'], chatId: markedPeer(message['peerId']) }
  return { id: message.header?.messageId ?? null, chatId: message.header?.chatId ?? null }
}

/** Of a message that cannot be read its header will do: the place in the list goes by it. */
function withHeader(message: TlObject): TlObject {
  if (!isUnreadable(message)) return message
  const { messageId = null, date = null } = message.header ?? {}
  return { className: 'Unreadable', id: messageId, date }
}
