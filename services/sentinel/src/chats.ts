import type { Logger } from '@tgsentinel/kernel/log'
import { isoMoment, MINUTE, SECOND } from '@tgsentinel/kernel/time'
import { ApiError, httpError } from '@tgsentinel/kernel/errors'
import type { Bus } from './bus/bus'
import {
  failure,
  GENERAL_TOPIC,
  MessageFlag,
  type ChatDetails,
  type ChatKind,
  type ChatMessage,
  type MarkedId,
  type Message,
  type Participant,
  type TelegramChat,
  type User,
} from './model'
import type { StoredDialog } from './store/dialogs'
import type { Store } from './store/store'
import type { TelegramReader } from './telegram/reader'
import type { WatchList } from './watch'

export interface ChatsQuery {
  kind: ChatKind | undefined
  folder: number | undefined
  q: string | undefined
  after: number
  limit: number
}

type Peers = { users: User[]; chats: { id: MarkedId; kind: ChatKind; title: string; username: string | null }[] }

/** How long the holder of a username is taken to be the same. */
const LOOK_UP_MS = 10 * MINUTE
const MAX_LOOKED_UP = 1000
const REFRESH_CALL_MS = 2 * MINUTE
/** After a list could not be read that nobody waits for. */
const LATER_MS = 10 * SECOND

/** The account's chats: the list as it was read last, and what Telegram tells of one of them when it is asked. */
export class Chats {
  private refreshing: { accountId: MarkedId; done: Promise<number> } | null = null
  private refreshError: string | null = null
  private later: NodeJS.Timeout | undefined
  private readonly lookedUp = new Map<string, { chatId: MarkedId; untilMs: number }>()

  constructor(
    private readonly reader: TelegramReader,
    private readonly store: Store,
    private readonly watch: WatchList,
    private readonly bus: Bus,
    private readonly log: Logger,
  ) {}

  /** A page of the list, with the folders and how old it all is. */
  list({ kind, folder, q, after, limit }: ChatsQuery) {
    const accountId = this.accountId
    const dialogs = this.store.dialogs.page(accountId, { kind, folder, q, afterPosition: after, limit: limit + 1 })
    const page = dialogs.slice(0, limit)
    const readAtMs = this.readAtMs
    return {
      chats: page.map((dialog) => this.viewOf(dialog)),
      next_cursor: dialogs.length > limit ? String(page.at(-1)?.position) : null,
      folders: this.store.dialogs.folders(accountId),
      total: this.store.dialogs.count(accountId),
      read_at: readAtMs === null ? null : isoMoment(readAtMs),
      age_s: readAtMs === null ? null : Math.max(0, Math.round((Date.now() - readAtMs) / SECOND)),
      is_refreshing: this.refreshing !== null,
      refresh_error: this.refreshError,
    }
  }

  /** Reads the list anew, or joins who does. @throws ApiError; the old list is in force then */
  async refresh(priority: 'interactive' | 'background') {
    const accountId = this.accountId
    if (this.refreshing?.accountId !== accountId) {
      const run = { accountId, done: this.read(priority) }
      this.refreshing = run
      const forget = () => (this.refreshing = this.refreshing === run ? null : this.refreshing)
      run.done.then(forget, forget)
    }
    const chats = await this.refreshing.done
    return { chats, folders: this.store.dialogs.folders(this.accountId).length, read_at: isoMoment(this.readAtMs ?? 0) }
  }

  /** At sign-in: nobody waits for it. */
  refreshSoon(): void {
    // What went wrong is logged and kept for the list; nobody else would read it.
    this.refresh('background').catch(() => this.refreshLater())
  }

  private refreshLater(): void {
    clearTimeout(this.later)
    this.later = setTimeout(() => this.reader.self && this.refreshSoon(), LATER_MS).unref()
  }

  users(q: string | undefined, beyond: number, limit: number) {
    const users = this.store.chats.users({ q, beyond, limit: limit + 1 })
    const page = users.slice(0, limit)
    return { users: page.map(userView), next_cursor: users.length > limit ? String(page.at(-1)?.id) : null }
  }

  /** One chat with its details. @throws ApiError */
  async details(chatId: MarkedId, signal: AbortSignal): Promise<ChatDetails> {
    const full = await this.reader.chat(chatId, { signal })
    this.keep(full.peers)
    this.store.photos.set(chatId, full.photo)
    return {
      id: String(chatId),
      title: full.chat.title,
      kind: full.chat.kind,
      username: full.chat.username,
      about: full.about,
      members: full.members,
      online: full.online,
      admins: full.admins,
      linked_chat: full.linkedChatId === null ? null : String(full.linkedChatId),
      slow_mode_s: full.slowModeS,
      pinned_message_id: full.pinnedMessageId,
      has_photo: full.photo !== null,
      is_watched: this.watch.isWatched(this.accountId, chatId),
    }
  }

  /** @throws ApiError */
  async participants(
    chatId: MarkedId,
    query: { q: string | undefined; offset: number; limit: number },
    signal: AbortSignal,
  ) {
    const page = await this.reader.participants(chatId, query, { signal })
    this.store.transaction(() => page.participants.forEach((person) => this.store.chats.saveUser(person)))
    const participants = page.participants.map((person): Participant => ({
      ...userView(person),
      role: person.role,
      is_bot: person.isBot,
      joined_at: person.joinedAt === null ? null : isoMoment(person.joinedAt * SECOND),
    }))
    return { participants, total: page.total, next_cursor: page.nextOffset === null ? null : String(page.nextOffset) }
  }

  /** Somebody in a chat, and what they are there; in a private chat there are no roles. @throws ApiError */
  async participant(chatId: MarkedId, userId: MarkedId, signal: AbortSignal) {
    const person = chatId > 0 ? null : await this.reader.participant(chatId, userId, { signal })
    if (person) this.store.transaction(() => this.store.chats.saveUser(person))
    const user = person ?? this.store.chats.findUser(userId)
    if (!user) throw httpError('NOT_FOUND', `User ${userId} is not known here.`)
    const joinedAt = person?.joinedAt ?? null
    return {
      user: { ...userView(user), bot: person?.isBot ?? null },
      role: person?.role ?? null,
      joined_at: joinedAt === null ? null : isoMoment(joinedAt * SECOND),
    }
  }

  /** The photo's bytes and id; read once. @throws ApiError */
  async photo(chatId: MarkedId, signal: AbortSignal): Promise<{ id: string; bytes: Buffer }> {
    const photo = this.store.photos.find(chatId)
    if (!photo) throw httpError('NOT_FOUND', `Chat ${chatId} has no photo that is known here.`)
    if (photo.bytes) return { id: photo.photoId, bytes: photo.bytes }
    const bytes = await this.reader.photo(chatId, { id: photo.photoId, dcId: photo.dcId }, { signal })
    this.store.photos.keep(chatId, photo.photoId, bytes)
    return { id: photo.photoId, bytes }
  }

  /** @throws ApiError */
  async messages(chatId: MarkedId, query: { limit: number; before: number | undefined }, signal: AbortSignal) {
    const page = await this.reader.history(chatId, query, { signal })
    this.keep(page.peers)
    return { messages: page.messages.map((message) => this.messageView(message)), next_before: page.nextBefore }
  }

  /**
   * A chat by its marked id, its @username or `me`.
   * @throws ApiError NOT_FOUND among them
   */
  async resolve(name: string, options: { signal?: AbortSignal }): Promise<MarkedId> {
    const known = name === 'me' ? this.self.id : this.known(name)
    return known ?? this.lookUp(name, options)
  }

  /** Who has a username now, from Telegram; kept for a while. @throws ApiError */
  async lookUp(name: string, options: { signal?: AbortSignal }): Promise<MarkedId> {
    const kept = this.lookedUp.get(name)
    if (kept && kept.untilMs > performance.now()) return kept.chatId
    const found = await this.reader.resolve(name, options)
    this.keep(found)
    if (this.lookedUp.size >= MAX_LOOKED_UP) this.lookedUp.clear()
    this.lookedUp.set(name, { chatId: found.chatId, untilMs: performance.now() + LOOK_UP_MS })
    return found.chatId
  }

  /** A chat by any of its names, without asking Telegram: null where it is not known here. */
  known(name: string): MarkedId | null {
    if (name === 'me') return this.reader.self?.id ?? null
    return name.startsWith('@') ? (this.store.chats.findChatNamed(name.slice(1))?.id ?? null) : Number(name)
  }

  /** All active ones, in lower case and without @. */
  usernamesOf(chatId: MarkedId): string[] {
    return this.store.chats.usernamesOf(chatId)
  }

  messageView(message: Message): ChatMessage {
    const sender = message.senderId === null ? null : this.nameOf(message.senderId)
    return {
      message_id: message.messageId,
      sender,
      text: message.text,
      posted_at: isoMoment(message.date * SECOND),
      is_outgoing: (message.flags & MessageFlag.outgoing) !== 0,
      reply_to_id: message.replyToId,
      topic_id: message.topicId ?? (this.store.chats.isForum(message.chatId) ? GENERAL_TOPIC : null),
      media: message.media,
      label: message.facts?.label ?? null,
    }
  }

  private get self(): { id: MarkedId } {
    if (!this.reader.self) throw failure('NOT_SIGNED_IN', 'Nobody is signed in to Telegram. Sign in first.')
    return this.reader.self
  }

  /** The account whose list it is; the last one's while nobody is signed in. */
  get accountId(): MarkedId {
    return this.reader.self?.id ?? this.store.settings.number('chats_account')
  }

  private get readAtMs(): number | null {
    const { settings } = this.store
    return settings.number('chats_account') === this.accountId ? settings.number('chats_read_at') || null : null
  }

  private async read(priority: 'interactive' | 'background'): Promise<number> {
    try {
      const { id } = this.self
      const askedAtMs = Date.now()
      const options = { priority, timeoutMs: REFRESH_CALL_MS }
      const { dialogs, folders } = await this.reader.dialogs(options, (peers) => this.keep(peers))
      const rows = dialogs.map((dialog) => ({ ...dialog, chatId: dialog.chat.id }))
      this.store.transaction(() => {
        this.store.dialogs.replace(id, rows, folders, askedAtMs)
        for (const { chat, photo } of dialogs) this.store.photos.set(chat.id, photo)
        this.store.settings.set('chats_read_at', Date.now())
        this.store.settings.set('chats_account', id)
        this.store.events.add('chats', { chats: rows.length })
      })
      this.bus.ring('events')
      this.bus.ring('chats')
      this.refreshError = null
      return rows.length
    } catch (error) {
      this.refreshError = error instanceof ApiError ? error.message : 'The list could not be stored.'
      this.log.info({ err: error }, 'the list of chats could not be read')
      throw error
    }
  }

  private keep({ users, chats }: Peers): void {
    this.store.transaction(() => {
      for (const user of users) this.store.chats.saveUser(user)
      for (const chat of chats) this.store.chats.saveChat(chat)
    })
  }

  private nameOf(id: MarkedId) {
    const user = this.store.chats.findUser(id)
    if (user) return userView(user)
    const chat = this.store.chats.findChat(id)
    return { id: String(id), name: chat?.title ?? '', username: chat?.username ?? null }
  }

  private viewOf(dialog: StoredDialog): TelegramChat {
    return {
      id: String(dialog.chatId),
      title: dialog.title,
      kind: dialog.kind,
      username: dialog.username,
      members: dialog.members,
      unread: dialog.unread,
      last_message_id: dialog.topMessageId,
      last_message_at: dialog.topMessageAt === null ? null : isoMoment(dialog.topMessageAt * SECOND),
      folders: dialog.folders,
      is_pinned: dialog.isPinned,
      is_archived: dialog.isArchived,
      is_muted: dialog.isMuted,
      is_forum: dialog.isForum,
      has_photo: dialog.hasPhoto,
      is_watched: this.watch.isWatched(this.accountId, dialog.chatId),
    }
  }
}

function userView({ id, name, username }: User) {
  return { id: String(id), name, username }
}
