import { findingsOf } from '../alert-profiles'
import { saidIn } from '../medium'
import type { Alert, AlertProfile } from '../model'

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
  /** The one that scored it highest. */
  profile: { id: number; name: string }
  /** All that are told, that one first. */
  profiles: { id: number; name: string; score: number; why: string }[]
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
    why: whyOfAll(alert.profiles),
    link: alert.link,
    profile: { id: alert.profile_id, name: alert.profile_name },
    profiles: alert.profiles.map((one) => ({ id: one.id, name: one.name, score: rounded(one.score), why: whyOf(one) })),
    chat: { title: chat.title, username: chat.username, kind: chat.kind },
    sender: sender && { name: sender.name, username: sender.username },
    reasons: alert.reasons.map(({ kind, label, category = null, weight }) => ({ kind, label, category, weight })),
    raised_by: alert.raised_by,
    posted_at: alert.posted_at,
    raised_at: alert.created_at,
  }
}

const SAMPLE_FINDING: AlertProfile = {
  id: 1,
  name: 'Security',
  score: 3.5,
  reasons: [{ kind: 'keyword', label: 'zero day', category: 'security', weight: 2 }],
  relevance: null,
  is_exploration: false,
  label: null,
  raised_by: 'post',
}

/** Stands for an alert where there is none yet. */
export const SAMPLE_ALERT: Alert = {
  id: 1,
  ...findingsOf([SAMPLE_FINDING]),
  chat: { id: '-1001234567890', title: 'News & more', username: 'newswire', kind: 'channel' },
  sender: { id: '1', name: 'Mara Lind', username: 'mara' },
  message_id: 77,
  topic_id: null,
  text: 'A zero day was found in <b>everything</b>. Update *now*.',
  medium: null,
  posted_at: '2026-11-21T08:00:00.000Z',
  link: 'https://t.me/newswire/77',
  created_at: '2026-11-21T08:00:01.000Z',
  read: false,
  starred: false,
  dismissed: false,
  copies: 0,
  copy_chats: 0,
  changes: [],
  snoozed_until: null,
}

function whereOf({ chat, sender }: Alert): string {
  return !sender || sender.id === chat.id ? chat.title : `${sender.name} in ${chat.title}`
}

/** Of several profiles each says its own. */
function whyOfAll(profiles: readonly AlertProfile[]): string {
  const [first] = profiles
  if (first && profiles.length === 1) return whyOf(first)
  return profiles.map((one) => `${one.name}: ${whyOf(one)}`).join('; ')
}

function whyOf({ reasons, raised_by: raisedBy }: Pick<AlertProfile, 'reasons' | 'raised_by'>): string {
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
