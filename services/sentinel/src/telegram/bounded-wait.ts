import { MINUTE } from '@tgsentinel/kernel/time'
import { TelegramError } from './telegram-error'

/**
 * GramJS leaves calls pending for ever after a failure: every one of them ends here. Where the caller goes away (`abandoned`) he has been told
 * by then; the call itself cannot be taken back, and its answer is waited for a little: calls go strictly one at a time. Listeners
 * instead of AbortSignal.any, which on Node 20 forgets what it combined and never forgets that it did.
 */
export async function within<T>(
  work: Promise<T>,
  timeoutMs: number,
  over: AbortSignal,
  abandoned?: { signal: AbortSignal; graceMs: number },
): Promise<T> {
  over.throwIfAborted()
  work.catch(() => undefined)
  const timers: NodeJS.Timeout[] = []
  let fail: (error: TelegramError) => void = () => undefined
  const end = new Promise<never>((_resolve, reject) => (fail = reject))
  timers.push(setTimeout(() => fail(new TelegramError('TIMEOUT', 0)), Math.min(timeoutMs, 10 * MINUTE)))
  const onOver = () => fail(reasonOf(over))
  const onAbandoned = () => {
    if (abandoned) timers.push(setTimeout(() => fail(reasonOf(abandoned.signal)), abandoned.graceMs))
  }
  over.addEventListener('abort', onOver, { once: true })
  abandoned?.signal.addEventListener('abort', onAbandoned, { once: true })
  try {
    return await Promise.race([work, end])
  } finally {
    timers.forEach(clearTimeout)
    over.removeEventListener('abort', onOver)
    abandoned?.signal.removeEventListener('abort', onAbandoned)
  }
}

function reasonOf({ reason }: AbortSignal): TelegramError {
  return reason instanceof TelegramError ? reason : new TelegramError('ABORTED', 0)
}
