import type { Logger } from '@tgsentinel/kernel/log'
import { TelegramError } from './telegram-error'

/** Something that goes on in the background until it is told to stop. */
export interface Running {
  abort: AbortController
  done: Promise<void>
}

/** Begins it. What goes wrong there ends with a line in the log, never by ending the process or the next step. */
export function start(log: Logger, work: (signal: AbortSignal) => Promise<void>): Running {
  const abort = new AbortController()
  const done = work(abort.signal).catch((error: unknown) => log.error({ err: error }, 'the owner stumbled'))
  return { abort, done }
}

/** Resolves once it has ended. */
export async function stop(running: Running | undefined): Promise<void> {
  running?.abort.abort(new TelegramError('ABORTED', 0))
  await running?.done
}
