import { ApiFailure } from '../api'
import { startWorker } from '../worker'

/** A browser that cannot reach its push service may never say so. */
const SUBSCRIBE_MS = 20_000

export async function presentSubscription(): Promise<PushSubscription | null> {
  return (await startWorker()).pushManager.getSubscription()
}

/** A new subscription in the place of whatever there is. @throws ApiFailure that says why not, and what to do */
export async function subscribeAnew(publicKey: string): Promise<PushSubscription> {
  const { pushManager } = await startWorker()
  await (await pushManager.getSubscription())?.unsubscribe()
  const subscribing = pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
  return Promise.race([subscribing, tooLate()]).catch((cause: unknown) => {
    throw refusalOf(cause)
  })
}

/** Has to come right after a click. @throws ApiFailure */
export async function askPermission(): Promise<void> {
  const permission = await Notification.requestPermission()
  if (permission === 'granted') return
  const blocked = 'Notifications of this page are blocked in this browser. Allow them in its settings for this address.'
  throw refusal(permission === 'denied' ? blocked : 'The browser asked, and got no answer. Try again, and allow it.')
}

function tooLate(): Promise<never> {
  return new Promise((_resolve, reject) => setTimeout(() => reject(refusalOf(undefined)), SUBSCRIBE_MS))
}

/** Push API, section 3.3: NotAllowedError is the permission; whatever else it is, the browser got nothing from its push service. */
function refusalOf(cause: unknown): ApiFailure {
  if ((cause as Partial<DOMException> | undefined)?.name === 'NotAllowedError')
    return refusal(
      'The browser does not allow it. Allow notifications in its settings for this address, then try again.',
    )
  return refusal(
    'This browser does not reach its push service, so it cannot be told. Is it online? Some browsers have it switched off (Brave: “Use Google services for push messaging”), and private windows have none. Mend that, or try another browser.',
  )
}

function refusal(message: string): ApiFailure {
  return new ApiFailure(0, 'PUSH_REFUSED', message)
}
