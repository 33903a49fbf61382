import type { MarkedId } from '../model'
import type { DeliveryKind } from '../model'
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
  /** For programs. */
  data: Record<string, unknown>
  /** Unix milliseconds of what it tells of. */
  atMs: number
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
