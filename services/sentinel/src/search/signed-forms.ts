import type { Word } from './words'

/** Stands in the index where a sentence ends, so that no phrase goes over it. */
export const SENTENCE_END = '=．'

/** What an index has of words with signs beside the words themselves, so that #btc and node.js are found as they are written. */
export function signedFormsOf(words: readonly Word[]): string[] {
  const forms: string[] = []
  for (const [index, { form, before, after, within }] of words.entries()) {
    if (before) forms.push(signedForm(before, form, ''))
    if (after) forms.push(signedForm('', form, after))
    if (within) forms.push(boundForm((words[index - 1] as Word).form, within, form))
  }
  return forms
}

export function signedForm(before: string, form: string, after: string): string {
  return `=w${wide(before)}${form}${wide(after)}`
}

export function boundForm(left: string, within: string, right: string): string {
  return `=w${left}${wide(within)}${right}`
}

/** Words that only half-spaces part, as the one word that people also write. */
export function joinedFormsOf(words: readonly Word[]): string[] {
  const joined: string[] = []
  for (const [index, { form, isHalf }] of words.entries()) {
    if (!isHalf) continue
    const isNext = words[index - 1]?.isHalf
    joined.push((isNext ? joined.pop() : words[index - 1]?.form) + form)
  }
  return joined
}

/** FTS5's tokenizer takes characters beyond ASCII for letters. */
function wide(signs: string): string {
  return signs.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
}
