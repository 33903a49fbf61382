import type { ProfileDraft, Profile, ProfileForm } from '../model'

export const CATEGORIES = [
  'urgency',
  'security',
  'risk',
  'action',
  'decision',
  'importance',
  'release',
  'opportunity',
  'general',
] as const
export type Category = (typeof CATEGORIES)[number]
export type Detector = keyof NonNullable<ProfileDraft['detectors']>

export const EMPTY_FORM: ProfileForm = formOf({ name: '' })

export function formOf(draft: ProfileDraft | Profile): ProfileForm {
  const detectors = Object.entries(draft.detectors ?? {})
  return {
    name: draft.name,
    description: draft.description ?? '',
    enabled: draft.enabled ?? true,
    minScore: String(draft.min_score ?? 1),
    wordForms: draft.word_forms ?? true,
    keywords: keywordsOf(draft.keywords ?? {}),
    queries: (draft.queries ?? []).map(({ query, weight = 1 }) => ({ query, weight: String(weight) })),
    detectors: Object.fromEntries(detectors.map(([name, weight]) => [name, String(weight)])),
    ...peopleOf(draft),
    includeOwn: draft.include_own ?? false,
    ...interestOf(draft),
    learns: draft.learning?.enabled ?? false,
    onePerStory: draft.one_per_story ?? true,
    alertsPerDay: String(draft.learning?.alerts_per_day ?? ''),
    ...aftermathOf(draft),
  }
}

function aftermathOf({ thresholds = {}, tell_changes: tells = {} }: ProfileDraft) {
  return {
    reactions: String(thresholds.reactions ?? ''),
    replies: String(thresholds.replies ?? ''),
    thresholdWeight: String(thresholds.weight ?? 1),
    tellsEdits: tells.edits ?? false,
    tellsDeletions: tells.deletions ?? false,
  }
}

function interestOf({ interest = {} }: ProfileDraft) {
  const { threshold = 0.5, positive_weight: positive = 1, negative_weight: negative = 1, weight = 2 } = interest
  return {
    positives: textOf(interest.positive_samples),
    negatives: textOf(interest.negative_samples),
    likeness: String(Math.round(threshold * 1000) / 10),
    positiveWeight: String(positive),
    negativeWeight: String(negative),
    interestWeight: String(weight),
  }
}

/** An empty line within a message would make two of it. */
function textOf(samples: readonly string[] = []): string {
  return samples.map((sample) => sample.trim().replace(/\n\s*\n/g, '\n')).join('\n\n')
}

function keywordsOf(keywords: NonNullable<ProfileDraft['keywords']>): ProfileForm['keywords'] {
  const wordsOf = (category: Category) => {
    const { words = [], weight = 1 } = keywords[category] ?? {}
    return { words: words.join('\n'), weight: String(weight) }
  }
  return Object.fromEntries(CATEGORIES.map((category) => [category, wordsOf(category)])) as ProfileForm['keywords']
}

function peopleOf({
  vip_senders: vips = [],
  vip_weight: weight = 5,
  excluded_senders: excluded = [],
  scope,
}: ProfileDraft) {
  return {
    vips: vips.join('\n'),
    vipWeight: String(weight),
    excluded: excluded.join('\n'),
    chats: (scope?.chats ?? []).join('\n'),
    excludedChats: (scope?.exclude_chats ?? []).join('\n'),
    kinds: scope?.kinds ?? [],
  }
}

/** What the sentinel takes; a category without words, a query without text and a detector without weight are left out. */
export function draftOf(form: ProfileForm): ProfileDraft {
  const filled = CATEGORIES.map((category) => [category, form.keywords[category]] as const)
    .map(([category, { words, weight }]) => [category, { words: linesOf(words), weight: numberOf(weight, 1) }] as const)
    .filter(([, { words }]) => words.length > 0)
  const queries = form.queries.filter(({ query }) => query.trim() !== '')
  const detectors = Object.entries(form.detectors).filter(([, weight]) => weight.trim() !== '')
  return {
    name: form.name.trim(),
    description: form.description.trim(),
    enabled: form.enabled,
    min_score: numberOf(form.minScore, 1),
    word_forms: form.wordForms,
    keywords: Object.fromEntries(filled),
    queries: queries.map(({ query, weight }) => ({ query: query.trim(), weight: numberOf(weight, 1) })),
    detectors: Object.fromEntries(detectors.map(([name, weight]) => [name, numberOf(weight, 1)])),
    vip_senders: linesOf(form.vips),
    vip_weight: numberOf(form.vipWeight, 5),
    excluded_senders: linesOf(form.excluded),
    scope: scopeOf(form),
    include_own: form.includeOwn,
    interest: {
      positive_samples: samplesOf(form.positives),
      negative_samples: samplesOf(form.negatives),
      threshold: Math.min(1, numberOf(form.likeness, 50) / 100),
      positive_weight: numberOf(form.positiveWeight, 1),
      negative_weight: numberOf(form.negativeWeight, 1),
      weight: numberOf(form.interestWeight, 2),
    },
    one_per_story: form.onePerStory,
    learning: { enabled: form.learns, alerts_per_day: perDayOf(form.alertsPerDay) },
    thresholds: {
      reactions: wholeOf(form.reactions),
      replies: wholeOf(form.replies),
      weight: numberOf(form.thresholdWeight, 1),
    },
    tell_changes: { edits: form.tellsEdits, deletions: form.tellsDeletions },
  }
}

function scopeOf({ chats, excludedChats, kinds }: ProfileForm): NonNullable<ProfileDraft['scope']> {
  const [only, never] = [linesOf(chats), linesOf(excludedChats)]
  return {
    ...(only.length > 0 && { chats: only }),
    ...(never.length > 0 && { exclude_chats: never }),
    ...(kinds.length > 0 && { kinds }),
  }
}

/** Each once, in the order in which they were typed. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean)
}

/** Messages, an empty line between two; each once. */
function samplesOf(text: string): string[] {
  return [...new Set(text.split(/\n\s*\n/).map((sample) => sample.trim()))].filter(Boolean)
}

function perDayOf(text: string): number | null {
  const perDay = numberOf(text, 0)
  return perDay > 0 ? perDay : null
}

/** Null where there is no number, or none from 1 on. */
function wholeOf(text: string): number | null {
  const number = Math.round(numberOf(text, 0))
  return number > 0 ? number : null
}

/** A comma counts as a point. */
function numberOf(text: string, byDefault: number): number {
  const number = Number(text.replace(',', '.'))
  return text.trim() === '' || Number.isNaN(number) ? byDefault : number
}
