const SAMPLES = 'These wait for somebody to judge them. Judge messages here, or add them to the samples.'

/** Fields of the original that have no like here: said, so that nobody believes that they work. */
export const UNSUPPORTED = new Map<string, { problem: string; path?: string }>([
  ['pending_positive_samples', { problem: SAMPLES }],
  ['pending_negative_samples', { problem: SAMPLES }],
  [
    'require_forwarded',
    { problem: 'A profile cannot ask for forwards alone. Add `has:forward` to a query, or give forwards a weight.' },
  ],
  ['webhooks', { problem: 'Webhooks belong to no profile here. Add a destination for it under Deliveries.' }],
  ['tags', { problem: 'Profiles have no tags. Say it in the description.' }],
])

/** What a profile gets anew: it says nothing of what the profile looks for. */
const IGNORED = new Set(['id', 'revision', 'name', 'enabled', 'created_at', 'updated_at', 'type'])

export function isIgnored(field: string): boolean {
  return IGNORED.has(field)
}
