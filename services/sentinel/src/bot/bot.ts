import type { Logger } from '@tgsentinel/kernel/log'
import { sleep } from '@tgsentinel/kernel/time'
import type { Alerts } from '../alerts'
import type { Answers } from '../answers/answers'
import type { Bus } from '../bus/bus'
import type { Chats } from '../chats'
import type { BotConfig } from '../config'
import type { Follow } from '../follow'
import type { Alert, BotState } from '../model'
import type { BotMessage } from '../notifiers/bot'
import type { Outcome } from '../notifiers/notifier'
import type { Dialing } from '../proxies/dialing'
import type { StatusBoard } from '../status'
import type { Store } from '../store/store'
import type { WatchList } from '../watch'
import { BotApi } from './bot-api'
import { ChatCommands } from './chat-commands'
import { commandTable, type CommandTable } from './commands'
import { Deliverer } from './deliverer'
import { Outbox } from './outbox'
import { Polling } from './polling'
import { addRoutes } from './routes'
import { setbackOf } from './setback'
import { statusText } from './status-text'
import { Strangers } from './strangers'
import { Teller } from './teller'

export interface ChatBotOptions {
  config: BotConfig | undefined
  store: Store
  alerts: Alerts
  chats: Chats
  watch: WatchList
  /** What is said by the buttons below alerts. */
  answers: Pick<Answers, 'give'>
  /** Whether an alert waits, since its owner is not to be disturbed. */
  isHeld: (alert: Alert) => boolean
  follow: Follow
  status: StatusBoard
  bus: Bus
  /** How the Bot API is dialled. */
  dialing: Dialing
  log: Logger
}

/**
 * The owner's bot, in a life of its own: it may lose the network, its token or its temper, and nothing else is touched. It looks
 * after itself: every failure ends in a state with a sentence and, after a pause, in another try.
 */
export class ChatBot {
  private current: BotState
  private readonly closing = new AbortController()
  private readonly outbox: Outbox
  private readonly teller: Teller
  private readonly commands: CommandTable
  private api: BotApi | undefined
  private polling: Polling | undefined
  private life: Promise<void> = Promise.resolve()

  constructor(private readonly options: ChatBotOptions) {
    const { config, store, alerts, bus, log } = options
    const { signal } = this.closing
    this.current = config
      ? { state: 'starting', username: null, message: 'The bot is starting.' }
      : { state: 'off', username: null, message: 'No bot is set up.' }
    this.outbox = new Outbox(async (chatId, message) => this.api?.send(chatId, message), log, signal)
    const isUp = () => this.current.state === 'running'
    const admins = new Set(config?.admins)
    this.teller = new Teller({
      store,
      alerts,
      isHeld: options.isHeld,
      bus,
      outbox: this.outbox,
      isUp,
      admins,
      log,
      signal,
    })
    this.commands = this.buildCommands()
  }

  get state(): BotState {
    return this.current
  }

  /** Writes to a chat, null: to the first admin; tried once, and said how it went. */
  deliver(chatId: number | null, message: BotMessage, signal: AbortSignal): Promise<Outcome> {
    const { outbox, current, options } = this
    return new Deliverer(options.config, outbox, () => (current.state === 'running' ? this.api : undefined)).deliver(
      chatId,
      message,
      signal,
    )
  }

  /** Tells the admins something that no destination is left for. It never throws. */
  tellAdmins(text: string): void {
    for (const admin of this.options.config?.admins ?? []) void this.outbox.reply(admin, text)
  }

  start(): void {
    const { config } = this.options
    if (!config) return
    this.teller.start()
    this.life = this.live(config)
  }

  /** Idempotent. */
  async close(): Promise<void> {
    this.teller.close()
    this.closing.abort()
    await this.life
    await this.polling?.end()
  }

  private buildCommands(): CommandTable {
    const { options, outbox, teller } = this
    const { store, alerts, follow, status } = options
    const channels = new ChatCommands({ ...options, outbox, signal: this.closing.signal })
    const text = () => statusText(status.read(), store, follow, Date.now())
    return commandTable({ alerts, botChats: store.botChats, channels, outbox, teller, statusText: text, now: Date.now })
  }

  /** Until the end of the process: a life for the Bot API after another. Never rejects. */
  private async live(config: BotConfig): Promise<void> {
    const { signal } = this.closing
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        await this.serve(config, () => (attempt = 0))
      } catch (error) {
        if (signal.aborted) return
        const { state, message, pauseMs } = setbackOf(error, attempt, Math.random())
        this.options.log.warn({ err: error, state, retry_ms: pauseMs }, 'the bot stands still')
        this.turn(state, message)
        await sleep(pauseMs, signal).catch(() => undefined)
      }
    }
  }

  /** Introduces itself once, then takes updates until something fails. @throws BotApiError and others */
  private async serve(config: BotConfig, onSuccess: () => void): Promise<void> {
    const api = (this.api ??= await this.open(config))
    const polling = (this.polling ??= await this.introduce(api))
    // Answered at once, so that the state is known at once; two programs that cut each other off still come to wait longer and longer.
    await polling.take(false)
    this.turn('running', 'The bot is listening.')
    for (;;) {
      await polling.take(true)
      onSuccess()
    }
  }

  private async open(config: BotConfig): Promise<BotApi> {
    const { log, answers } = this.options
    const api = await BotApi.open(config, this.options.dialing, this.closing.signal)
    const strangers = new Strangers(Date.now)
    const admins = new Set(config.admins)
    const routes = { commands: this.commands, admins, strangers, outbox: this.outbox, log }
    addRoutes(api.router, { ...routes, api, answers })
    return api
  }

  private async introduce(api: BotApi): Promise<Polling> {
    const list = Object.entries(this.commands).map(([command, { description }]) => ({ command, description }))
    const username = await api.introduce(list)
    this.current = { ...this.current, username }
    const { store, log } = this.options
    return new Polling({ api, settings: store.settings, log, signal: this.closing.signal })
  }

  private turn(state: BotState['state'], message: string): void {
    if (this.current.state === state && this.current.message === message) return
    this.current = { ...this.current, state, message }
    const { log, status } = this.options
    log.info({ state }, state === 'running' ? 'Telegram Bot running' : 'the bot has turned')
    try {
      status.announce()
    } catch (error) {
      // Whoever cannot be told asks GET /api/status; the bot lives on.
      log.error({ err: error }, 'the state of the bot could not be announced')
    }
    if (state === 'running') this.teller.wake()
  }
}
