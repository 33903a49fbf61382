import { CHANNEL_MARK, type Chat, type MarkedId } from '../model'
import type { Caller, CallerOptions } from './caller'
import { photoOf, type PeerPhoto } from './dialogs'
import { readPeers } from './peers'
import { inputChannelOf, inputPeerOf } from './peer'
import { TelegramError } from './telegram-error'
import { tlList, tlNumber, tlText, type TlObject } from './tl'

/** What Telegram tells of a chat when it is asked for the whole of it. */
export interface FullChat {
  chat: Chat
  about: string
  members: number | null
  online: number | null
  admins: number | null
  linkedChatId: MarkedId | null
  slowModeS: number | null
  pinnedMessageId: number | null
  photo: PeerPhoto | null
  /** What came along: names of people and chats. */
  peers: ReturnType<typeof readPeers>
}

/** @throws ApiError */
export async function readChat(caller: Caller, chatId: MarkedId, options: CallerOptions): Promise<FullChat> {
  const answer = await fullOf(caller, chatId, options)
  const [users, chats] = [tlList(answer['users']), tlList(answer['chats'])]
  const full = (answer['fullChat'] ?? answer['fullUser']) as TlObject
  const peers = readPeers(users, chats)
  const chat = peers.chats.find(({ id }) => id === chatId)
  const source = [...users, ...chats].find((one) => readPeers([one], [one]).chats.some(({ id }) => id === chatId))
  if (!chat || !source) throw new TelegramError('CHAT_ID_INVALID', 400)
  const linked = tlNumber(full['linkedChatId'])
  const members = tlList((full['participants'] as TlObject | undefined)?.['participants']).length
  return {
    chat,
    about: tlText(full['about']),
    members: tlNumber(full['participantsCount']) ?? (members || tlNumber(source['participantsCount'])),
    online: tlNumber(full['onlineCount']),
    admins: tlNumber(full['adminsCount']),
    linkedChatId: linked ? -CHANNEL_MARK - linked : null,
    slowModeS: tlNumber(full['slowmodeSeconds']),
    pinnedMessageId: tlNumber(full['pinnedMsgId']),
    photo: photoOf(source),
    peers,
  }
}

async function fullOf(caller: Caller, chatId: MarkedId, options: CallerOptions): Promise<TlObject> {
  const { Api, helpers } = await import('./gramjs')
  if (chatId < -CHANNEL_MARK)
    return (await caller.call({ ...options, method: 'channels.getFullChannel' }, async (connection, signal) =>
      connection.call(new Api.channels.GetFullChannel({ channel: await inputChannelOf(connection, chatId) }), signal),
    )) as unknown as TlObject
  if (chatId < 0)
    return (await caller.call({ ...options, method: 'messages.getFullChat' }, (connection, signal) =>
      connection.call(new Api.messages.GetFullChat({ chatId: helpers.returnBigInt(-chatId) }), signal),
    )) as unknown as TlObject
  return (await caller.call({ ...options, method: 'users.getFullUser' }, async (connection, signal) =>
    connection.call(new Api.users.GetFullUser({ id: (await inputPeerOf(connection, chatId)) as never }), signal),
  )) as unknown as TlObject
}
