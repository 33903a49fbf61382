import type { Digest, DigestDraft } from '../model'

type Schedule = Digest['schedule']

/** A digest as it is typed. */
export interface DigestForm {
  profile: string
  destination: string
  kind: Schedule['kind']
  at: string
  weekday: Schedule['weekday']
  topN: string
  minScore: string
  whenEmpty: Digest['when_empty']
  enabled: boolean
}

export const KINDS: Record<Schedule['kind'], string> = {
  hourly: 'Every hour',
  every_4h: 'Every 4 hours',
  every_6h: 'Every 6 hours',
  every_12h: 'Every 12 hours',
  daily: 'Every day',
  weekly: 'Every week',
}

export const WEEKDAYS: Record<Schedule['weekday'], string> = {
  monday: 'Monday',
  tuesday: 'Tuesday',
  wednesday: 'Wednesday',
  thursday: 'Thursday',
  friday: 'Friday',
  saturday: 'Saturday',
  sunday: 'Sunday',
}

export const EMPTY_FORM: DigestForm = {
  ...{ profile: '', destination: '', kind: 'daily', at: '08:00', weekday: 'monday' },
  ...{ topN: '10', minScore: '0', whenEmpty: 'skip', enabled: true },
}

export function formOf(digest: Digest): DigestForm {
  const { profile_id: profile, destination_id: destination, schedule, top_n: topN, min_score: minScore } = digest
  return {
    ...{ profile: String(profile), destination: destination === null ? '' : String(destination), ...schedule },
    ...{ topN: String(topN), minScore: String(minScore), whenEmpty: digest.when_empty, enabled: digest.enabled },
  }
}

export function draftOf({ profile, destination, kind, at, weekday, topN, minScore, ...form }: DigestForm): DigestDraft {
  return {
    ...{ profile_id: Number(profile), destination_id: destination === '' ? null : Number(destination) },
    schedule: { kind, at, weekday },
    ...{ top_n: Number(topN), min_score: Number(minScore.replace(',', '.')) },
    ...{ when_empty: form.whenEmpty, enabled: form.enabled },
  }
}

/** `Every week on Monday at 08:00`. */
export function timesOf({ kind, at, weekday }: Schedule): string {
  if (kind === 'hourly') return `${KINDS.hourly} at :${at.slice(3)}`
  if (kind === 'weekly') return `${KINDS.weekly} on ${WEEKDAYS[weekday]} at ${at}`
  return `${KINDS[kind]}${kind === 'daily' ? ' at' : ', counted from'} ${at}`
}
