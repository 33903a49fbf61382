import type { Random } from '../telegram-server/world/random'

const WORDS = 'the ship left harbour before dawn корабль вышел в море 港口 早上 “quoted” 🚢 & <b> naïve'.split(' ')

/** Of every poll. */
export const ANSWERS = ['yes', 'no', 'perhaps']

/** A text that no other number has. */
export function sentence(random: Random, number: number): string {
  const length = 1 + random.below(8)
  return [`#${number}`, ...Array.from({ length }, () => random.pick(WORDS))].join(' ')
}
