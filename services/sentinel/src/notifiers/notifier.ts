import type { AnswerTokens, DeliveryKind, MarkedId } from '../model'
import type { StyledText } from '../styled-text'

/** What a destination is told. */
export interface Told {
  /** The same whenever this is sent again. */
  messageId: string
  kind: DeliveryKind
  /** By the owner's rules it breaks through what keeps others from being told. */
  isUrgent: boolean
  title: string
  body: StyledText
  /** Where it can be looked at; null where there is no such place. */
  link: string | null
  /** What can be said of it by buttons; null where it is no alert. */
  answerable: Answerable | null
  /** For programs. */
  data: Record<string, unknown>
  /** Unix milliseconds of what it tells of. */
  atMs: number
}

/** An alert as it is told at a destination, and the tokens of the links that answer it. */
export interface Answerable {
  alertId: number
  destinationId: number
  tokens: AnswerTokens
}

/** By which an alert is answered without the page. */
export interface AnswerLinks {
  /** Of the links that say something of an alert as it is told at a destination. */
  tokens: (alertId: number, destinationId: number) => AnswerTokens
  /** Where such a link is reached from outside; null where nobody said under which name. */
  url: (token: string) => string | null
}

/** What came of a sending. A problem is a sentence for people, without a secret and without the remote's own words. */
export type Outcome =
  | { type: 'sent' }
  /** What it takes is missing on our side: no connection to Telegram, say. The destination was not tried. */
  | { type: 'unready'; problem: string; retryAfterMs: number | null }
  /** Try again, at the soonest after so long where the destination says so. */
  | { type: 'later'; problem: string; retryAfterMs: number | null }
  /** This very message will never be taken. */
  | { type: 'rejected'; problem: string }
  /** Nothing will ever be taken there again. */
  | { type: 'gone'; problem: string }

/** One kind of destination. It never throws for what the other side does; it ends soon after its signal. */
export interface Notifier {
  send(told: Told, signal: AbortSignal): Promise<Outcome>
}

export const SENT: Outcome = { type: 'sent' }

export function unready(problem: string, retryAfterMs: number | null = null): Outcome {
  return { type: 'unready', problem, retryAfterMs }
}

export function later(problem: string, retryAfterMs: number | null = null): Outcome {
  return { type: 'later', problem, retryAfterMs }
}

/** Told of every text before it is written to Telegram; `chatId`: where the bot writes it, null: by the account itself. */
export type OnText = (text: string, chatId: MarkedId | null) => void
