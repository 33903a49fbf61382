import type { Intake } from './intake'
import { failure, type MarkedId, type Watch, type WatchState } from './model'
import type { Store } from './store/store'

/** Chats of which it is remembered whether they are watched; beyond that it is found out anew. */
const MAX_REMEMBERED = 50_000
/** Of what does not exist, so many are named. */
const MAX_NAMED = 5
const NOTHING =
  'Nothing is watched: the rules leave no chat of this account. Pick chats or folders, or watch all of them.'
const EVERYTHING: Watch = { mode: 'all', chats: [], folders: [], excluded: [] }

/**
 * Which chats are watched: all, or those picked by name and by folder, but for the excluded ones. What is posted elsewhere is
 * neither stored nor scored.
 */
export class WatchList {
  private rules: Watch
  private picked = new Set<MarkedId>()
  private excluded = new Set<MarkedId>()
  private folders = new Set<number>()
  /** By account and chat, where folders decide; it is asked for every message. */
  private readonly remembered = new Map<MarkedId, Map<MarkedId, boolean>>()
  private rememberedOf = 0
  /** Counts the changes of the rules. */
  private revision = 0
  private kept: { key: string; state: WatchState } | null = null

  constructor(private readonly store: Store) {
    this.rules = this.read()
    this.index()
  }

  /** What was written of the rules is no more: a transaction was rolled back. */
  reload(): void {
    this.rules = this.read()
    this.index()
  }

  private read(): Watch {
    const kept = this.store.settings.get('watch')
    return kept === undefined ? EVERYTHING : (JSON.parse(kept) as Watch)
  }

  get view(): Watch {
    return this.rules
  }

  /**
   * Rules that somebody chose. What they name has to be there, once the account's list of chats was read; what they named before may
   * be gone, or else nothing could be changed any more.
   * @throws ApiError naming what does not exist
   */
  choose(accountId: MarkedId, rules: Partial<Watch> & Pick<Watch, 'mode'>): Watch {
    this.requirePossible(accountId, rules)
    return this.set(rules)
  }

  /** The same, before it is done. @throws ApiError */
  requirePossible(accountId: MarkedId, rules: Partial<Watch> & Pick<Watch, 'mode'>): void {
    const { chats = [], folders = [], excluded = [] } = rules
    const { rules: before } = this
    const old = new Set([...before.chats, ...before.excluded])
    const named = [...chats, ...excluded].filter((chat) => !old.has(chat))
    const strangeChats = this.missingChats(accountId, named).map((chat) => `chat ${chat}`)
    const newFolders = folders.filter((folder) => !before.folders.includes(folder))
    const strangeFolders = this.missingFolders(accountId, newFolders).map((folder) => `folder ${folder}`)
    const strange = [...new Set([...strangeChats, ...strangeFolders])]
    if (strange.length === 0) return requireEither(rules)
    const names = strange.slice(0, MAX_NAMED).join(', ')
    const more = strange.length > MAX_NAMED ? ` and ${strange.length - MAX_NAMED} more` : ''
    throw failure('INVALID_REQUEST', `This account has no ${names}${more}. Refresh the list of chats, or leave it out.`)
  }

  /** What the rules come to for an account. */
  state(accountId: MarkedId): WatchState {
    const { dialogs } = this.store
    const key = [accountId, dialogs.generation, dialogs.count(accountId), this.revision].join()
    if (this.kept?.key !== key) this.kept = { key, state: this.judge(accountId) }
    return this.kept.state
  }

  private judge(accountId: MarkedId): WatchState {
    const { mode, chats, folders } = this.rules
    const ids = this.store.dialogs.chatIds(accountId)
    const watched = ids.length === 0 ? null : ids.filter((id) => this.isWatched(accountId, id)).length
    const [missingChats, missingFolders] =
      mode === 'all' ? [[], []] : [this.missingChats(accountId, chats), this.missingFolders(accountId, folders)]
    const isEmpty = mode === 'picked' && chats.length + folders.length === 0
    const problem = isEmpty || watched === 0 ? NOTHING : missingText(missingChats.length, missingFolders.length)
    return { mode, watched_chats: watched, missing_chats: missingChats, missing_folders: missingFolders, problem }
  }

  /** Of these, what the account's list does not have, nor anything that is known here; none before it was read. */
  private missingChats(accountId: MarkedId, chats: readonly string[]): string[] {
    if (this.store.dialogs.count(accountId) === 0) return []
    const isKnown = (id: MarkedId) => this.store.dialogs.has(accountId, id) || id === accountId
    return chats.filter((chat) => !isKnown(Number(chat)))
  }

  private missingFolders(accountId: MarkedId, folders: readonly number[]): number[] {
    if (folders.length === 0 || this.store.dialogs.count(accountId) === 0) return []
    const known = this.store.dialogs.folders(accountId).map(({ id }) => id)
    return folders.filter((folder) => !known.includes(folder))
  }

  /** @throws ApiError when a chat is both picked and excluded */
  set(rules: Partial<Watch> & Pick<Watch, 'mode'>): Watch {
    requireEither(rules)
    this.rules = completeWatch(rules)
    this.store.settings.set('watch', JSON.stringify(this.rules))
    this.index()
    return this.rules
  }

  /** Watches a chat from now on, whatever the mode. */
  add(chatId: MarkedId): void {
    const id = String(chatId)
    const { mode, chats, excluded } = this.rules
    const picked = mode === 'picked' && !chats.includes(id) ? [...chats, id] : chats
    this.set({ ...this.rules, chats: picked, excluded: excluded.filter((other) => other !== id) })
  }

  /** Watches a chat no longer. */
  remove(chatId: MarkedId): void {
    const id = String(chatId)
    const chats = this.rules.chats.filter((other) => other !== id)
    const excluded = [...this.rules.excluded.filter((other) => other !== id), id]
    this.set({ ...this.rules, chats, excluded })
  }

  /** What is said of a chat holds for what it became. */
  carry(fromChatId: MarkedId, toChatId: MarkedId): void {
    const carried = (chats: string[]) =>
      chats.includes(String(fromChatId)) ? [...chats, String(toChatId)].filter(isFirst) : chats
    const { chats, excluded } = this.rules
    if (chats.length + excluded.length > 0)
      this.set({ ...this.rules, chats: carried(chats), excluded: carried(excluded) })
  }

  isWatched(accountId: MarkedId, chatId: MarkedId): boolean {
    if (this.excluded.has(chatId)) return false
    if (this.rules.mode === 'all' || this.picked.has(chatId)) return true
    return this.folders.size > 0 && this.recall(accountId, chatId)
  }

  /** An intake without what happens in chats that are not watched; names and cursors stay. */
  sift(accountId: MarkedId, intake: Intake): Intake {
    if (this.rules.mode === 'all' && this.excluded.size === 0) return intake
    const isWatched = (chatId: MarkedId) => this.isWatched(accountId, chatId)
    const messages = intake.messages.filter(({ chatId }) => isWatched(chatId))
    const unreadable = intake.unreadable?.filter(({ chatId }) => isWatched(chatId))
    const changes = intake.changes?.filter((change) => !('message' in change) || isWatched(change.message.chatId))
    // The history of a chat that nobody watches is not read.
    const openings = intake.openings?.map((opening) => ({
      ...opening,
      isNew: opening.isNew && isWatched(opening.chatId),
    }))
    return {
      ...{ ...intake, messages },
      ...(changes && { changes }),
      ...(unreadable && { unreadable }),
      ...(openings && { openings }),
    }
  }

  private recall(accountId: MarkedId, chatId: MarkedId): boolean {
    const { generation } = this.store.dialogs
    if (generation !== this.rememberedOf) this.remembered.clear()
    this.rememberedOf = generation
    const chats = this.remembered.get(accountId) ?? new Map<MarkedId, boolean>()
    const known = chats.get(chatId)
    if (known !== undefined) return known
    if (chats.size >= MAX_REMEMBERED) chats.clear()
    const isInFolder = this.isInFolder(accountId, chatId)
    this.remembered.set(accountId, chats.set(chatId, isInFolder))
    return isInFolder
  }

  private isInFolder(accountId: MarkedId, chatId: MarkedId): boolean {
    const folders = this.store.dialogs.foldersOf(accountId, chatId)
    if (folders.some((folder) => this.folders.has(folder))) return true
    // Before the list was read nobody knows what is in a folder: rather too much than too little.
    return this.store.dialogs.count(accountId) === 0
  }

  private index(): void {
    this.revision += 1
    this.picked = new Set(this.rules.chats.map(Number))
    this.excluded = new Set(this.rules.excluded.map(Number))
    this.folders = new Set(this.rules.folders)
    this.remembered.clear()
  }
}

/** The rules with what they do not say, and each of what they name once. */
export function completeWatch(rules: Partial<Watch> & Pick<Watch, 'mode'>): Watch {
  const { mode, chats = [], folders = [], excluded = [] } = rules
  const unique = <T>(values: T[]) => [...new Set(values)]
  return { mode, chats: unique(chats), folders: unique(folders), excluded: unique(excluded) }
}

function requireEither({ chats = [], excluded = [] }: Partial<Watch>): void {
  const left = new Set(excluded)
  const both = chats.find((chat) => left.has(chat))
  if (both !== undefined) throw failure('INVALID_REQUEST', `Chat ${both} is both picked and excluded.`)
}

function isFirst<T>(value: T, index: number, all: T[]): boolean {
  return all.indexOf(value) === index
}

function missingText(chats: number, folders: number): string | null {
  const counted = (count: number, one: string) => (count === 0 ? [] : [`${count} ${count === 1 ? one : `${one}s`}`])
  const parts = [...counted(chats, 'chat'), ...counted(folders, 'folder')]
  return parts.length === 0
    ? null
    : `Not all that is picked is there: this account does not have ${parts.join(' and ')} of it.`
}
