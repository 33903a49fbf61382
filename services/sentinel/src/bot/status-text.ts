import { HOUR } from '@tgsentinel/kernel/time'
import type { Follow } from '../follow'
import type { Status } from '../model'
import type { Store } from '../store/store'
import { counted } from './pages'

/** How things are, in words. */
export function statusText(status: Status, store: Store, follow: Follow, nowMs: number): string {
  const today = store.traffic.stats({ sinceHour: midnightHour(nowMs), chatId: null, profileId: null, bucketHours: 24 })
  const lines = [
    accountText(status),
    status.connected ? 'Connected to Telegram.' : 'Not connected to Telegram.',
    queueText(status),
    floodText(status, nowMs),
    `Today: ${counted(today.messages, 'message')}, ${counted(today.alerts, 'alert')}. Unread: ${counted(today.unread, 'alert')}.`,
    status.backlog > 0 ? `${counted(status.backlog, 'message')} wait to be scored.` : '',
    status.storage === 'failing' ? 'The disk takes no messages now; they are kept in memory and tried again.' : '',
    readingText(follow, store),
  ]
  return lines.filter(Boolean).join('\n')
}

function accountText({ authorized, user_info: user, state_message: message }: Status): string {
  if (!authorized) return `Not signed in: ${message}`
  // After a restart nobody knows whose session it is before Telegram is heard.
  if (!user) return `Signed in. ${message}`
  return `Signed in as ${user.first_name ?? 'a user'}${user.username ? ` (@${user.username})` : ''}.`
}

function queueText({ queue }: Status): string {
  if (queue.waiting === 0 && queue.running === null) return 'No calls to Telegram wait.'
  const running = queue.running === null ? '' : `, ${queue.running} is under way`
  return `${counted(queue.waiting, 'call')} to Telegram wait${queue.waiting === 1 ? 's' : ''}${running}.`
}

function floodText({ flood_wait: flood }: Status, nowMs: number): string {
  if (!flood) return 'No flood wait.'
  const seconds = Math.max(1, Math.ceil((Date.parse(flood.until) - nowMs) / 1000))
  return `Telegram asks to wait with ${flood.method} for ${counted(seconds, 'more second')}.`
}

function readingText({ progress }: Follow, store: Store): string {
  const { chatId, read, waiting } = progress
  if (chatId === null) return ''
  const title = store.chats.findChat(chatId)?.title ?? `chat ${chatId}`
  const more = waiting > 0 ? `; ${counted(waiting, 'more chat')} wait${waiting === 1 ? 's' : ''}` : ''
  return `Reading the history of ${title}: ${counted(read, 'message')} so far${more}.`
}

/** Of this machine's day. */
function midnightHour(nowMs: number): number {
  return Math.floor(new Date(nowMs).setHours(0, 0, 0, 0) / HOUR)
}
