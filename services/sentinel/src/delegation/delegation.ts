import { ApiError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE } from '@tgsentinel/kernel/time'
import type { Bus, DelegatedRequest } from '../bus/bus'
import type { Chats } from '../chats'
import { failure } from '../model'
import type { Relay } from '../relay'
import type { Telegram } from '../telegram/telegram'
import { DelegatedSignIn } from './delegated-sign-in'

type Payload = Record<string, unknown>
type Answer = Record<string, unknown>

/** An asker has gone by then. */
const MAX_AGE_MS = MINUTE
const REQUEST_TIMEOUT_MS = MINUTE
const PAGE = 200
const MAX_ROWS = 5000

/**
 * Other programs ask through Redis for what the HTTP API offers: the same commands, the same queue, the same refusals
 * (TELEGRAM section 2). An answer is `{status: "ok", …}` or `{status: "error", message, reason, retry_after?}`.
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
      participant: (payload, signal) => this.participants(payload, signal),
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
      ...(wait === undefined ? {} : { retry_after: wait }),
    }
  }

  private async dialogs({ refresh }: Payload): Promise<Answer> {
    const isUnread = this.chats.list({ ...ALL, after: 0, limit: 1 }).read_at === null
    if (refresh === true || isUnread) await this.chats.refresh('interactive')
    const chats = []
    for (let after = 0; chats.length < MAX_ROWS;) {
      const page = this.chats.list({ ...ALL, after, limit: PAGE })
      chats.push(
        ...page.chats.map(({ id, title, kind, username }) => ({ id: Number(id), name: title, type: kind, username })),
      )
      if (page.next_cursor === null) break
      after = Number(page.next_cursor)
    }
    return { chats }
  }

  private users(): Answer {
    const { users, next_cursor: more } = this.chats.users(undefined, 0, MAX_ROWS)
    return { users: users.map((user) => ({ ...user, id: Number(user.id) })), truncated: more !== null }
  }

  private async participants({ chat_id: chat, q, offset, limit }: Payload, signal: AbortSignal): Promise<Answer> {
    const chatId = await this.chats.resolve(nameOf(chat), { signal })
    const query = {
      q: typeof q === 'string' && q !== '' ? q : undefined,
      offset: whole(offset, 0, 1_000_000),
      limit: whole(limit, 100, PAGE),
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

const ALL = { kind: undefined, folder: undefined, q: undefined }

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
