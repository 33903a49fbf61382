/** Question marks that stand nowhere else, so that nothing need follow them; the Armenian one stands inside a word. */
const SURE = /[？؟⁇⁈‽՞\u037e፧⸮︖﹖꘏꛷¿]/u
/** What may follow the mark that addresses have, too. */
const ENDED = /\?(?=\s|$|["'’»”“)\]}>!?…,:*_~`|\u2013\u2014-]|\p{Extended_Pictographic})/u
/** Written together with the next sentence, where the word is no address. */
const BEFORE_SENTENCE = /(?<![^\s])([^\s]*\p{L}["'»”)]?)\?(?=\p{Lu}|\p{Lo})/u
/** Greek asks with a semicolon, and keyboards type that of ASCII. */
const GREEK = /[\p{Script=Greek}\p{N}]["'»”)]*\s?;(?=\s|$|["'»”)\]!…])/u

/** Whether a text asks: a question mark of any script at the end of a word or sentence; one inside a link is none. Pure. */
export function asks(text: string): boolean {
  if (SURE.test(text)) return true
  if (text.includes(';') && /\p{Script=Greek}/u.test(text) && GREEK.test(text)) return true
  if (!text.includes('?')) return false
  if (ENDED.test(text)) return true
  const [, word = ''] = BEFORE_SENTENCE.exec(text) ?? []
  return word !== '' && !/[/@=]|www\.|\.\p{L}/u.test(word)
}
