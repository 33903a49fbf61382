import type { Indexable } from '../store/search-index'
import { facets, mediaOf } from './facets'
import { languageOf } from './language'
import { joinedFormsOf, SENTENCE_END, signedFormsOf } from './signed-forms'
import type { Word, Words } from './words'

/**
 * What the index holds of a message, or of an album's parts together: the words of its text and of its files' names, in sentences; words
 * as they are written with signs; then its facets.
 */
export function documentOf(parts: readonly Indexable[], words: Words): string {
  const text = textOf(parts)
  const found = words.of(text)
  const names = parts.flatMap(({ fileName }) => (fileName ? [words.of(fileName)] : []))
  const all = [found, ...names]
  const joined = all.flatMap(joinedFormsOf).flatMap((form) => [SENTENCE_END, form])
  const forms = [...all.map(sentencesOf).join(` ${SENTENCE_END} `).trim().split(/ +/), ...joined].filter(Boolean)
  const facts = [...all.flatMap(signedFormsOf), ...facetsOf(parts), facets.language(languageOf(text, found))]
  return [...forms, ...new Set(facts)].join(' ')
}

function sentencesOf(words: readonly Word[]): string {
  return words.map(({ form, beginsSentence }) => (beginsSentence ? `${SENTENCE_END} ${form}` : form)).join(' ')
}

/** An album says what its parts say, one below the other; most have one caption. */
export function textOf(parts: readonly { text: string }[]): string {
  if (parts.length === 1) return parts[0]?.text ?? ''
  return parts
    .map(({ text }) => text)
    .filter(Boolean)
    .join('\n')
}

function facetsOf(parts: readonly Indexable[]): string[] {
  const all = parts.flatMap((part) => {
    const { chatId, senderId, topicId } = part
    return [
      facets.chat(chatId),
      ...(senderId === null ? [] : [facets.sender(senderId)]),
      ...(topicId === null ? [] : [facets.topic(chatId, topicId)]),
      ...(part.isOwn ? [facets.own] : []),
      ...mediaOf(part).map(facets.has),
    ]
  })
  // What is left of an album is not deleted.
  return parts.every(({ isDeleted }) => isDeleted) ? [...all, facets.deleted] : all
}
