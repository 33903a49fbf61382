import type { components } from '../../../openapi/generated/ui'

type Schemas = components['schemas']
const NO_WORDS = { words: '', weight: '1' }

const FORM: Schemas['ProfileForm'] = {
  ...{ name: 'Half ty', description: '', enabled: true, minScore: '2,', wordForms: true },
  keywords: {
    ...{ urgency: NO_WORDS, security: { words: 'leak\nzero day', weight: '2' }, risk: NO_WORDS, action: NO_WORDS },
    ...{ decision: NO_WORDS, importance: NO_WORDS, release: NO_WORDS, opportunity: NO_WORDS, general: NO_WORDS },
  },
  queries: [{ query: 'a NEAR/', weight: '1' }],
  detectors: { mention: '3' },
  ...{ vips: '', vipWeight: '5', excluded: '', chats: '', excludedChats: '', kinds: ['channel'], includeOwn: false },
  ...{ positives: '', negatives: '', likeness: '50', positiveWeight: '1', negativeWeight: '1', interestWeight: '2' },
  ...{ learns: false, onePerStory: true, alertsPerDay: '', reactions: '', replies: '', thresholdWeight: '1' },
  ...{ tellsEdits: false, tellsDeletions: false },
}

export const SAMPLE_DRAFT: Schemas['ProfileFormDraft'] = { form: FORM, revision: null }
