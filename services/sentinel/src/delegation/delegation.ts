import { ApiError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE } from '@tgsentinel/kernel/time'
import type { Bus, DelegatedRequest } from '../bus/bus'
import type { Chats } from '../chats'
import { failure } from '../model'
import type { Relay } from '../relay'
import type { Telegram } from '../telegram/telegram'
import { allChats, readList, usersOf } from './chat-lists'
import { DelegatedSignIn } from './delegated-sign-in'
import { participantInfo } from './participant-info'

type Payload = Record<string, unknown>
type Answer = Record<string, unknown>

/** An asker has gone by then. */
const MAX_AGE_MS = MINUTE
const REQUEST_TIMEOUT_MS = MINUTE
const MAX_PAGE = 200
const MAX_USERS = 5000
/** Said at the beginning of each request: people look for these lines. */
const LINES: Record<string, string> = {
  get_dialogs: 'Processing dialogs request',
  get_users: 'Processing users request',
  telegram_users: 'Processing telegram_users_request',
  participant: 'Processing participants request',
  participant_info: 'Processing participant_request',
  send_test_message: 'Processing test message request',
}

/**
 * Other programs ask through Redis for what the HTTP API offers: the same commands, the same queue, the same refusals
 * (TELEGRAM section 2). An answer is `{status: "ok", …}` or `{status: "error", message, reason, error, retry_after?}`, where `error` is the
 * message once more, since programs of the original read that.
 */
export class Delegation {
  private readonly signIn: DelegatedSignIn
  private readonly commands: Record<string, (payload: Payload, signal: AbortSignal) => Promise<Answer>>

  constructor(
    telegram: Telegram,
    private readonly chats: Chats,
    private readonly relay: Relay,
    private readonly bus: Bus,
    private readonly log: Logger,
    token: string | undefined,
  ) {
    this.signIn = new DelegatedSignIn(telegram.signIn, token)
    this.commands = {
      get_dialogs: (payload) => this.dialogs(payload),
      get_users: async () => this.users(),
      telegram_users: (payload) => this.telegramUsers(payload),
      participant: (payload, signal) => this.participants(payload, signal),
      participant_info: (payload, signal) => participantInfo(this.chats, payload, signal),
      send_test_message: (payload, signal) => this.testMessage(payload, signal),
    }
  }

  start(): void {
    this.bus.serve((request) => this.answer(request))
  }

  private async answer(request: DelegatedRequest): Promise<Answer> {
    const requestId = request.payload['request_id']
    const own = typeof requestId === 'string' ? { request_id: requestId } : {}
    this.bus.countAttempt(request.kind === 'auth' ? 'auth' : request.type, 60)
    try {
      refuseOld(request.payload)
      if (request.kind === 'auth') return { ...own, ...(await this.signIn.answer(request.payload)) }
      const command = Object.hasOwn(this.commands, request.type) ? this.commands[request.type] : undefined
      if (!command) throw failure('NOT_FOUND', `There is no request ${request.type}.`)
      this.log.info({ type: request.type, ...own }, LINES[request.type])
      return { ...own, status: 'ok', ...(await command(request.payload, AbortSignal.timeout(REQUEST_TIMEOUT_MS))) }
    } catch (error) {
      return { ...own, ...this.refusal(error, request) }
    }
  }

  private refusal(error: unknown, { type }: DelegatedRequest): Answer {
    if (!(error instanceof ApiError)) this.log.error({ err: error, type }, 'a delegated request failed')
    const known =
      error instanceof ApiError ? error : failure('INTERNAL', 'The request failed; the log of the sentinel tells why.')
    const wait = known.options.retryAfterS
    return {
      status: 'error',
      message: known.message,
      reason: known.code,
      error: known.message,
      ...(wait === undefined ? {} : { retry_after: wait }),
    }
  }

  private async dialogs({ refresh }: Payload): Promise<Answer> {
    await readList(this.chats, refresh === true)
    return { chats: allChats(this.chats) }
  }

  /** People with a chat of their own, where `get_users` knows everybody who was ever seen. */
  private async telegramUsers({ refresh }: Payload): Promise<Answer> {
    await readList(this.chats, refresh === true)
    return { users: usersOf(allChats(this.chats)) }
  }

  private users(): Answer {
    const { users, next_cursor: more } = this.chats.users(undefined, 0, MAX_USERS)
    return { users: users.map((user) => ({ ...user, id: Number(user.id) })), truncated: more !== null }
  }

  private async participants({ chat_id: chat, q, offset, limit }: Payload, signal: AbortSignal): Promise<Answer> {
    const chatId = await this.chats.resolve(nameOf(chat), { signal })
    const query = {
      q: typeof q === 'string' && q !== '' ? q : undefined,
      offset: whole(offset, 0, 1_000_000),
      limit: whole(limit, 100, MAX_PAGE),
    }
    const page = await this.chats.participants(chatId, query, signal)
    return {
      participants: page.participants.map((person) => ({ ...person, id: Number(person.id) })),
      total: page.total,
      next_offset: page.next_cursor === null ? null : Number(page.next_cursor),
    }
  }

  private async testMessage({ chat_id: chat }: Payload, signal: AbortSignal): Promise<Answer> {
    const sent = await this.relay.sendTest(chat === undefined ? 'me' : nameOf(chat), signal)
    return { message: 'Test message sent', chat_id: Number(sent.chat_id), message_id: sent.message_id }
  }
}

function refuseOld({ timestamp }: Payload): void {
  if (timestamp === undefined) return
  // The original's tools send Unix seconds; others an ISO moment.
  const ms = typeof timestamp === 'number' ? timestamp * 1000 : Date.parse(String(timestamp))
  if (Number.isNaN(ms)) throw failure('INVALID_REQUEST', 'timestamp is neither Unix seconds nor a moment.')
  if (Date.now() - ms > MAX_AGE_MS) throw failure('INVALID_REQUEST', 'The request is older than a minute. Ask again.')
}

function nameOf(chat: unknown): string {
  const text = typeof chat === 'number' ? String(chat) : chat
  if (typeof text !== 'string' || !/^(me|@\w{1,32}|-?\d{1,16})$/.test(text))
    throw failure('INVALID_REQUEST', 'chat_id must be a marked id or an @username.')
  return text
}

function whole(value: unknown, fallback: number, most: number): number {
  if (value === undefined) return fallback
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most)
    throw failure('INVALID_REQUEST', `offset and limit must be whole numbers, at most ${most}.`)
  return value
}
