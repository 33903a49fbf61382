import type { EmbeddingView } from '../model'
import type { Vectors } from '../scoring/interest/meaning'
import { REFERENCE_TEXTS } from './reference-texts'
import type { SentenceModel, Urgency } from './model'

/** Vectors that are remembered: more than a batch of messages, the samples of many profiles and all references together. */
const REMEMBERED = 8192

const OFF: EmbeddingView = { state: 'off', model: null, dimensions: null, embedded: 0, problem: null }

/** The vectors of the texts that were read lately. Without a model it knows none, and nobody waits for any. */
export class Embeddings implements Vectors {
  readonly references = REFERENCE_TEXTS
  /** The one that was asked for longest ago comes first. */
  private readonly known = new Map<string, Float32Array>()

  constructor(private readonly model: SentenceModel | null) {}

  get view(): EmbeddingView {
    return this.model?.view ?? OFF
  }

  /** Tells models apart: what was learned with one means nothing with another. Empty where there is none. */
  get name(): string {
    const { state, model } = this.view
    return state === 'ready' ? (model ?? '') : ''
  }

  /** Whether it will soon be known what judges. */
  get isPassing(): boolean {
    return this.model?.isPassing ?? false
  }

  get isOn(): boolean {
    return this.model !== null
  }

  async close(): Promise<void> {
    await this.model?.close()
  }

  of(text: string): Float32Array | undefined {
    return this.known.get(text)
  }

  /** Resolves when `of` knows these texts, or will not. True: it knows one that it did not know before. */
  async read(texts: Iterable<string>, urgency: Urgency): Promise<boolean> {
    if (!this.model) return false
    const unknown: string[] = []
    for (const text of new Set(texts)) {
      const vector = this.known.get(text)
      if (vector) this.remember(text, vector)
      else if (text.trim() !== '') unknown.push(text)
    }
    const vectors = unknown.length > 0 ? await this.model.read(unknown, urgency) : []
    vectors.forEach((vector, at) => vector && this.remember(unknown[at] as string, vector))
    return vectors.some((vector) => vector !== null)
  }

  private remember(text: string, vector: Float32Array): void {
    this.known.delete(text)
    this.known.set(text, vector)
    if (this.known.size > REMEMBERED) this.known.delete(this.known.keys().next().value as string)
  }
}
