import { ApiFailure } from './api'
import { trustedUrl } from './trusted-url'

/**
 * The worker beside the page (`web/worker`), running. It is asked for anew by each page, so that a new one comes with a deployment.
 * @throws ApiFailure where the browser has none, or could not start it
 */
export async function startWorker(): Promise<ServiceWorkerRegistration> {
  try {
    await navigator.serviceWorker.register(trustedUrl(new URL('worker.js', document.baseURI).href))
    return await navigator.serviceWorker.ready
  } catch {
    throw new ApiFailure(
      0,
      'NO_WORKER',
      'The part of this page that runs in the background did not start. Reload the page.',
    )
  }
}

/** A notification was clicked, and this tab is the one that shows what it told of. */
export function followNotifications(): void {
  navigator.serviceWorker?.addEventListener('message', ({ data }: MessageEvent<{ open?: string }>) => {
    if (data.open?.startsWith('#/')) location.hash = data.open
  })
}
