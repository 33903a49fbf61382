import { PushLine, type PushOdds } from '../push-line'
import type { Account } from '../world/model'
import { Random } from '../world/random'

export interface RandomTroubleOptions extends Partial<PushOdds> {
  seed: number
  /** Bytes written to a connection until it breaks, at least and at most. */
  dropConnectionBytes?: [number, number]
}

/** A connection lives long enough for the making of a key. */
const SPARED_BYTES = 1024

/** Trouble that comes by chance: the same seed and the same pushes give the same trouble. */
export class RandomTrouble {
  private readonly odds: PushOdds
  private readonly lines = new Map<number, PushLine>()
  private readonly random: Random
  /** Bytes that may still be written to each. */
  private readonly lifetimes = new WeakMap<object, number>()

  constructor(private readonly options: RandomTroubleOptions) {
    const { lose = 0, repeat = 0, reorder = 0, delayMs = 0 } = options
    this.odds = { lose, repeat, reorder, delayMs }
    this.random = new Random(options.seed)
  }

  lineOf({ user: { id } }: Account): PushLine {
    const line = this.lines.get(id) ?? new PushLine(this.odds, new Random(this.options.seed + id))
    this.lines.set(id, line)
    return line
  }

  /** How much of a packet can be written to a connection; less than all of it means that it breaks there. */
  roomFor(connection: object, sizeBytes: number): number {
    if (!this.options.dropConnectionBytes) return sizeBytes
    const left = this.lifetimes.get(connection) ?? this.lifetime(this.options.dropConnectionBytes)
    this.lifetimes.set(connection, left - sizeBytes)
    return left >= sizeBytes ? sizeBytes : Math.max(1, left)
  }

  /** What is still on its way arrives now. */
  flush(): void {
    for (const line of this.lines.values()) line.flush()
  }

  /** What is still on its way never arrives. */
  drop(): void {
    for (const line of this.lines.values()) line.drop()
  }

  private lifetime([least, most]: [number, number]): number {
    return Math.max(SPARED_BYTES, least + this.random.below(most - least + 1))
  }
}
