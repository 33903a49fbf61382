import type { IncomingMessage } from 'node:http'
import { ApiError, HTTP_ERRORS } from './errors'

const RETRY_AFTER_S = 5
const TOO_MUCH = `Too many large uploads are being read. Try again in ${RETRY_AFTER_S} seconds.`

/**
 * How many bytes of bodies an operation holds at once. A request beyond that is refused before any of its body is read; a
 * body of unknown length counts as the longest one that is taken.
 */
export class BodyBudget {
  private heldBytes = 0

  constructor(
    private readonly maxBytes: number,
    private readonly maxBodyBytes: number,
  ) {}

  /**
   * What is returned gives the room back; a second call of it does nothing.
   * @throws ApiError 503 with Retry-After
   */
  take(request: IncomingMessage): () => void {
    const length = Number(request.headers['content-length'] ?? this.maxBodyBytes)
    const bytes = Math.min(length, this.maxBodyBytes)
    if (this.heldBytes + bytes > this.maxBytes)
      throw new ApiError(HTTP_ERRORS.UNAVAILABLE, 'UNAVAILABLE', TOO_MUCH, { retryAfterS: RETRY_AFTER_S })
    this.heldBytes += bytes
    let isHeld = true
    return () => {
      if (isHeld) this.heldBytes -= bytes
      isHeld = false
    }
  }
}
