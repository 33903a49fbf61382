import { fingerprintOf, hashOf, type Fingerprint } from './fingerprint'
import { LEAST_SHINGLES } from './likeness'
import { bandsOf } from './min-hash'

/** What a text takes beside its characters, in characters. */
const OVERHEAD = 100

interface Known {
  fingerprint: Fingerprint
  keys?: readonly number[]
}

/** Fingerprints of the texts that were asked for lately. The same text has the same one, whoever asks. */
export class Fingerprints {
  private recent = new Map<string, Known>()
  private former: ReadonlyMap<string, Known> = new Map()
  /** Of the texts in `recent`. */
  private characters = 0

  /** `mostCharacters`: up to twice as many are kept, at some ten bytes each. */
  constructor(private readonly mostCharacters = 200_000) {}

  of(text: string): Fingerprint {
    return this.read(text).fingerprint
  }

  /** Texts that are alike share one of these. */
  keysOf(text: string): readonly number[] {
    const known = this.read(text)
    return (known.keys ??= keysOf(known.fingerprint))
  }

  private read(text: string): Known {
    const recent = this.recent.get(text)
    if (recent) return recent
    const known = this.former.get(text) ?? { fingerprint: fingerprintOf(text) }
    this.keep(text, known)
    return known
  }

  private keep(text: string, known: Known): void {
    if (this.characters > this.mostCharacters) {
      this.former = this.recent
      this.recent = new Map()
      this.characters = 0
    }
    this.recent.set(text, known)
    this.characters += text.length + OVERHEAD
  }
}

function keysOf({ shingles, urls }: Fingerprint): number[] {
  const addresses = [...urls].map((url) => hashOf(`url ${url}`))
  // What is too short is never compared.
  return shingles.length >= LEAST_SHINGLES ? [...addresses, ...bandsOf(shingles)] : addresses
}
