import type { Part } from '../phrase'

/** What `has:` asks for. */
export const HAS = [
  'link',
  'code',
  'media',
  'document',
  'poll',
  'question',
  'mention',
  'forward',
  'one_time_code',
] as const
export type Has = (typeof HAS)[number]

export const LANGUAGES = ['ar', 'de', 'en', 'es', 'fr', 'it', 'ja', 'ko', 'pt', 'ru', 'tr', 'uk', 'zh'] as const

/** Where in the query it stands. */
export interface At {
  offset: number
  length: number
}

export interface TermNode extends At {
  kind: 'term'
  parts: Part[]
}

export interface RegexNode extends At {
  kind: 'regex'
  source: string
  ignoresCase: boolean
}

export type FilterNode = At &
  (
    | { kind: 'from' | 'in'; name: string }
    | { kind: 'has'; what: Has }
    | { kind: 'lang'; language: (typeof LANGUAGES)[number] }
  )

export type QueryNode =
  | TermNode
  | RegexNode
  | FilterNode
  | (At & { kind: 'and' | 'or'; children: QueryNode[] })
  | (At & { kind: 'not'; child: QueryNode })
  | (At & { kind: 'near'; left: TermNode; right: TermNode; distance: number })
