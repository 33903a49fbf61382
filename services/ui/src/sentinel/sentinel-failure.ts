import { ApiError } from '@tgsentinel/kernel/errors'
import { failure } from '../model'

export const TIMEOUT_MS = 30_000

/** What went wrong on the way to the sentinel, as the caller of the ui hears it. */
export function toSentinelFailure(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const { name, code } = error as { name?: string; code?: string }
  if (name === 'TimeoutError' || code === 'ECONNABORTED' || code === 'ETIMEDOUT') return timedOut(error)
  if (code?.startsWith('HPE_') || code === 'ERR_BAD_RESPONSE') return badReply(error)
  return failure('SENTINEL_UNREACHABLE', 'The sentinel is not reachable. Start it, then try again.', { cause: error })
}

/** Whether a failure says that the sentinel is away, and not that it refused something. */
export function isAway(error: unknown): boolean {
  return error instanceof ApiError && AWAY.includes(error.code)
}

const AWAY = ['SENTINEL_UNREACHABLE', 'SENTINEL_TIMEOUT', 'SENTINEL_BAD_REPLY']

export function badReply(cause?: unknown): ApiError {
  const message =
    'The sentinel answered in a way this page does not understand. Bring both to the same version, then try again.'
  return failure('SENTINEL_BAD_REPLY', message, { cause })
}

export function refusedToken(): ApiError {
  const message =
    'The sentinel refused the token of this page: SENTINEL_API_TOKEN has to be the same for both. Set it, then restart them.'
  return failure('SENTINEL_REFUSED_TOKEN', message)
}

function timedOut(cause: unknown): ApiError {
  const message = 'The sentinel did not answer in time. Try again; if it stays so, restart the sentinel.'
  return failure('SENTINEL_TIMEOUT', message, { cause })
}
