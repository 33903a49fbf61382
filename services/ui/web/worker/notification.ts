import { ANSWER_LABELS } from '../src/answer-labels'
import type { Answer, PushMessage } from '../src/model'

/** What of the message is needed once somebody clicks. */
type Opening = Pick<PushMessage, 'address' | 'link' | 'answers' | 'tag'>

/** Not all of it is in TypeScript's description of the web yet. */
type Options = NotificationOptions & { timestamp: number; actions: { action: string; title: string }[] }

const TELEGRAM = 'telegram'
const ANSWER_ACTIONS = Object.entries(ANSWER_LABELS).map(([action, title]) => ({ action, title }))
const ICONS = { icon: 'icon-192.png', badge: 'badge-96.png' }
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
  const { address, link, answers, tag = '' } = (notification.data ?? {}) as Partial<Opening>
  notification.close()
  const token = answers?.[action as Answer]
  if (token) return answer(registration, token, tag)
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

/** What is said is kept without a word; what could not be is told, since nobody would know. */
async function answer(registration: ServiceWorkerRegistration, token: string, tag: string): Promise<void> {
  const problem = await problemOf(new URL(`a/${token}`, registration.scope))
  if (problem === null) return
  const options = { body: problem, tag, data: { address: '#/alerts', link: null, answers: null, tag } }
  await registration.showNotification('Your answer was not kept', { ...options, ...ICONS })
}

/** Null where it was taken. */
async function problemOf(url: URL): Promise<string | null> {
  try {
    const response = await fetch(url, { method: 'POST' })
    if (response.ok) return null
    const { message } = (await response.json()) as { message?: string }
    return message ?? `The server answered ${response.status}. Answer on the page.`
  } catch {
    return 'TG Sentinel is not reached. Answer on the page once it is.'
  }
}

function read(data: PushMessageData | null): PushMessage | undefined {
  try {
    return data?.json() as PushMessage
  } catch {
    // Shown all the same, without its words.
    return undefined
  }
}

function optionsOf({ body, tag, address, link, urgent, at, answers }: PushMessage): Options {
  const opening: Opening = { address, link: link?.startsWith('https://') ? link : null, answers, tag }
  return {
    ...{ body, tag, data: opening, requireInteraction: urgent },
    ...ICONS,
    timestamp: Date.parse(at),
    actions: actionsOf(opening),
  }
}

/** Browsers show as many of the first as there is room for; a click beside them opens the page at the alert. */
function actionsOf({ link, answers }: Opening): Options['actions'] {
  return [...(answers ? ANSWER_ACTIONS : []), ...(link ? [{ action: TELEGRAM, title: 'Open in Telegram' }] : [])]
}
