import type { components } from '../../../openapi/generated/sentinel'
import { ApiError, HTTP_ERRORS } from '@tgsentinel/kernel/errors'

/** The glossary: one word a concept, the same in the yaml, in SQL, here and on the page. */
type Schemas = components['schemas']
export type AlertProfile = components['schemas']['AlertProfile']
export type Alert = Schemas['Alert']
export type AlertChange = Schemas['AlertChange']
export type MessageChange = Schemas['MessageChange']
export type AlertFilterState = Schemas['AlertFilterState']
export type BackfillView = Schemas['Backfill']
export type ChatCoverage = Schemas['ChatCoverage']
export type CoverageSummary = Schemas['CoverageSummary']
export type GapView = Schemas['Gap']
export type MessageRecord = Schemas['MessageReply']['data']
export type Actor = Schemas['Actor']
export type ChatKind = Schemas['ChatKind']
export type ErrorCode = Schemas['ErrorCode']
export type ImportState = Schemas['ImportState']
export type OwnerState = Schemas['OwnerState']
export type Profile = Schemas['Profile']
export type ProfileDraft = Schemas['ProfileDraft']
export type ProfileRevision = Schemas['ProfileRevision']
export type RuleChange = Schemas['RuleChange']
export type GalleryProfile = Schemas['GalleryProfile']
export type ImportedProfile = Schemas['ImportedProfile']
export type ImportProblem = Schemas['ImportProblem']
export type ProfilePreview = Schemas['ProfilePreview']
export type PreviewExample = Schemas['PreviewExample']
export type Backtest = Schemas['Backtest']
export type BacktestDraft = Schemas['BacktestDraft']
export type Label = Schemas['Label']
export type LabelSource = Schemas['LabelSource']
export type Answer = Schemas['Answer']
export type AnswerTokens = Schemas['AnswerTokens']
export type AnswerLinkView = Schemas['AnswerLinkReply']['data']
export type Answered = Schemas['AnswerReply']['data']
export type LearningView = Schemas['LearningView']
export type EmbeddingView = Schemas['EmbeddingView']
export type FeedFormat = Schemas['FeedFormat']
export type FeedView = Schemas['FeedView']
export type Telling = Schemas['Telling']
export type Span = Schemas['Span']
export type DestinationTarget = Schemas['DestinationTarget']
export type DestinationKind = DestinationTarget['kind']
export type DestinationSecrets = Schemas['DestinationSecrets']
export type DestinationHears = Schemas['DestinationHears']
export type PushSubscription = Schemas['PushSubscription']
export type PushMessage = Schemas['PushMessage']
export type DeliveryKind = Schemas['DeliveryKind']
export type DeliveryState = Schemas['DeliveryState']
export type Delivery = Schemas['Delivery']
export type Destination = Schemas['Destination']
export type DestinationDraft = Schemas['DestinationDraft']
export type DestinationTest = Schemas['DestinationTest']
export type DestinationTestDraft = Schemas['DestinationTestDraft']
export type Restraint = Schemas['Restraint']
export type RestraintDraft = Schemas['RestraintDraft']
export type HoldReason = Schemas['Held']['reason']
export type Digest = Schemas['Digest']
export type DigestDraft = Schemas['DigestDraft']
export type DigestRun = Schemas['DigestRun']
export type DigestPreview = Schemas['DigestPreview']
export type Schedule = Schemas['Schedule']
export type TimeZoneView = Schemas['TimeZone']
export type Template = Schemas['Template']
export type TemplateDraft = Schemas['TemplateDraft']
export type TemplatePreview = Schemas['TemplatePreview']
export type Medium = Schemas['Medium']
export type UnreadableView = Schemas['UnreadableMessage']
export type Reason = Schemas['Reason']
export type BotState = Schemas['BotState']
export type ChatDetails = Schemas['ChatDetails']
export type ChatMessage = Schemas['ChatMessage']
export type CodeType = Schemas['CodeType']
export type Participant = Schemas['Participant']
export type SentMessage = Schemas['SentMessage']
export type SessionFormat = Schemas['SessionFormat']
export type SessionOrigin = NonNullable<Schemas['Session']['origin']>
export type SignInView = Schemas['SignIn']
export type SignInStep = Schemas['SignInStep']
export type TelegramChat = Schemas['TelegramChat']
export type Watch = Required<Schemas['Watch']>
export type Stats = Schemas['StatsReply']['data']
export type Status = Schemas['Status']
export type UserInfo = Schemas['UserInfo']
export type WatchState = Schemas['WatchState']
export type SearchHit = Schemas['SearchHit']
export type SearchMedium = Schemas['SearchMedium']
export type SearchLanguage = Schemas['SearchLanguage']
export type ContextMessage = Schemas['ContextMessage']
export type KeepingRule = Schemas['KeepingRule']
export type RetentionRules = Schemas['RetentionDraft']
export type Retention = Schemas['Retention']
export type Sweep = Schemas['Sweep']
export type Maintenance = Schemas['Maintenance']
export type Backup = Schemas['Backup']
export type SettingsFile = Schemas['SettingsFile']
export type SettingsChange = Schemas['SettingsChange']
export type SettingsFileState = Schemas['SettingsFileState']
export type ProxiesView = Schemas['Proxies']
export type ProxyName = Schemas['ProxyName']
export type ProxyProblemCode = Schemas['ProxyProblemCode']
export type ProxyPurpose = ProxiesView['used_for'][number]
export type ProxyTest = Schemas['ProxyTest']
export type DeadRule = Schemas['DeadRule']
export type Detector = keyof Schemas['Detectors']
export type Category = keyof Schemas['Keywords']

/** Every code of the document with its HTTP status; a code that is missing here does not compile. */
const STATUS_OF: Record<ErrorCode, number> = {
  ...(HTTP_ERRORS satisfies Partial<Record<ErrorCode | 'WRONG_SCOPE', number>>),
  INVALID_BASE64: 400,
  MISSING_SESSION_DATA: 400,
  NO_SESSION_FILE: 400,
  INVALID_SESSION_FILE: 400,
  CONFLICT: 409,
  REVISION_CHANGED: 412,
  INVALID_QUERY: 400,
  NEVER_MATCHES: 400,
  INVALID_IMPORT: 400,
  INVALID_TEMPLATE: 400,
  APP_SET_BY_ENVIRONMENT: 409,
  PROXIES_SET_BY_ENVIRONMENT: 409,
  INVALID_PROXY: 400,
  NEEDS_APP: 409,
  APP_REFUSED: 409,
  NOT_SIGNED_IN: 409,
  SESSION_ENDED: 409,
  NO_SIGN_IN: 409,
  NO_IMPORT: 409,
  LINK_USED: 410,
  LINK_EXPIRED: 410,
  WRONG_STEP: 409,
  SIGN_UP_NEEDED: 409,
  PHONE_NUMBER_INVALID: 400,
  PHONE_NUMBER_BANNED: 403,
  PHONE_NUMBER_FLOOD: 429,
  PHONE_CODE_EMPTY: 400,
  PHONE_CODE_INVALID: 400,
  PHONE_CODE_EXPIRED: 400,
  RESEND_UNAVAILABLE: 409,
  RESEND_TOO_EARLY: 429,
  PASSWORD_EMPTY: 400,
  PASSWORD_INVALID: 400,
  TOO_MANY_ATTEMPTS: 429,
  FLOOD_WAIT: 429,
  CHAT_CLOSED: 403,
  ADMIN_NEEDED: 403,
  SEND_NOT_ALLOWED: 403,
  QUEUE_FULL: 503,
  TELEGRAM_REFUSED: 502,
  UNREADABLE: 502,
  TELEGRAM_UNREACHABLE: 503,
  TELEGRAM_TIMEOUT: 504,
  UNHEALTHY: 503,
}

/** `retryAfterS`: seconds to wait, told as Retry-After. */
export function failure(code: ErrorCode, message: string, cause?: unknown, retryAfterS?: number): ApiError {
  const wait = retryAfterS === undefined ? {} : { retryAfterS: Math.max(1, Math.ceil(retryAfterS)) }
  return new ApiError(STATUS_OF[code], code, message, { cause, ...wait })
}

/** A query that cannot be understood: which field of the body it is, and the part of it that is wrong. */
export function invalidQuery(message: string, field: string, span: Span, cause: unknown): ApiError {
  return new ApiError(STATUS_OF.INVALID_QUERY, 'INVALID_QUERY', message, { cause, wrong: { field, span } })
}

/** A rule that no message can meet: which field of the body it is, why, and what to write in its place; both without a full stop. */
export function neverMatches(field: string, problem: string, suggestion: string): ApiError {
  const message = `${problem}: ${suggestion}.`
  return new ApiError(STATUS_OF.NEVER_MATCHES, 'NEVER_MATCHES', message, { wrong: { field, suggestion } })
}

/** Marked id of Telegram's bot API: a user is its id, a basic group -id, a channel or supergroup -(10^12 + id). */
export type MarkedId = number

export const CHANNEL_MARK = 1_000_000_000_000

/** core.telegram.org/api/forum: what names no topic belongs to it. */
export const GENERAL_TOPIC = 1

export interface Chat {
  id: MarkedId
  kind: ChatKind
  title: string
  /** The name that is shown. */
  username: string | null
  /** All active ones; left out where only one is looked for. */
  usernames?: readonly string[]
  /** A supergroup with topics. */
  isForum?: boolean
  /** It says less than what is known: nothing known is overwritten by it. */
  isSparse?: boolean
  isDeleted?: boolean
}

export interface User {
  id: MarkedId
  name: string
  username: string | null
  usernames?: readonly string[]
  isSparse?: boolean
  /** The account is no more. */
  isDeleted?: boolean
}

/** Facts of a message that are kept as bits of one integer. */
export const MessageFlag = {
  outgoing: 1,
  /** Telegram says that it mentions me, by name or by answering me. */
  mentioned: 2,
  link: 4,
  code: 8,
  forwarded: 16,
  /** A service message: somebody pinned something. */
  pinned: 32,
  media: 64,
  post: 128,
  /** It names me in its text. */
  namesMe: 256,
  replyToMe: 512,
  /** Read from the history of a chat, not heard as it was posted. */
  backfilled: 1024,
} as const

export interface Message {
  chatId: MarkedId
  messageId: number
  topicId: number | null
  senderId: MarkedId | null
  /** Unix seconds, by Telegram's clock. */
  date: number
  text: string
  /** Sum of MessageFlag. */
  flags: number
  replyToId: number | null
  /** Telegram's name of the media, such as `photo`; null for plain text. */
  media: string | null
  groupedId: string | null
  /** Unix seconds of the last edit that changed what it says; a reaction is none. */
  editedAt?: number | null
  /** The same, reactions and the like included: which of two copies is newer. */
  revisedAt?: number | null
  isPinned?: boolean
  /** What it says beside its text, a line each: addresses of links and buttons, names of files and the like; null for nothing. */
  extraText?: string | null
  /** Telegram withheld it (`unsupported`), some of it is of a kind that is not known here (`partial`), or only its beginning came (`part`). */
  unreadable?: 'unsupported' | 'partial' | 'part' | null
  facts?: MessageFacts | null
  counts?: MessageCounts | null
}

/** What a message says beside its text. */
export interface MessageFacts {
  forward?: { from: MarkedId | null; name: string | null; messageId: number | null; date: number }
  file?: MessageFile
  poll?: Poll
  checklist?: Checklist
  extras?: Extra[]
  /** How its media are called, or what a service message says of who sent it: "Voice message, 0:14", "joined". */
  label?: string
}

export interface MessageFile {
  name: string | null
  mimeType: string | null
  sizeBytes: number | null
  durationS: number | null
  /** This and what follows is not known of what was stored before it was read. */
  kind?: 'voice' | 'round' | 'sticker' | 'animation' | 'video' | 'audio' | 'file'
  title?: string | null
  performer?: string | null
  /** That a sticker stands for. */
  emoji?: string | null
}

/** Something that a message says beside its text. */
export interface Extra {
  kind: Schemas['Extra']['kind']
  text: string
}

export interface Checklist {
  title: string
  items: {
    id: number
    text: string
    /** Null while it is open. */
    completedBy: MarkedId | null
    /** Unix seconds. */
    completedAt: number | null
  }[]
}

export interface Poll {
  id: string
  question: string
  /** `option`: in hex, by which Telegram names the answer. */
  answers: { text: string; voters: number | null; option?: string }[]
  voters: number | null
  isClosed: boolean
}

/** Null where Telegram does not say. */
export interface MessageCounts {
  views: number | null
  forwards: number | null
  replies: number | null
  /** By emoji, or by the id of a custom one. */
  reactions: Record<string, number> | null
  /** Telegram told only some of the reactions (`min`). */
  isMin?: boolean
}

export type UnreadableReason = 'unknown' | 'unsupported' | 'partial' | 'part'

/** A message that was seen and could not be read, or not all of it. */
export interface UnreadableMessage {
  chatId: MarkedId
  /** Below 0: it is not known which message it is. */
  messageId: number
  senderId: MarkedId | null
  /** Unix seconds. */
  date: number | null
  reason: UnreadableReason
  constructorId: number | null
}
