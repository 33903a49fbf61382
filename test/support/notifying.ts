import type { DestinationTarget } from '../../services/sentinel/src/model'
import type { Told } from '../../services/sentinel/src/notifiers/notifier'
import { notifierOf } from '../../services/sentinel/src/notifiers/notifiers'
import { newPushKeys } from '../../services/sentinel/src/notifiers/web-push'
import { AddressGuard } from '../../services/sentinel/src/outgoing/address-guard'
import { ALLOWED_NOTHING, parseAllowList } from '../../services/sentinel/src/outgoing/allow-list'
import { dialing } from './dialing'
import { Outgoing } from '../../services/sentinel/src/outgoing/outgoing'
import type { StoredSecrets } from '../../services/sentinel/src/store/destinations'
import { escaped, styledText } from '../../services/sentinel/src/styled-text'

export const HOSTILE =
  '<b>not bold</b> **nor this** _or_ `this` [link](http://evil.example) @everyone <!channel> &amp; "quoted" 🙂'
export const LINK = 'https://t.me/c/1/77_a_b'
export const TOLD: Told = {
  messageId: 'msg_1',
  kind: 'alert',
  isUrgent: false,
  title: 'News: <b>& more',
  body: styledText(`<b>Loud</b> and <a href="${LINK}">there</a>\n${escaped(HOSTILE)}\n${LINK}`),
  link: LINK,
  answerable: null,
  data: { id: 7 },
  atMs: 1_800_000_000_000,
}

export const pushKeys = newPushKeys()
/** The door to what is allowed, and to nothing else. */
export function outgoing(allow: string, door = dialing()): Outgoing {
  return new Outgoing(new AddressGuard(parseAllowList(allow) ?? ALLOWED_NOTHING), door, 1000)
}

/** Where nothing is said of alerts. */
export const noAnswers = { tokens: () => ({ wanted: 'w', not_wanted: 'n', snooze: 's' }), url: () => null }

/** Sends as a lane would, to a destination that is nowhere stored. */
export function send(target: DestinationTarget, secrets: StoredSecrets, door = outgoing('127.0.0.0/8'), told = TOLD) {
  const nowhere = () => Promise.reject(new Error('not this way'))
  const ways = {
    telegram: nowhere,
    bot: nowhere,
    pushKeys: () => pushKeys,
    onText: () => undefined,
    answers: noAnswers,
  }
  const doors = { outgoing: door, ...ways, now: Date.now }
  return notifierOf({ target, secrets }, doors).send(told, new AbortController().signal)
}
