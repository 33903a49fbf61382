import { ApiFailure } from './api'
import { followTo } from './route'
import { trustedUrl } from './trusted-url'

const READY_MS = 20_000

/**
 * The worker beside the page (`web/worker`), running. It is asked for anew by each page, so that a new one comes with a deployment.
 * @throws ApiFailure where the browser has none, or could not start it
 */
export async function startWorker(): Promise<ServiceWorkerRegistration> {
  try {
    await navigator.serviceWorker.register(trustedUrl(new URL('worker.js', document.baseURI).href))
    return await Promise.race([navigator.serviceWorker.ready, tooLate()])
  } catch {
    throw new ApiFailure(
      0,
      'NO_WORKER',
      'The part of this page that runs in the background did not start. Reload the page.',
    )
  }
}

/** One that cannot keep its files is never ready, and nobody says so. */
function tooLate(): Promise<never> {
  return new Promise((_resolve, reject) => setTimeout(() => reject(new Error('not ready')), READY_MS))
}

/** A notification was clicked, and this tab is the one that shows what it told of. */
export function followNotifications(): void {
  navigator.serviceWorker?.addEventListener('message', ({ data }: MessageEvent<{ open?: string }>) => {
    if (data.open?.startsWith('#/')) followTo(data.open)
  })
}
