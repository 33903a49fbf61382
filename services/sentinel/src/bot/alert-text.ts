import { profileNames } from '../alert-profiles'
import { cutTo } from '../cutting'
import { saidIn } from '../medium'
import { messageLink } from '../message-link'
import type { Alert, AlertProfile } from '../model'
import { nameOf } from '../templates/alert-variables'

/** How much of an alert is told, in characters. Ten brief ones go into one message. */
const LIMITS = {
  whole: { text: 1200, name: 80, reasons: 300 },
  short: { text: 240, name: 64, reasons: 160 },
  brief: { text: 140, name: 32, reasons: 60 },
} as const

export type AlertLength = keyof typeof LIMITS

const MAX_REASONS = 5

/** An alert in a few lines: score and profile, where and who, the text, why, and a link. */
export function alertText(alert: Alert, length: AlertLength): string {
  const { text, name, reasons } = LIMITS[length]
  const lines = [
    `[${scoreText(alert.score)}] ${cutTo(profileNames(alert), name)} · ${whereText(alert, name)}`,
    cutTo(saidIn(alert), text),
    `Why: ${whyText(alert, reasons)}`,
    alert.is_exploration && 'Not quite relevant enough: shown to learn from. Say on the page whether it is for you.',
    messageLink({ chat: alert.chat, messageId: alert.message_id, topicId: alert.topic_id }),
  ]
  return lines.filter(Boolean).join('\n')
}

export function alertsText(alerts: readonly Alert[], length: AlertLength): string {
  return alerts.map((alert) => alertText(alert, length)).join('\n\n')
}

export function scoreText(score: number): string {
  return String(Math.round(score * 10) / 10)
}

function whereText({ chat, sender }: Alert, max: number): string {
  const title = cutTo(chat.title, max)
  const isByChatItself = !sender || sender.id === chat.id
  return isByChatItself ? title : `${cutTo(sender.name, max)} in ${title}`
}

/** Of several profiles each says its own. */
function whyText({ profiles }: Alert, max: number): string {
  const [first] = profiles
  if (first && profiles.length === 1) return reasonsText(first, max)
  const each = Math.floor(max / profiles.length)
  return cutTo(profiles.map((one) => `${one.name}: ${reasonsText(one, each)}`).join('; '), max)
}

function reasonsText({ reasons, raised_by: raisedBy }: AlertProfile, max: number): string {
  const named = reasons.slice(0, MAX_REASONS).map((reason) => {
    const { category, weight } = reason
    return `${nameOf(reason)}${category ? ` (${category})` : ''} +${scoreText(weight)}`
  })
  const more = reasons.length - named.length
  const edited = raisedBy === 'edit' ? ', since it was edited' : ''
  return cutTo(named.join(', '), max) + (more > 0 ? ` and ${more} more` : '') + edited
}
