import type { Logger } from '@tgsentinel/kernel/log'
import { backoffMs, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { Alerts } from '../alerts'
import type { Bus } from '../bus/bus'
import type { Alert } from '../model'
import type { BotChat } from '../store/bot-chats'
import type { Store } from '../store/store'
import { BotApiError } from './bot-api-error'
import type { Outbox } from './outbox'
import { nextTelling, reminderOf, type Telling } from './pending-alerts'

const LOOK_EVERY_MS = 10 * SECOND

export interface TellerOptions {
  store: Store
  alerts: Alerts
  bus: Bus
  /** Whether an alert waits, since its owner is not to be disturbed. */
  isHeld: (alert: Alert) => boolean
  outbox: Outbox
  /** Whether the Bot API takes messages at all. */
  isUp: () => boolean
  admins: ReadonlySet<number>
  log: Logger
  signal: AbortSignal
}

/**
 * Tells subscribed chats of new alerts. The last one that a chat was told is a row: what a restart interrupts goes on, nothing is
 * left out. An alert is told again only where the process dies, or the connection is lost, between Telegram's taking it and the row.
 */
export class Teller {
  private readonly serving = new Set<number>()
  private stopListening: () => void = () => undefined
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly options: TellerOptions) {}

  start(): void {
    this.stopListening = this.options.bus.onRing('events', () => this.wake())
    // Nobody rings when quiet hours are over.
    this.timer = setInterval(() => this.wake(), LOOK_EVERY_MS).unref()
  }

  /** Tells whoever is to be told something. */
  wake(): void {
    if (!this.options.isUp()) return
    try {
      for (const chat of this.options.store.botChats.list()) if (this.isToBeTold(chat)) void this.serve(chat.chatId)
    } catch (error) {
      this.options.log.error({ err: error }, 'the chats of the bot could not be read')
    }
  }

  close(): void {
    this.stopListening()
    clearInterval(this.timer)
  }

  /** A private chat bears its owner's id: who is no admin any more is told nothing. */
  private isToBeTold({ chatId, isPaused }: BotChat): boolean {
    return !isPaused && (chatId < 0 || this.options.admins.has(chatId))
  }

  private async serve(chatId: number): Promise<void> {
    if (this.serving.has(chatId)) return
    this.serving.add(chatId)
    const { signal, log, isUp } = this.options
    try {
      for (let attempt = 0; !signal.aborted && isUp();) {
        const result = await this.tellNext(chatId)
        if (result === 'done') return
        attempt = result === 'told' ? 0 : attempt + 1
        if (result === 'failed') await sleep(backoffMs(attempt, SECOND, 30 * SECOND, Math.random()), signal)
      }
    } catch (error) {
      if (!signal.aborted) log.error({ err: error, chat_id: chatId }, 'a chat of the bot could not be told of alerts')
    } finally {
      this.serving.delete(chatId)
    }
  }

  private async tellNext(chatId: number): Promise<'told' | 'failed' | 'done'> {
    const { store, outbox, signal } = this.options
    const hasReminder = store.botChats.reminder(chatId) !== undefined
    const hasNews = hasReminder || (await this.nextFor(chatId, store.botChats.find(chatId)?.toldUpTo ?? 0))
    if (!hasNews) return 'done'
    await sleep(outbox.pauseMs(chatId), signal)
    // What came during the pause goes with it.
    const chat = store.botChats.find(chatId)
    if (!chat || !this.isToBeTold(chat)) return 'done'
    const telling = this.reminderFor(chatId) ?? (await this.nextFor(chatId, chat.toldUpTo))
    if (!telling) return 'done'
    try {
      await outbox.send(chatId, telling, 1)
    } catch (error) {
      return this.outcomeOf(error, chat, telling)
    }
    this.note(chatId, telling)
    return 'told'
  }

  private nextFor(chatId: number, toldUpTo: number): Promise<Telling | null> {
    const { store, alerts, isHeld } = this.options
    return nextTelling(alerts, { toldUpTo, ahead: store.botChats.ahead(chatId), isHeld })
  }

  /** An alert that was snoozed there; it waits as others do while its owner is not to be disturbed. */
  private reminderFor(chatId: number): Telling | null {
    const { store, isHeld } = this.options
    const id = store.botChats.reminder(chatId)
    const alert = id === undefined ? undefined : store.alerts.find(id)
    return alert && !isHeld(alert) ? reminderOf(alert) : null
  }

  private note(chatId: number, { upTo, ahead, isReminder }: Telling): void {
    const { botChats } = this.options.store
    if (isReminder) botChats.reminded(chatId, upTo)
    else if (ahead.length > 0) botChats.toldAhead(chatId, ahead)
    else botChats.told(chatId, upTo)
  }

  private outcomeOf(error: unknown, { chatId, toldUpTo }: BotChat, telling: Telling): 'told' | 'failed' | 'done' {
    if (!(error instanceof BotApiError)) throw error
    const { store, log } = this.options
    if (error.type === 'forbidden' || error.movedTo !== null) {
      // Nothing more is sent there; who comes back says /start.
      store.botChats.pause(chatId, true)
      if (error.movedTo !== null) store.botChats.add(error.movedTo, toldUpTo)
      log.warn({ chat_id: chatId, moved_to: error.movedTo }, 'a chat has shut the bot out, or has moved')
      if (error.movedTo !== null) this.wake()
      return 'done'
    }
    if (error.type !== 'rejected') return 'failed'
    // The same again would be rejected again; the alerts stand in their list.
    log.error({ err: error, chat_id: chatId, up_to: telling.upTo }, 'alerts could not be told')
    this.note(chatId, telling)
    return 'told'
  }
}
