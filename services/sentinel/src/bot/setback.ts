import { backoffMs, MINUTE, SECOND } from '@tgsentinel/kernel/time'
import type { BotState } from '../model'
import { BotApiError } from './bot-api-error'

export interface Setback {
  state: BotState['state']
  message: string
  pauseMs: number
}

/** How long a token that was refused is left alone: somebody may have given it back its right. */
const REFUSED_PAUSE_MS = 10 * MINUTE
const FIRST_PAUSE_MS = SECOND
const LAST_PAUSE_MS = 30 * SECOND

/** What to tell and how long to wait after the n-th failure in a row, `attempt` from 0; `chance` in [0, 1). */
export function setbackOf(error: unknown, attempt: number, chance: number): Setback {
  const pauseMs = backoffMs(attempt, FIRST_PAUSE_MS, LAST_PAUSE_MS, chance)
  if (!(error instanceof BotApiError))
    return { state: 'waiting', message: 'The bot stumbled; the log says why. It goes on by itself.', pauseMs }
  switch (error.type) {
    case 'refused':
      return { state: 'refused', message: REFUSED, pauseMs: REFUSED_PAUSE_MS }
    case 'conflict':
      return { state: 'waiting', message: CONFLICT, pauseMs }
    case 'flood':
      return { state: 'waiting', message: floodMessage(error.retryAfterS), pauseMs: error.retryAfterS * SECOND }
    case 'forbidden':
    case 'rejected':
    case 'unreachable':
      return { state: 'waiting', message: error.proxyProblem ?? UNREACHABLE, pauseMs }
    default:
      return error.type satisfies never
  }
}

const REFUSED =
  'Telegram does not accept the token of the bot. Get a valid one from @BotFather, set TG_BOT_TOKEN and restart the sentinel.'
const CONFLICT =
  "Another program reads this bot's messages. Stop it, or give one of the two a bot of its own; this one goes on by itself."
const UNREACHABLE = "Telegram's Bot API cannot be reached now. The bot tries again by itself."

function floodMessage(seconds: number): string {
  return `Telegram's Bot API asks to wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}. The bot goes on by itself.`
}
