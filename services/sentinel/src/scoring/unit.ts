/** How a character takes part in a word. */
export const Unit = {
  separator: 0,
  /** Part of a word; the folded unit is in `foldedUnits`. */
  word: 1,
  /** A word of its own: scripts that put no space between words. */
  single: 2,
  /** Nothing at all, inside a word too: zero-width characters, soft hyphen, variation selectors, marks of direction. */
  invisible: 3,
  /** What a script writes or leaves out: vowel points of Arabic and Hebrew, the line that stretches words. */
  optional: 4,
  /** A combining mark: one letter with what stands before it, or nothing (underlines, strikes, stress). */
  mark: 5,
  /** The same, but a letter of its own where it does not become one with what stands before it. */
  joining: 6,
  /** Belongs to the single word before it: vowels and tones of Thai. */
  tail: 7,
  /** Folds to several characters, see `expansionOf`. */
  several: 8,
  surrogate: 9,
  /** Begins an emoji. */
  emoji: 10,
  /** The same where a variation selector follows. */
  symbol: 11,
  /** Parts the halves of a word in Arabic script (Persian half-space); nothing elsewhere. */
  halfSpace: 12,
  /** Makes a key of the digit before it. */
  keycap: 13,
  unknown: 255,
} as const
