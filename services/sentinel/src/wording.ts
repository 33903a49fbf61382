import { beginningOf } from './cutting'

/** A text without line breaks, tabs and runs of spaces. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** At most so many code points, in whole characters; what was cut off is an ellipsis. */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text
  let [units, points] = [0, 0]
  for (const character of text) {
    if (points === max - 1 && text.length > units + character.length) return `${beginningOf(text, units).trimEnd()}…`
    units += character.length
    points += 1
  }
  return text
}
