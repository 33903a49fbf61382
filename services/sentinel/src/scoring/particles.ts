/** What Korean writes behind a noun, without a blank: cases, "also", "only", "from … to", and how a sentence ends with it. */
const PARTICLES = (
  '으로부터 로부터 에게서는 에게서 에서부터 에서는 에서도 에서만 에서의 에서 에게는 에게도 에게 에는 에도 에만 에의 에 께서는 께서 께 한테서 한테 ' +
  '으로는 으로도 으로만 으로서 으로써 으로의 으로 로는 로도 로만 로서 로써 로의 로 까지는 까지도 까지 부터는 부터 마다 마저 조차 밖에 보다는 보다 처럼 만큼 대로 ' +
  '이라는 라는 이라고 라고 이라도 라도 이란 이나 이랑 하고 이며 이고 입니다 입니까 이에요 예요 이야 이다 들이 들은 들을 들의 들에게 들도 들 ' +
  '은 는 이 가 을 를 의 도 만 와 과 나 랑 야'
).split(' ')
const LONGEST = Math.max(...PARTICLES.map(({ length }) => length))
const KNOWN = new Set(PARTICLES)
/** Syllables that are left at least: shorter ones are rarely a noun with a particle, and often a word that ends like one. */
const SHORTEST_NOUN = 2

/** A word of Hangul without the particles that follow its noun; others as they are. Longer particles go first, one after the other. */
export function withoutParticles(word: string): string {
  if (!isHangul(word.charCodeAt(word.length - 1))) return word
  for (let noun = word; ; noun = noun.slice(0, -lengthOfParticle(noun))) if (lengthOfParticle(noun) === 0) return noun
}

function lengthOfParticle(word: string): number {
  for (let length = Math.min(LONGEST, word.length - SHORTEST_NOUN); length > 0; length--)
    if (KNOWN.has(word.slice(-length))) return length
  return 0
}

function isHangul(unit: number): boolean {
  return unit >= 0xac00 && unit <= 0xd7a3
}
