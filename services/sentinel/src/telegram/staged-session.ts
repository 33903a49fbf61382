import type { Logger } from '@tgsentinel/kernel/log'
import { sleep } from '@tgsentinel/kernel/time'
import type { TelegramApp } from '../config'
import type { CallQueue } from './call-queue'
import type { SessionFile } from './session-file'
import { getMe, openConnection, retryAfter } from './supervisor'
import { fateOf, toTelegramError, type TelegramError } from './telegram-error'

export interface VerifyOptions {
  app: TelegramApp | undefined
  dataCentres: readonly string[]
  queue: CallQueue
  log: Logger
  onWaiting: (error: TelegramError, retryMs: number) => void
}

export type Verdict = { type: 'accepted' } | { type: 'needs_app' } | { type: 'refused'; error: TelegramError }

/**
 * Tries a staged session beside the one in force, as often as it takes, until Telegram accepts it or refuses it for good.
 * Without a Telegram application there is nothing to try. Resolves early, as `needs_app`, when the signal aborts.
 */
export async function verifyStaged(
  open: () => SessionFile,
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<Verdict> {
  const { app } = options
  for (let attempt = 0; app && !signal.aborted; attempt++) {
    const error = await tryOnce(open, { ...options, app }, signal)
    if (!error) return { type: 'accepted' }
    if (fateOf(error)) return { type: 'refused', error }
    if (signal.aborted) break
    const retryMs = retryAfter(error, attempt)
    options.onWaiting(error, retryMs)
    await sleep(retryMs, signal).catch(() => undefined)
  }
  return { type: 'needs_app' }
}

/** Connects and asks whose session it is: null when Telegram answers. */
async function tryOnce(
  open: () => SessionFile,
  options: VerifyOptions & { app: TelegramApp },
  signal: AbortSignal,
): Promise<TelegramError | null> {
  const file = open()
  const ignore = () => undefined
  try {
    const connection = await openConnection(file, options, signal, ignore, ignore)
    try {
      await getMe(connection, options.queue, signal)
      return null
    } finally {
      await connection.close()
    }
  } catch (error) {
    return toTelegramError(error)
  } finally {
    file.close()
  }
}
