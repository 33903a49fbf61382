import { FEATURES, type TextFeatures } from './features'

/** As if so many messages had been read in which nothing of interest stands: keeps the first real ones from counting too much. */
const SMOOTHING = 200
const MOST = 65_535

/** In how many messages of the owner's chats each feature stands: what is said everywhere tells little. */
export class Background {
  messages = 0
  private readonly counts: Uint16Array

  /** @param counts as `bytes` gave them; a background of another size is none */
  constructor(counts?: Uint8Array, messages = 0) {
    const isKnown = counts?.byteLength === FEATURES * 2
    this.counts = isKnown ? new Uint16Array(counts.slice().buffer) : new Uint16Array(FEATURES)
    this.messages = isKnown ? messages : 0
  }

  read({ ids }: TextFeatures): void {
    this.messages++
    for (const id of ids) this.counts[id] = Math.min(MOST, (this.counts[id] as number) + 1)
  }

  /** Inverse document frequency, 0 to 1. */
  rarity(id: number): number {
    const all = this.messages + SMOOTHING
    return Math.log(all / ((this.counts[id] as number) + 1)) / Math.log(all)
  }

  get bytes(): Uint8Array {
    return new Uint8Array(this.counts.buffer)
  }
}
