import type { Intake } from '../intake'
import type { MarkedId } from '../model'
import type { Caller, CallerOptions } from './caller'
import { readChat, type FullChat } from './chat-details'
import { readDialogs, type Dialog, type PeerPhoto } from './dialogs'
import type { Self } from './message'
import { isInFolder } from './folders'
import { readHistory, type HistoryPage, type HistoryQuery } from './history'
import {
  readAdmins,
  readParticipant,
  readParticipants,
  type ParticipantsPage,
  type ParticipantsQuery,
  type Person,
} from './participants'
import { readMessagesById, readRichMessage, type NamedMessages } from './messages'
import { resolveUsername } from './peer'
import { readTopics, type Topic } from './topics'
import { readPeople } from './people'
import type { PeerPhotos } from './peer-photos'
import { TelegramError } from './telegram-error'
import { toFailure } from './telegram-failure'

export interface ReaderOptions {
  caller: Caller
  /** Whose session it is; null while nobody is signed in. */
  self: () => Self | null
  photos: PeerPhotos
  /** The list says where each channel stood when it was asked for (unix milliseconds). */
  onDialogs: (dialogs: readonly Dialog[], askedAtMs: number) => void
}

/** A chat of the list, with the ids of the folders that it is in. */
export type ListedChat = Dialog & { folders: number[] }

/** Reads chats, people and history of the account in force. Each of its calls takes its turn in the queue and fails with an ApiError. */
export class TelegramReader {
  constructor(private readonly options: ReaderOptions) {}

  get self(): Self | null {
    return this.options.self()
  }

  /** The whole list of chats, and the folders. `onPeers` is told of names page by page. @throws ApiError */
  async dialogs(
    options: CallerOptions,
    onPeers: (peers: Intake) => void,
  ): Promise<{ dialogs: ListedChat[]; folders: { id: number; title: string }[] }> {
    const askedAtMs = Date.now()
    const { dialogs, folders } = await translated(() => readDialogs(this.options.caller, options, onPeers))
    this.options.onDialogs(dialogs, askedAtMs)
    const foldersOf = (dialog: Dialog) => folders.filter((folder) => isInFolder(dialog, folder)).map(({ id }) => id)
    return { dialogs: dialogs.map((dialog) => ({ ...dialog, folders: foldersOf(dialog) })), folders }
  }

  /** @throws ApiError */
  chat(chatId: MarkedId, options: CallerOptions): Promise<FullChat> {
    return translated(() => readChat(this.options.caller, chatId, options))
  }

  /** @throws ApiError */
  participants(chatId: MarkedId, query: ParticipantsQuery, options: CallerOptions): Promise<ParticipantsPage> {
    return translated(() => readParticipants(this.options.caller, chatId, query, options))
  }

  /** One of them; null in a small group that they are not in. @throws ApiError */
  participant(chatId: MarkedId, userId: MarkedId, options: CallerOptions): Promise<Person | null> {
    return translated(() => readParticipant(this.options.caller, chatId, userId, options))
  }

  /** Admins of a group or supergroup, the creator included. @throws ApiError */
  admins(chatId: MarkedId, options: CallerOptions): Promise<MarkedId[]> {
    return translated(() => readAdmins(this.options.caller, chatId, options))
  }

  /** @throws ApiError */
  history(chatId: MarkedId, query: HistoryQuery, options: CallerOptions): Promise<HistoryPage> {
    return this.withSelf((self) => readHistory(this.options.caller, chatId, query, self, options))
  }

  private withSelf<T>(work: (self: Self) => Promise<T>): Promise<T> {
    return translated(async () => {
      if (!this.self) throw new TelegramError('NOT_SIGNED_IN', 0)
      return work(this.self)
    })
  }

  /** @throws ApiError */
  messagesById(chatId: MarkedId, ids: readonly number[], options: CallerOptions): Promise<NamedMessages> {
    return this.withSelf((self) => readMessagesById(this.options.caller, chatId, ids, self, options))
  }

  /** The whole of a rich message of which only a part came. @throws ApiError */
  richMessage(chatId: MarkedId, messageId: number, options: CallerOptions): Promise<NamedMessages> {
    return this.withSelf((self) => readRichMessage(this.options.caller, chatId, messageId, self, options))
  }

  /** All topics of a forum. @throws ApiError */
  topics(chatId: MarkedId, options: CallerOptions): Promise<Topic[]> {
    return translated(() => readTopics(this.options.caller, chatId, options))
  }

  /** Who some messages of a chat name. @throws ApiError */
  people(chatId: MarkedId, messageIds: number[], options: CallerOptions): Promise<Pick<Intake, 'users' | 'chats'>> {
    return translated(() => readPeople(this.options.caller, chatId, messageIds, options))
  }

  /** @throws ApiError */
  photo(chatId: MarkedId, photo: PeerPhoto, options: CallerOptions): Promise<Buffer> {
    return this.options.photos.read(chatId, photo, options)
  }

  /** Who has a username; the names that came along are told as well. @throws ApiError */
  async resolve(username: string, options: CallerOptions) {
    return translated(() => resolveUsername(this.options.caller, username, options))
  }
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toFailure(error)
  }
}
