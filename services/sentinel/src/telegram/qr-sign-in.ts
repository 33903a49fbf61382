import { isoMoment, SECOND } from '@tgsentinel/kernel/time'
import type { TelegramApp } from '../config'
import type { SignInView } from '../model'
import type { SideLink } from './side-link'
import { TelegramError } from './telegram-error'

/** A new code is asked for so long before the shown one is over. */
const MARGIN_MS = 3 * SECOND

/**
 * Shows one login token after another until a device of the account accepts one; then the authorization
 * (core.telegram.org/api/qr-login). `listen` gets a function to call when Telegram tells of an acceptance.
 * @throws TelegramError, SESSION_PASSWORD_NEEDED among them
 */
export async function waitForScan(
  link: SideLink,
  app: TelegramApp,
  signal: AbortSignal,
  show: (qr: NonNullable<SignInView['qr']>) => void,
  listen: (tell: () => void) => void,
): Promise<unknown> {
  const { Api } = await import('./gramjs')
  for (;;) {
    const accepted = new Promise<void>((resolve) => listen(resolve))
    const answer = await link.call(
      'auth.exportLoginToken',
      () => new Api.auth.ExportLoginToken({ ...app, exceptIds: [] }),
    )
    if (answer instanceof Api.auth.LoginTokenSuccess) return answer.authorization
    if (answer instanceof Api.auth.LoginTokenMigrateTo) {
      const { dcId, token } = answer
      await link.moveTo(dcId)
      const moved = await link.call('auth.importLoginToken', () => new Api.auth.ImportLoginToken({ token }))
      if (moved instanceof Api.auth.LoginTokenSuccess) return moved.authorization
      continue
    }
    const expiresMs = answer.expires * SECOND
    const url = `tg://login?token=${answer.token.toString('base64url')}`
    show({ url, expires_at: isoMoment(expiresMs) })
    await Promise.race([accepted, pause(expiresMs - MARGIN_MS - Date.now(), signal)])
  }
}

/** At least a second, whatever the clocks say. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, Math.max(SECOND, Math.min(ms, 60 * SECOND)))
    signal.addEventListener('abort', abort, { once: true })
    function done(): void {
      signal.removeEventListener('abort', abort)
      resolve()
    }
    function abort(): void {
      clearTimeout(timer)
      reject(new TelegramError('ABORTED', 0))
    }
  })
}
