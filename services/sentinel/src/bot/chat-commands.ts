import type { Logger } from '@tgsentinel/kernel/log'
import { setTimeout as delay } from 'node:timers/promises'
import type { Alerts } from '../alerts'
import type { Chats } from '../chats'
import type { Reading } from '../backfills/backfills'
import { readChatName, type Follow, type Followed } from '../follow'
import { RECENT_MESSAGES } from '../intake'
import type { MarkedId, Watch } from '../model'
import type { Store } from '../store/store'
import type { WatchList } from '../watch'
import type { CommandRequest } from './commands'
import type { Outbox } from './outbox'
import { cutTo } from '../cutting'
import { counted } from './pages'

export interface ChatCommandOptions {
  store: Store
  alerts: Alerts
  chats: Chats
  watch: WatchList
  follow: Follow
  outbox: Outbox
  log: Logger
  signal: AbortSignal
}

/** When an answer takes longer, that it is under way is told first. */
const PATIENCE_MS = 700
const PER_PAGE = 20
const LIST_PAGE = 500
const SCORED_CHECK_MS = 200
const SCORED_CHECKS = 150

/** Which chats are watched: lists, adds and removes them. */
export class ChatCommands {
  constructor(private readonly options: ChatCommandOptions) {}

  list(argument: string): string {
    if (argument && !/^[1-9]\d{0,4}$/.test(argument)) return 'Say which page, such as /my_channels 2.'
    const { view } = this.options.watch
    const lines = this.watched()
    const pages = Math.max(1, Math.ceil(lines.length / PER_PAGE))
    const page = Math.min(Number(argument) || 1, pages)
    const from = (page - 1) * PER_PAGE
    const shown = lines.slice(from, from + PER_PAGE).map((line, index) => `${from + index + 1}. ${line}`)
    const head = `${modeText(view)} ${counted(lines.length, 'channel or group', 'channels and groups')} watched.`
    const next = page < pages ? `\n\nPage ${page} of ${pages}; the next: /my_channels ${page + 1}` : ''
    return `${head}\n\n${shown.join('\n')}${next}`
  }

  async add({ chatId, argument }: CommandRequest): Promise<string | null> {
    const { follow, outbox, signal, log } = this.options
    if (!argument) return 'Name the channel: /add_channel @name'
    const alertBefore = this.newestAlert()
    const adding = follow.add(argument, signal)
    const isSettled = adding.then(() => true).catch(() => true)
    const isSoon = await Promise.race([isSettled, delay(PATIENCE_MS, false, { ref: false })])
    if (!isSoon) await outbox.reply(chatId, `Adding ${cutTo(argument, 100)}… Telegram takes its time.`)
    const followed = await adding
    await outbox.reply(chatId, this.addedText(followed))
    if (followed.reading)
      this.tellReading(chatId, followed.chatId, followed.reading, alertBefore).catch((error: unknown) =>
        log.error({ err: error, chat_id: followed.chatId }, 'the end of a reading could not be told'),
      )
    return null
  }

  remove(argument: string): string {
    if (!argument) return 'Name the chat: /remove_channel @name, or its id.'
    const { chats, watch } = this.options
    const id = chats.known(readChatName(argument))
    if (id === null || !Number.isSafeInteger(id)) return 'This chat is not known here, so it is not watched.'
    const name = this.nameOf(id)
    if (!watch.isWatched(this.accountId, id)) return `${name} is not watched.`
    watch.remove(id)
    return `${name} is watched no longer. Your account stays a member; leave it in a Telegram app if you like.`
  }

  private addedText({ chatId, isJoined, reading }: Followed): string {
    const how = isJoined ? 'joined and watched' : 'watched'
    const history = reading
      ? `Up to ${RECENT_MESSAGES} recent messages are being read; I will tell you when that is done.`
      : 'Its recent messages are not read: too many chats wait for that already.'
    return `${this.nameOf(chatId)} is ${how} from now on. ${history}`
  }

  private async tellReading(to: number, chatId: MarkedId, reading: Promise<Reading>, alertBefore: number) {
    const { read, added, problem } = await reading
    if (this.options.signal.aborted) return
    await this.scored()
    const alerts = this.options.alerts.list({ chatId, limit: RECENT_MESSAGES }).alerts
    const raised = alerts.filter(({ id }) => id > alertBefore).length
    const counts = `${counted(read, 'recent message')} read, ${added.toLocaleString('en-US')} new, ${counted(raised, 'alert')}.`
    await this.options.outbox.reply(
      to,
      `${this.nameOf(chatId)}: ${counts}${problem ? ` It broke off: ${problem}` : ''}`,
    )
  }

  /** Waits until what is stored now is scored; not for ever, the count is for information. */
  private async scored(): Promise<void> {
    const { store, signal } = this.options
    const row = store.messages.lastRow()
    for (let check = 0; check < SCORED_CHECKS && store.settings.number('scored_up_to') < row; check++)
      await delay(SCORED_CHECK_MS, undefined, { signal }).catch(() => undefined)
  }

  /** Titles of what is watched, but for people and bots; what was added a moment ago may not be in the list yet. */
  private watched(): string[] {
    const { chats, watch } = this.options
    const ids = new Set<string>()
    for (let after: number | null = 0; after !== null;) {
      const page = chats.list({ kind: undefined, folder: undefined, q: undefined, after, limit: LIST_PAGE })
      for (const { id, is_watched: isWatched } of page.chats) if (isWatched && Number(id) < 0) ids.add(id)
      after = page.next_cursor === null ? null : Number(page.next_cursor)
    }
    if (watch.view.mode === 'picked') for (const id of watch.view.chats) if (Number(id) < 0) ids.add(id)
    return [...ids].map((id) => this.nameOf(Number(id)))
  }

  private nameOf(chatId: MarkedId): string {
    const chat = this.options.store.chats.findChat(chatId)
    if (!chat) return `Chat ${chatId}`
    return `${cutTo(chat.title, 80)} (${chat.username ? `@${chat.username}` : chatId})`
  }

  private newestAlert(): number {
    return this.options.alerts.list({ limit: 1 }).alerts[0]?.id ?? 0
  }

  private get accountId(): MarkedId {
    return this.options.store.settings.number('chats_account')
  }
}

function modeText({ mode, folders, excluded }: Watch): string {
  const but = excluded.length > 0 ? ` but for ${counted(excluded.length, 'chat')} taken out` : ''
  if (mode === 'all') return `Everything is watched${but}.`
  const byFolder = folders.length > 0 ? ` and those of ${counted(folders.length, 'folder')}` : ''
  return `Picked chats${byFolder} are watched${but}.`
}
