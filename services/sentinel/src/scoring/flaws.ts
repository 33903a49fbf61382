import { flawOf, type PhraseFlaw } from './phrase'

/** Why a rule can match nothing, and what to write in its place; both without a full stop. */
export interface RuleFlaw {
  problem: string
  suggestion: string
  /** It has no word at all. */
  isWordless: boolean
}

/** Null where a message can have the word or phrase. */
export function wordFlaw(text: string): RuleFlaw | null {
  const flaw = flawOf(text)
  return flaw && describe(text, flaw)
}

export function describe(text: string, { kind, offset, length }: PhraseFlaw): RuleFlaw {
  if (kind === 'no word') {
    const signs = text.trim().replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    const other =
      signs === '' || /^[\p{M}\p{C}\s]*$/u.test(signs)
        ? ''
        : `, or look for the signs themselves by the query re:/${signs}/`
    return {
      problem: 'There is no letter, digit or emoji here, so no message can have it',
      suggestion: `name a word${other}`,
      isWordless: true,
    }
  }
  const joined = `${text.slice(0, offset)} ${text.slice(offset + length)}`.trim()
  return {
    problem: 'A sentence ends within this phrase, and a phrase is found within one sentence only',
    suggestion: `write “${joined}”, or the words beside one another in a query with NEAR/5`,
    isWordless: false,
  }
}
