import type { components, operations } from '../../../openapi/generated/ui'
import type {
  components as sentinelComponents,
  operations as sentinelOperations,
} from '../../../openapi/generated/sentinel'
import { ApiError, HTTP_ERRORS } from '@tgsentinel/kernel/errors'

/** The glossary: one word a concept, the same in the yaml, in SQL, here and on the page. */
type Schemas = components['schemas']
export type Operations = operations
export type ErrorCode = Schemas['ErrorCode']
export type UiSession = Schemas['UiSession']
export type AuditEntry = Schemas['AuditReply']['data']['entries'][number]
export type AuditAction = AuditEntry['action']
export type SessionFormat = Schemas['SessionFormat']
export type ProfileForm = Schemas['ProfileForm']
export type ProfileFormDraft = Schemas['ProfileFormDraft']
export type Answered = Schemas['AnswerReply']['data']
export type UploadReply = Schemas['UploadReply']
type SentinelSchemas = sentinelComponents['schemas']
export type SentinelOperations = sentinelOperations
export type Status = SentinelSchemas['Status']
export type UserInfo = SentinelSchemas['UserInfo']
export type Alert = SentinelSchemas['Alert']
export type MessageChange = SentinelSchemas['MessageChange']
export type Stats = SentinelSchemas['StatsReply']['data']
export type Digest = SentinelSchemas['Digest']
export type DigestRun = SentinelSchemas['DigestRun']
export type TimeZone = SentinelSchemas['TimeZone']

/** Who sends a request, as far as the connection and its headers tell. */
export interface Caller {
  address: string
  userAgent: string
}

/** Every code of the document with its HTTP status; a code that is missing here does not compile. */
const STATUS_OF: Record<ErrorCode, number> = {
  ...(HTTP_ERRORS satisfies Partial<Record<ErrorCode, number>>),
  NO_SESSION_FILE: 400,
  INVALID_SESSION_FILE: 400,
  WRONG_PASSWORD: 401,
  ALREADY_SET_UP: 409,
  PASSWORD_SET_BY_ENVIRONMENT: 409,
  SETUP_NEEDED: 409,
  TOO_MANY_ATTEMPTS: 429,
  SENTINEL_BAD_REPLY: 502,
  SENTINEL_WRONG_ADDRESS: 502,
  SENTINEL_REFUSED_TOKEN: 502,
  SENTINEL_UNREACHABLE: 503,
  SENTINEL_TIMEOUT: 504,
  NOT_AUTHORIZED_IN_TIME: 504,
  SESSION_REJECTED: 409,
  IMPORT_CANCELLED: 409,
  NEEDS_APP: 409,
  CONFLICT: 409,
  LINK_USED: 410,
  LINK_EXPIRED: 410,
}

export function failure(code: ErrorCode, message: string, options: ApiError['options'] = {}): ApiError {
  return new ApiError(STATUS_OF[code], code, message, options)
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(STATUS_OF, code)
}
