import { isoMoment } from '@tgsentinel/kernel/time'
import { cutTo } from '../cutting'
import type { Alert, PushMessage } from '../model'
import { profileNames } from '../alert-profiles'
import type { Told } from './notifier'
import { plainText } from './writing'

const MAX_TITLE = 200

/** What a browser is told; `isDiscreet`: not a word of what was said, nor where. Pure. */
export function pushMessageOf(told: Told, isDiscreet: boolean): PushMessage {
  const { messageId: tag, title, body, link, isUrgent: urgent, atMs, answerable } = told
  const rest = { tag, address: addressOf(told), urgent, at: isoMoment(atMs), answers: answerable?.tokens ?? null }
  if (isDiscreet) return { title: discreetTitle(told), body: '', link: null, ...rest }
  return { title: beginning(title, MAX_TITLE), body: plainText(body), link, ...rest }
}

/** As JSON of so many bytes at the most: what is too long loses the end of its text, by whole characters. Pure. */
export function encoded(message: PushMessage, maxBytes: number): string {
  const withBody = (length: number) => JSON.stringify({ ...message, body: beginning(message.body, length) })
  let [fitting, tooLong] = [0, message.body.length + 1]
  if (Buffer.byteLength(withBody(message.body.length)) <= maxBytes) return withBody(message.body.length)
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2)
    if (Buffer.byteLength(withBody(middle)) <= maxBytes) fitting = middle
    else tooLong = middle
  }
  return withBody(fitting)
}

/** Where the page shows it. */
function addressOf({ kind, data }: Told): string {
  const { destination_id: destination } = data
  const { id } = kind === 'change' ? changedAlert(data) : data
  if (kind === 'alert' || kind === 'change') return typeof id === 'number' ? `#/alerts/${id}` : '#/alerts'
  if (kind === 'digest') return '#/digests'
  return typeof destination === 'number' ? `#/deliveries/${destination}` : '#/deliveries'
}

/** Titles of an alert and of a test come out of a template, which may show anything; that of a change names the chat; the others are ours. */
function discreetTitle({ kind, title, data }: Told): string {
  const { profiles = [] } = (kind === 'change' ? changedAlert(data) : data) as Partial<Alert>
  const names = beginning(profileNames({ profiles }), MAX_TITLE)
  if (kind === 'test') return 'A test of TG Sentinel'
  if (kind === 'change') return `What raised an alert in ${names} was changed`
  if (kind !== 'alert') return title
  return names === '' ? 'New alerts' : `New alert in ${names}`
}

/** A change tells of an alert. */
function changedAlert(data: Told['data']): Partial<Alert> {
  return (data['alert'] as Partial<Alert> | undefined) ?? {}
}

function beginning(text: string, max: number): string {
  return max === 0 ? '' : cutTo(text, max)
}
