const SYLLABLES = 'ka lo mi ter ven sta pro ri do nu fel gra tion ex in per ship sel ba co'.split(' ')
const CYRILLIC = 'ка ло ми тер вен ста про ри до ну фел гра ние вы по пер ши сел ба ко'.split(' ')
const STOPS = {
  latin: 'the and to of in is it you that was for on are with as at this have from not',
  cyrillic: 'и в не на что я с он как это по но мы она так его то все за у',
}
const WORDS = 60_000
const HAN = 3000
const CHATS = 500
const SENDERS = 50_000
const SECONDS_APART = 6

export interface BenchMessage {
  chatId: number
  senderId: number
  date: number
  text: string
  flags: number
  media: string | null
}

/** Messages without end, the same each time: words as frequent as in languages, in three scripts; chats and people unevenly busy. */
export class Traffic {
  readonly latin = wordsOf(SYLLABLES, STOPS.latin)
  readonly cyrillic = wordsOf(CYRILLIC, STOPS.cyrillic)
  private seed = 42
  private made = 0
  private readonly kept = { latin: [] as string[], han: [] as string[] }

  /** Unix seconds in the middle of what was made. */
  get middle(): number {
    return 1_500_000_000 + (this.made * SECONDS_APART) / 2
  }

  next(): BenchMessage {
    this.made += 1
    const script = this.chance() < 0.5 ? 'latin' : this.chance() < 0.7 ? 'cyrillic' : 'han'
    const text = script === 'han' ? this.characters() : this.sentence(this[script])
    if (script !== 'cyrillic' && this.made % 5000 < 5) this.kept[script].push(text)
    const kind = this.chance()
    return {
      chatId: this.chat(this.skewed(CHATS)),
      senderId: this.sender(this.skewed(SENDERS)),
      date: 1_500_000_000 + this.made * SECONDS_APART,
      text,
      flags: (kind < 0.15 ? 4 : 0) | (kind > 0.8 ? 64 : 0),
      media: kind > 0.99 ? 'poll' : kind > 0.9 ? 'photo' : kind > 0.8 ? 'document' : null,
    }
  }

  chat(index: number): number {
    return -1_000_000_000_000 - (index % CHATS)
  }

  sender(index: number): number {
    return 5_000_000_000 + (index % SENDERS)
  }

  /** Something that somebody said, in two words or three characters. */
  phrase(script: 'latin' | 'han'): string {
    const texts = this.kept[script]
    const text = texts[Math.floor(this.chance() * texts.length)] ?? ''
    if (script === 'han') return text.slice(2, 4)
    return text.split(' ').slice(1, 3).join(' ')
  }

  private sentence(words: string[]): string {
    const length = 3 + Math.floor(this.chance() ** 2 * 35)
    let text = ''
    for (let index = 0; index < length; index++) text += (index ? ' ' : '') + words[this.zipf(WORDS)]
    return text
  }

  private characters(): string {
    const length = 6 + Math.floor(this.chance() ** 2 * 50)
    let text = ''
    for (let index = 0; index < length; index++) text += String.fromCharCode(0x4e00 + this.zipf(HAN))
    return text
  }

  /** The n-th is as frequent as 1/n. */
  private zipf(count: number): number {
    return Math.min(count - 1, Math.floor(count ** this.chance()) - 1)
  }

  private skewed(count: number): number {
    return Math.floor(this.chance() ** 3 * count)
  }

  private chance(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.seed ^ (this.seed >>> 15), this.seed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function wordsOf(syllables: string[], stops: string): string[] {
  const made = Array.from({ length: WORDS }, (_, index) => wordAt(index, syllables))
  return [...stops.split(' '), ...made].slice(0, WORDS)
}

/** Another word for each number: its digits in the syllables' base. */
function wordAt(index: number, syllables: string[]): string {
  let word = ''
  for (let rest = index + syllables.length; rest > 0; rest = Math.floor(rest / syllables.length))
    word += syllables[rest % syllables.length]
  return word
}
