import { deepLink } from '../message-link'
import { saidIn } from '../medium'
import type { Alert } from '../model'

/** What a template knows of an alert. */
export interface AlertVariables {
  id: number
  score: number
  text: string
  /** How its media are called; null for plain text. */
  medium: string | null
  where: string
  why: string
  link: string | null
  profile: { id: number; name: string }
  chat: { title: string; username: string | null; kind: string }
  sender: { name: string; username: string | null } | null
  reasons: { kind: string; label: string; category: string | null; weight: number }[]
  raised_by: Alert['raised_by']
  posted_at: string
  raised_at: string
}

export function variablesOf(alert: Alert): AlertVariables {
  const { id, chat, sender } = alert
  return {
    ...{ id, text: saidIn(alert), medium: alert.medium?.label ?? null },
    score: rounded(alert.score),
    where: whereOf(alert),
    why: whyOf(alert),
    link: linkOf(alert),
    profile: { id: alert.profile_id, name: alert.profile_name },
    chat: { title: chat.title, username: chat.username, kind: chat.kind },
    sender: sender && { name: sender.name, username: sender.username },
    reasons: alert.reasons.map(({ kind, label, category = null, weight }) => ({ kind, label, category, weight })),
    raised_by: alert.raised_by,
    posted_at: alert.posted_at,
    raised_at: alert.created_at,
  }
}

/** Where the message can be looked at. */
export function linkOf(alert: Pick<Alert, 'chat' | 'message_id' | 'topic_id'>): string | null {
  return deepLink({ chat: alert.chat, messageId: alert.message_id, topicId: alert.topic_id })
}

/** Stands for an alert where there is none yet. */
export const SAMPLE_ALERT: Alert = {
  id: 1,
  profile_id: 1,
  profile_name: 'Security',
  chat: { id: '-1001234567890', title: 'News & more', username: 'newswire', kind: 'channel' },
  sender: { id: '1', name: 'Mara Lind', username: 'mara' },
  message_id: 77,
  topic_id: null,
  text: 'A zero day was found in <b>everything</b>. Update *now*.',
  medium: null,
  posted_at: '2026-11-21T08:00:00.000Z',
  score: 3.5,
  reasons: [{ kind: 'keyword', label: 'zero day', category: 'security', weight: 2 }],
  created_at: '2026-11-21T08:00:01.000Z',
  read: false,
  starred: false,
  dismissed: false,
  relevance: null,
  is_exploration: false,
  label: null,
  copies: 0,
  copy_chats: 0,
  raised_by: 'post',
  changes: [],
}

function whereOf({ chat, sender }: Alert): string {
  return !sender || sender.id === chat.id ? chat.title : `${sender.name} in ${chat.title}`
}

function whyOf({ reasons, raised_by: raisedBy }: Alert): string {
  const named = reasons.map((reason) => {
    const { category, weight } = reason
    return `${nameOf(reason)}${category ? ` (${category})` : ''} +${rounded(weight)}`
  })
  return [...named, ...(raisedBy === 'edit' ? ['since it was edited'] : [])].join(', ')
}

/** A reason in a word or two. */
export function nameOf({ kind, label, count }: Alert['reasons'][number]): string {
  if (kind === 'keyword') return `“${label}”`
  if (kind === 'vip') return `VIP ${label}`
  return kind === 'threshold' ? `${count ?? 0} ${label}` : label.replaceAll('_', ' ')
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
