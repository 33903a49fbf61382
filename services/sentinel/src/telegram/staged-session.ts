import { sleep } from '@tgsentinel/kernel/time'
import { getMe, openConnection, retryAfter, type ConnectingOptions } from './connecting'
import type { SessionFile } from './session-file'
import { fateOf, isOfTheApp, toTelegramError, type TelegramError } from './telegram-error'

export interface VerifyOptions extends ConnectingOptions {
  onWaiting: (error: TelegramError, retryMs: number) => void
}

export type Verdict = { type: 'accepted' } | { type: 'stopped' } | { type: 'refused'; error: TelegramError }

/**
 * Tries a staged session beside the one in force, as often as it takes, until Telegram accepts it or refuses it for good.
 * Resolves early, as `stopped`, when the signal aborts.
 */
export async function verifyStaged(
  open: () => SessionFile,
  options: VerifyOptions,
  signal: AbortSignal,
): Promise<Verdict> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    const error = await tryOnce(open, options, signal)
    if (!error) return { type: 'accepted' }
    if (fateOf(error) || isOfTheApp(error)) return { type: 'refused', error }
    if (signal.aborted) break
    const retryMs = retryAfter(error, attempt)
    options.onWaiting(error, retryMs)
    await sleep(retryMs, signal).catch(() => undefined)
  }
  return { type: 'stopped' }
}

/** Connects and asks whose session it is: null when Telegram answers. */
async function tryOnce(
  open: () => SessionFile,
  options: VerifyOptions,
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
