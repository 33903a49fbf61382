import type { ProfileDraft } from './model'

/** What everybody wants to hear of, until they say it better: English and Russian, quiet by default. */
export const STARTER: ProfileDraft = {
  name: 'Starter',
  min_score: 2,
  detectors: { mention: 3, reply_to_me: 3, one_time_code: 3 },
  keywords: {
    urgency: {
      weight: 2,
      words: [
        'urgent',
        'urgently',
        'asap',
        'emergency',
        'immediately',
        'срочно',
        'немедленно',
        'dringend',
        'терміново',
        '緊急',
      ],
    },
    security: {
      weight: 2,
      words: [
        'vulnerability',
        'zero day',
        'exploit',
        'data breach',
        'data leak',
        'ransomware',
        'security advisory',
        'security update',
        'уязвимость',
        'утечка данных',
        'взлом',
        'взломали',
        'Sicherheitslücke',
        'вразливість',
        '脆弱性',
      ],
    },
    risk: {
      weight: 2,
      words: [
        'outage',
        'incident',
        'service down',
        'data loss',
        'авария',
        'сбой',
        'недоступен',
        'простой',
        'Störung',
        '障害',
      ],
    },
    action: {
      weight: 1,
      words: ['action required', 'please review', 'please confirm', 'approve', 'sign off', 'подтвердите', 'требуется'],
    },
    importance: { weight: 1, words: ['important', 'critical', 'breaking change', 'важно', 'критично', 'критический'] },
    decision: { weight: 1, words: ['deadline', 'final decision', 'vote', 'дедлайн', 'голосование', 'решение принято'] },
  },
}
