import { SECOND } from '@tgsentinel/kernel/time'
import { wellFormed } from '@tgsentinel/kernel/well-formed'
import type { Bot, BotConfig as GrammyOptions, Context } from 'grammy/web'
import type { BotConfig } from '../config'
import type { Dialing } from '../proxies/dialing'
import { proxiedFetch } from '../proxies/proxied-fetch'
import type { Button, Keyboard } from '../answer-buttons'
import { toBotApiError } from './bot-api-error'

export type Update = Parameters<Bot['handleUpdate']>[0]
export type Router = Bot
export type MessageContext = Context
export type MessageEntity = NonNullable<NonNullable<Parameters<Bot['api']['sendMessage']>[2]>['entities']>[number]

const CALL_TIMEOUT_MS = 15 * SECOND
const CONFIRM_TIMEOUT_MS = 2 * SECOND
/** Beyond what a long poll takes by itself. */
const POLL_GRACE_MS = 10 * SECOND
const MAX_UPDATES = 100
const TAKEN_UPDATES = ['message', 'callback_query'] as const

export interface OutgoingMessage {
  text: string
  entities?: MessageEntity[]
  /** Buttons below it. */
  keyboard?: Keyboard
}

/** The few methods of the Bot API that the bot needs. Each of its calls ends, and fails with a BotApiError. */
export class BotApi {
  private constructor(
    private readonly grammy: Bot,
    private readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  /** grammY is loaded where there is a bot; its build for the web uses this platform's own fetch. */
  static async open({ token, apiRoot }: BotConfig, dialing: Dialing, signal: AbortSignal): Promise<BotApi> {
    const { Bot } = await import('grammy/web')
    const options: GrammyOptions<Context> = { client: { apiRoot, fetch: proxiedFetch(dialing, 'bot') } }
    return new BotApi(new Bot(token, options), token, signal)
  }

  /** Where handlers are put; it is told of updates by `handle`. */
  get router(): Router {
    return this.grammy
  }

  /** Says who the bot is, and enters its commands. @throws BotApiError */
  async introduce(commands: { command: string; description: string }[]): Promise<string> {
    const { api } = this.grammy
    this.grammy.botInfo = await this.call((signal) => api.getMe(signal))
    await this.call((signal) => api.deleteWebhook({}, signal))
    await this.call((signal) => api.setMyCommands(commands, {}, signal))
    return this.grammy.botInfo.username
  }

  /** Messages from `offset` on, which confirms those before it; waits so long for the first. @throws BotApiError */
  updates(offset: number, timeoutS: number): Promise<Update[]> {
    const query = { offset, timeout: timeoutS, limit: MAX_UPDATES, allowed_updates: TAKEN_UPDATES }
    return this.call((signal) => this.grammy.api.getUpdates(query, signal), timeoutS * SECOND + POLL_GRACE_MS)
  }

  /** Confirms what is before `offset`, also when all else has ended. @throws BotApiError */
  async confirm(offset: number): Promise<void> {
    const query = { offset, timeout: 0, limit: 1 }
    await this.translated((signal) => this.grammy.api.getUpdates(query, signal), CONFIRM_TIMEOUT_MS)
  }

  /** Sends a text as it is: nothing in it is markup; entities say what of it stands out. @throws BotApiError */
  async send(chatId: number, { text, entities = [], keyboard = [] }: OutgoingMessage): Promise<void> {
    const options = {
      link_preview_options: { is_disabled: true },
      ...(entities.length > 0 && { entities }),
      ...(keyboard.length > 0 && { reply_markup: markupOf(keyboard) }),
    }
    await this.call((signal) => this.grammy.api.sendMessage(chatId, wellFormed(text), options, signal))
  }

  /** Ends the waiting of whoever pressed a button, with a short text. @throws BotApiError */
  async answerPress(id: string, text: string): Promise<void> {
    await this.call((signal) => this.grammy.api.answerCallbackQuery(id, { text }, signal))
  }

  /** Puts other buttons below a message. @throws BotApiError */
  async replaceKeyboard(chatId: number, messageId: number, keyboard: Keyboard): Promise<void> {
    const options = { reply_markup: markupOf(keyboard) }
    await this.call((signal) => this.grammy.api.editMessageReplyMarkup(chatId, messageId, options, signal))
  }

  handle(update: Update): Promise<void> {
    return this.grammy.handleUpdate(update)
  }

  private async call<T>(work: (signal: never) => Promise<T>, timeoutMs = CALL_TIMEOUT_MS): Promise<T> {
    return this.translated(work, timeoutMs, this.signal)
  }

  /** AbortSignal.timeout is not used: Node 20 collects it under AbortSignal.any, and then it never fires. */
  private async translated<T>(
    work: (signal: never) => Promise<T>,
    timeoutMs: number,
    ending?: AbortSignal,
  ): Promise<T> {
    const controller = new AbortController()
    const abort = () => controller.abort()
    const timer = setTimeout(abort, timeoutMs)
    ending?.addEventListener('abort', abort, { once: true })
    try {
      if (ending?.aborted) abort()
      return await work(controller.signal as never)
    } catch (error) {
      throw toBotApiError(error, this.token)
    } finally {
      clearTimeout(timer)
      ending?.removeEventListener('abort', abort)
    }
  }
}

function markupOf(keyboard: Keyboard): { inline_keyboard: Button[][] } {
  return { inline_keyboard: keyboard.map((row) => [...row]) }
}
