/** What of a body is wrong: a field, as in `items.1.text`, a part of its text in UTF-16 code units, and what to write in its place. */
export interface WrongPart {
  field: string
  span?: { offset: number; length: number }
  suggestion?: string
}

/**
 * An error that a caller of the API may see: an HTTP status, a stable code out of the document's `ErrorCode`,
 * and a message with a next step. Anything else that is thrown becomes a 500 that reveals only its request id.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly options: { cause?: unknown; retryAfterS?: number; wrong?: WrongPart } = {},
  ) {
    super(message, { cause: options.cause })
  }
}

/** Codes that the contract binding itself raises; every document's `ErrorCode` has them. */
export const HTTP_ERRORS = {
  INVALID_REQUEST: 400,
  INVALID_JSON: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  WRONG_SCOPE: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  FILE_TOO_LARGE: 413,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  INTERNAL: 500,
  STORAGE_UNAVAILABLE: 503,
  UNAVAILABLE: 503,
} as const

/** Raises one of the binding's own errors. */
export function httpError(code: keyof typeof HTTP_ERRORS, message: string, cause?: unknown): ApiError {
  return new ApiError(HTTP_ERRORS[code], code, message, { cause })
}

/** The failure envelope of DESIGN section 4. */
export function failureEnvelope(code: string, message: string, wrong: WrongPart | undefined = undefined) {
  return { status: 'error' as const, code, message, data: null, error: { code, message, ...wrong } }
}

/** The success envelope; `message` is left out where there is none. */
export function ok<T>(data: T): { status: 'ok'; data: T; error: null }
export function ok<T, M extends string>(data: T, message: M): { status: 'ok'; message: M; data: T; error: null }
export function ok(data: unknown, message?: string) {
  return message === undefined ? { status: 'ok', data, error: null } : { status: 'ok', message, data, error: null }
}
