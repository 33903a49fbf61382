import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BotApiFaults, type Fault } from './faults'
import { UpdateQueue, type SimulatedUpdate } from './update-queue'

/**
 * A Bot API of our own on loopback, with the semantics of core.telegram.org/bots/api for what the bot uses: getMe, getUpdates (long
 * polls, offsets that confirm, the limit, allowed_updates), sendMessage with buttons, presses of these, setMyCommands and deleteWebhook.
 * Other methods are 404, other tokens 401.
 */

/** A button below a message; `callback_data` of 1 to 64 bytes, or a link. */
export interface SimulatedButton {
  text: string
  callback_data?: string
  url?: string
}

export interface SentMessage {
  id: number
  chatId: number
  text: string
  atMs: number
  parameters: Record<string, unknown>
  /** Buttons as they are by now. */
  keyboard: SimulatedButton[][]
}

export interface Said {
  from: number
  text: string
  /** The chat; private with whoever speaks where it is left out. */
  chat?: number
  chatType?: 'private' | 'group' | 'supergroup'
}

type Parameters = Record<string, unknown>
type Answer = { result: unknown } | { error: [code: number, description: string, parameters?: object | undefined] }

export const BOT_TOKEN = '424242:simulated-token-of-the-test-bot-0'
export const BOT_NAME = 'sentinel_test_bot'
const MAX_TEXT = 4096

export class BotApiServer {
  readonly sent: SentMessage[] = []
  readonly calls: { method: string; parameters: Parameters }[] = []
  commands: { command: string; description: string }[] = []
  token = BOT_TOKEN
  readonly faults = new BotApiFaults()
  private readonly updates = new UpdateQueue()
  private readonly server: Server
  private lastMessageId = 0
  /** Presses that nobody has answered yet, and what those who pressed were told. */
  private readonly pressed = new Set<string>()
  readonly notes: string[] = []
  private port = 0

  private constructor() {
    this.server = createServer((request, response) => void this.receive(request, response))
  }

  static async start(): Promise<BotApiServer> {
    const api = new BotApiServer()
    await api.listen()
    return api
  }

  /** What a sentinel needs to have its bot here. */
  env(...admins: number[]): Record<string, string> {
    return { TG_BOT_TOKEN: BOT_TOKEN, TG_BOT_API_ROOT: this.root, TG_BOT_ADMINS: admins.join(',') }
  }

  get root(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Somebody writes to the bot. The update's id. */
  say(said: Said): number {
    return this.updates.push({ message: this.messageOf(said) })
  }

  /** The same under an id that was there before, as if it had not been confirmed. */
  repeat(said: Said, updateId: number): void {
    this.updates.push({ message: this.messageOf(said) }, updateId)
  }

  /** An update as it is. */
  push(update: Omit<SimulatedUpdate, 'update_id'>): number {
    return this.updates.push(update)
  }

  /** Somebody presses a button of a message, as it stands there now or as their program made it up. */
  press(message: SentMessage, data: string, from: number): void {
    const id = String(this.pressed.size + 1)
    this.pressed.add(id)
    const { id: message_id, chatId, text, keyboard } = message
    const chat = { id: chatId, type: chatId < 0 ? 'group' : 'private' }
    const shown = { message_id, date: 1, chat, text, reply_markup: { inline_keyboard: keyboard } }
    const person = { id: from, is_bot: false, first_name: `Person ${from}` }
    this.updates.push({ callback_query: { id, from: person, chat_instance: '1', data, message: shown } })
  }

  /** Texts that a chat was sent, in order. */
  textsTo(chat: number): string[] {
    return this.sent.filter(({ chatId }) => chatId === chat).map(({ text }) => text)
  }

  pollCount(): number {
    return this.callsOf('getUpdates')
  }

  callsOf(method: string): number {
    return this.calls.filter((call) => call.method === method).length
  }

  /** Updates that nobody has confirmed yet. */
  get pending(): number {
    return this.updates.size
  }

  restoreToken(): void {
    this.token = BOT_TOKEN
  }

  /** Lets the long poll end early and empty, so that the next one is made now. */
  endPoll(): void {
    this.updates.end()
  }

  /** Another program polls with the same token: whoever is polling is cut off. */
  pollElsewhere(): void {
    this.updates.cutOff()
  }

  /** Vanishes: connections are cut and refused until it listens again, on the same port. */
  async stop(): Promise<void> {
    this.updates.close()
    this.server.closeAllConnections()
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve))
  }

  async listen(): Promise<void> {
    this.updates.open()
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve))
    this.port = (this.server.address() as AddressInfo).port
  }

  private messageOf({ from, text, chat = from, chatType = 'private' }: Said) {
    const [command = ''] = text.split(/\s/)
    const entities = command.startsWith('/') ? [{ type: 'bot_command', offset: 0, length: command.length }] : []
    return {
      message_id: ++this.lastMessageId,
      date: Math.floor(Date.now() / 1000),
      chat: { id: chat, type: chatType, ...(chatType === 'private' ? { first_name: 'P' } : { title: 'G' }) },
      from: { id: from, is_bot: false, first_name: `Person ${from}` },
      text,
      ...(entities.length > 0 ? { entities } : {}),
    }
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token, method = ''] = /^\/bot([^/]*)\/(\w+)$/.exec(request.url ?? '') ?? []
    const parameters = await bodyOf(request)
    this.calls.push({ method, parameters })
    if (token !== this.token) return reply(response, { error: [401, 'Unauthorized'] })
    const fault = this.faults.take(method)
    if (fault) return fail(fault, request, response)
    const isGone = new Promise<void>((resolve) => response.once('close', resolve))
    reply(response, await this.answer(method, parameters, isGone))
  }

  private async answer(method: string, parameters: Parameters, isGone: Promise<void>): Promise<Answer> {
    switch (method) {
      case 'getMe':
        return { result: { id: 424242, is_bot: true, first_name: 'Test bot', username: BOT_NAME } }
      case 'getUpdates':
        return this.poll(parameters, isGone)
      case 'sendMessage':
        return this.send(parameters)
      case 'answerCallbackQuery':
        return this.answerPress(parameters)
      case 'editMessageReplyMarkup':
        return this.replaceKeyboard(parameters)
      case 'setMyCommands':
        this.commands = parameters['commands'] as typeof this.commands
        return { result: true }
      case 'deleteWebhook':
        return { result: true }
      default:
        return { error: [404, 'Not Found'] }
    }
  }

  private async poll({ offset, limit, timeout }: Parameters, isGone: Promise<void>): Promise<Answer> {
    const query = { offset: Number(offset ?? 0), limit: Number(limit ?? 100), timeoutMs: Number(timeout ?? 0) * 1000 }
    const updates = await this.updates.poll(query, isGone)
    return updates === 'cut off'
      ? {
          error: [
            409,
            'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
          ],
        }
      : { result: updates }
  }

  private answerPress({ callback_query_id: id, text }: Parameters): Answer {
    if (!this.pressed.delete(String(id)))
      return { error: [400, 'Bad Request: query is too old and response timeout expired or query ID is invalid'] }
    if (String(text ?? '').length > 200) return { error: [400, 'Bad Request: MESSAGE_TOO_LONG'] }
    this.notes.push(String(text ?? ''))
    return { result: true }
  }

  private replaceKeyboard(parameters: Parameters): Answer {
    const message = this.sent.find(({ id }) => id === parameters['message_id'])
    const keyboard = keyboardOf(parameters)
    if (!message) return { error: [400, 'Bad Request: message to edit not found'] }
    if (typeof keyboard === 'string') return { error: [400, keyboard] }
    if (JSON.stringify(keyboard) === JSON.stringify(message.keyboard))
      return { error: [400, 'Bad Request: message is not modified'] }
    message.keyboard = keyboard
    return { result: true }
  }

  private send(parameters: Parameters): Answer {
    const { chat_id: chatId, text } = parameters
    if (typeof text !== 'string' || text.trim() === '') return { error: [400, 'Bad Request: message text is empty'] }
    if (text.length > MAX_TEXT) return { error: [400, 'Bad Request: message is too long'] }
    const keyboard = keyboardOf(parameters)
    if (typeof keyboard === 'string') return { error: [400, keyboard] }
    const id = ++this.lastMessageId
    this.sent.push({ id, chatId: Number(chatId), text, atMs: Date.now(), parameters, keyboard })
    return {
      result: { message_id: id, date: Math.floor(Date.now() / 1000), chat: { id: chatId }, text },
    }
  }
}

/** Of the first hundred buttons; what is wrong with them otherwise, in Telegram's words (core.telegram.org/bots/api#inlinekeyboardbutton). */
function keyboardOf({ reply_markup: markup }: Parameters): SimulatedButton[][] | string {
  const rows = (markup as { inline_keyboard?: SimulatedButton[][] } | undefined)?.inline_keyboard ?? []
  for (const { text, callback_data: data, url } of rows.flat()) {
    if (!text) return 'Bad Request: text buttons are unallowed in the inline keyboard'
    if (data !== undefined && (data === '' || Buffer.byteLength(data) > 64)) return 'Bad Request: BUTTON_DATA_INVALID'
    if (url !== undefined && !/^(https?|tg):\/\//.test(url)) return 'Bad Request: BUTTON_URL_INVALID'
    if ((data === undefined) === (url === undefined)) return 'Bad Request: BUTTON_TYPE_INVALID'
  }
  return rows.flat().length > 100 ? 'Bad Request: reply markup is too long' : rows
}

async function bodyOf(request: IncomingMessage): Promise<Parameters> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text ? (JSON.parse(text) as Parameters) : {}
}

function reply(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return
  const [code = 200, description, parameters] = 'error' in answer ? answer.error : []
  const body =
    'error' in answer ? { ok: false, error_code: code, description, parameters } : { ok: true, result: answer.result }
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function fail(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  switch (fault.kind) {
    case 'error':
      return reply(response, { error: [fault.code, fault.description, fault.parameters] })
    case 'drop':
      return void request.socket.destroy()
    case 'nonsense':
      return void response.end('<html>Bad gateway</html>')
    case 'silence':
      return
    default:
      return fault satisfies never
  }
}
