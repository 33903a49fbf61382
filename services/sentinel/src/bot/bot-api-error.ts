import { DialError } from '../proxies/dial-error'

/**
 * What went wrong with a call of the Bot API, as data. It never carries the library's own error: texts of the network name the
 * address, and the address holds the token.
 */
export class BotApiError extends Error {
  override readonly name = 'BotApiError'

  constructor(
    /**
     * `refused`: the token is not valid; `conflict`: another program reads the bot's messages; `flood`: wait; `unreachable`: the
     * network or a fault of Telegram's; `forbidden`: the chat has shut the bot out; `rejected`: this very request is wrong.
     */
    readonly type: 'refused' | 'conflict' | 'flood' | 'unreachable' | 'forbidden' | 'rejected',
    description: string,
    /** Seconds that Telegram asks to wait. */
    readonly retryAfterS: number = 0,
    /** The supergroup that a group has become. */
    readonly movedTo: number | null = null,
    /** What is wrong with the proxy, as a sentence for people. */
    readonly proxyProblem: string | null = null,
  ) {
    super(`${type}: ${description}`)
  }
}

/** Any error as one of the above; `secret` stands in none of their texts. */
export function toBotApiError(error: unknown, secret: string): BotApiError {
  if (error instanceof BotApiError) return error
  const answer = error as { error_code?: unknown; description?: unknown; parameters?: Parameters }
  if (typeof answer.error_code !== 'number') return unreachable(error)
  const description = String(answer.description).replaceAll(secret, '***')
  const { retry_after: retryAfterS = 1, migrate_to_chat_id: movedTo = null } = answer.parameters ?? {}
  const type = typeOf(answer.error_code)
  return new BotApiError(type, description, type === 'flood' ? retryAfterS : 0, movedTo)
}

function unreachable(error: unknown): BotApiError {
  const cause = innermost(error)
  const proxyProblem = cause instanceof DialError ? cause.message : null
  return new BotApiError('unreachable', nameOf(cause), 0, null, proxyProblem)
}

interface Parameters {
  retry_after?: number
  migrate_to_chat_id?: number
}

/** An unknown token is 401; one that is no token at all, 404. */
function typeOf(code: number): BotApiError['type'] {
  if (code === 401 || code === 404) return 'refused'
  if (code === 409) return 'conflict'
  if (code === 429) return 'flood'
  if (code === 403) return 'forbidden'
  return code >= 500 ? 'unreachable' : 'rejected'
}

function innermost(error: unknown): unknown {
  const { error: inner, cause } = (error ?? {}) as Record<string, unknown>
  const deeper = inner ?? cause
  return deeper && !(error instanceof DialError) ? innermost(deeper) : error
}

/** A code or a name, such as ECONNREFUSED: never a text. */
function nameOf(error: unknown): string {
  const { code, name } = (error ?? {}) as Record<string, unknown>
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown'
}
