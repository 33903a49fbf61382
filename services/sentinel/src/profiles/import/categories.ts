import type { Category } from '../../model'

/** What a category counted in the original, where each counted once. */
export const ORIGINAL_WEIGHTS: Record<Category, number> = {
  action: 0.8,
  decision: 1.1,
  urgency: 1.5,
  importance: 0.9,
  release: 0.8,
  security: 1.2,
  risk: 1,
  opportunity: 0.6,
  general: 0.8,
}

/**
 * The original's categories, and the names that its page gave to some. These go where its own loader puts them
 * (redoracle/TGSentinel, src/tgsentinel/config.py, `field_mapping`): "technical" and "community" have no category nearer than
 * the general one there, and "project" means what is important for a project, not what has to be done.
 */
const CATEGORY_OF = new Map<string, Category>([
  ...Object.keys(ORIGINAL_WEIGHTS).map((category) => [category, category] as [string, Category]),
  ['critical', 'urgency'],
  ['financial', 'opportunity'],
  ['project', 'importance'],
  ['technical', 'general'],
  ['community', 'general'],
])

/** The category that a field names, with `_keywords` behind it or without; `keywords` alone are the general ones. */
export function categoryOf(field: string): Category | undefined {
  return field === 'keywords' ? 'general' : CATEGORY_OF.get(field.replace(/_keywords$/, ''))
}
