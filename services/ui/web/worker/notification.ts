import type { PushMessage } from '../src/model'

/** What of the message is needed once somebody clicks. */
type Opening = Pick<PushMessage, 'address' | 'link'>

/** Not all of it is in TypeScript's description of the web yet. */
type Options = NotificationOptions & { timestamp: number; actions: { action: string; title: string }[] }

const TELEGRAM = 'telegram'
const UNREADABLE = { title: 'TG Sentinel', body: 'There is something new. Open the page to see it.' }

/** Always one notification: browsers take the permission from whoever shows none. The same message shown again takes its own place. */
export async function showPushed(registration: ServiceWorkerRegistration, data: PushMessageData | null): Promise<void> {
  const message = read(data)
  await registration.showNotification(message?.title || UNREADABLE.title, message ? optionsOf(message) : UNREADABLE)
}

/** Opens the message in Telegram, or the page at the alert: in a tab that has it open, where there is one. */
export async function openNotified(
  { clients, registration }: ServiceWorkerGlobalScope,
  notification: Notification,
  action: string,
): Promise<void> {
  const { address, link } = (notification.data ?? {}) as Partial<Opening>
  notification.close()
  if (action === TELEGRAM && link) return void (await clients.openWindow(link))
  const place = address?.startsWith('#/') ? address : '#/alerts'
  const tabs = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  const own = tabs.filter(({ url }) => url.startsWith(registration.scope))
  const tab = own.find(({ focused }) => focused) ?? own[0]
  if (!tab) return void (await clients.openWindow(registration.scope + place))
  // Whether a tab may come to the front is for the browser to say; it goes to the alert all the same.
  await tab.focus().catch(() => undefined)
  tab.postMessage({ open: place })
}

function read(data: PushMessageData | null): PushMessage | undefined {
  try {
    return data?.json() as PushMessage
  } catch {
    // Shown all the same, without its words.
    return undefined
  }
}

function optionsOf({ body, tag, address, link, urgent, at }: PushMessage): Options {
  const opening: Opening = { address, link: link?.startsWith('https://') ? link : null }
  return {
    ...{ body, tag, data: opening, requireInteraction: urgent },
    ...{ icon: 'icon-192.png', badge: 'badge-96.png' },
    timestamp: Date.parse(at),
    actions: opening.link ? [{ action: TELEGRAM, title: 'Open in Telegram' }] : [],
  }
}
