import type { Medium } from './model'

/** Media of which only Telegram's name was stored, as before they were given labels. */
const LABELS: Record<string, string> = {
  photo: 'Photo',
  document: 'File',
  poll: 'Poll',
  geo: 'Location',
  geo_live: 'Live location',
  venue: 'Place',
  contact: 'Contact',
  dice: 'Dice',
  game: 'Game',
  invoice: 'Invoice',
  to_do: 'Checklist',
  story: 'Story',
  giveaway: 'Giveaway',
}

/** What a message has beside its text, in words; null for plain text. */
export function mediumView(media: string | null, label: string | null): Medium | null {
  if (media === null) return null
  return { kind: media, label: label ?? LABELS[media] ?? media.replace(/^service:/, '').replaceAll('_', ' ') }
}

interface Said {
  text: string
  medium: Medium | null
  sender: { name: string } | null
}

/** What a person is told that a message says: its text, or how its media are called, or what somebody did. */
export function saidIn({ text, medium, sender }: Said): string {
  if (text.trim() !== '' && medium?.kind.startsWith('service:') !== true) return text.trim()
  if (medium === null) return text.trim() || '(no text)'
  if (!medium.kind.startsWith('service:')) return medium.label
  const told = sender ? `${sender.name} ${medium.label}` : capitalised(medium.label)
  return text.trim() === '' ? told : `${told}: ${text.trim()}`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
