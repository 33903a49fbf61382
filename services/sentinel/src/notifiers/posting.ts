import type { Outgoing, OutgoingReply, OutgoingRequest } from '../outgoing/outgoing'
import { OutgoingError } from '../outgoing/outgoing-error'
import { later, SENT, type Outcome } from './notifier'

/** Statuses of a destination that mean something of their own there. */
export type Meanings = Partial<Record<number, (reply: OutgoingReply) => Outcome>>

/** Posts to a destination, and says what came of it by the status alone. */
export async function post(
  outgoing: Outgoing,
  request: OutgoingRequest,
  signal: AbortSignal,
  meanings: Meanings = {},
): Promise<Outcome> {
  try {
    const reply = await outgoing.send(request, signal)
    return meanings[reply.status]?.(reply) ?? outcomeOf(reply)
  } catch (error) {
    if (error instanceof OutgoingError) return later(error.message)
    throw error
  }
}

/** A message that is refused as such will be refused again; what is wrong with the destination can be mended. */
export const REFUSES_CONTENT: Meanings = {
  400: () => rejected(400),
  413: () => rejected(413),
  422: () => rejected(422),
}

export function gone(status: number): Outcome {
  return { type: 'gone', problem: `It says that it is gone for good (${status}).` }
}

function rejected(status: number): Outcome {
  return { type: 'rejected', problem: `It does not take this message (${status}).` }
}

function outcomeOf({ status, retryAfterMs }: OutgoingReply): Outcome {
  if (status >= 200 && status < 300) return SENT
  if (status === 410) return gone(status)
  return later(sentenceOf(status), retryAfterMs)
}

function sentenceOf(status: number): string {
  if (status >= 300 && status < 400)
    return `It answered with a redirect (${status}), which is not followed. Give the address that it leads to.`
  if (status === 401 || status === 403) return `It refuses who sends this (${status}). Check the token or the secret.`
  if (status === 404) return 'There is nothing at this address (404). Check it.'
  if (status === 429) return 'It asks to send less (429).'
  return `It answered with ${status}.`
}
