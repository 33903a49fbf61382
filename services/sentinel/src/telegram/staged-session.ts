import { sleep } from '@tgsentinel/kernel/time'
import type { TelegramApp } from '../config'
import { getMe, openConnection, retryAfter, type ConnectingOptions } from './connecting'
import type { SessionFile } from './session-file'
import { fateOf, toTelegramError, type TelegramError } from './telegram-error'

export interface VerifyOptions extends Omit<ConnectingOptions, 'app'> {
  app: TelegramApp | undefined
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
  let file: SessionFile | undefined
  const ignore = () => undefined
  try {
    file = open()
    const connection = await openConnection(file, options, signal, ignore, ignore)
    try {
      await getMe(connection, options, signal)
      return null
    } finally {
      await connection.close()
    }
  } catch (error) {
    return toTelegramError(error)
  } finally {
    file?.close()
  }
}
