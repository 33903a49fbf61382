/** Features by number, and how strongly each is there. */
export interface Sparse {
  ids: readonly number[]
  values: readonly number[]
}

export interface Example {
  features: Sparse
  relevant: boolean
  /** How much it counts; 1 is usual. */
  weight: number
}

export type Weights = ReadonlyMap<number, number>

const EPOCHS = 60
const RATE = 0.3
const EXAMPLES_A_TURN = 100
const LEAST_SQUARE = 1e-8

/**
 * Logistic regression by AdaGrad, with weights drawn towards `prior` (0 where it says nothing). The
 * same examples in the same order give the same weights.
 * @param strengthOf how strongly a feature's weight is drawn
 * @param turn awaited every hundred examples, so that everything else has its turn
 */
export async function fit(
  examples: readonly Example[],
  prior: Weights,
  strengthOf: (id: number) => number,
  turn: () => Promise<unknown>,
): Promise<Weights> {
  const weights = new Map(prior)
  const squares = new Map<number, number>()
  const pull = (id: number, weight: number) => (strengthOf(id) / examples.length) * (weight - (prior.get(id) ?? 0))
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (const [index, example] of examples.entries()) {
      descend(example, weights, squares, pull)
      if (index % EXAMPLES_A_TURN === 0) await turn()
    }
  }
  return weights
}

function descend(
  { features: { ids, values }, relevant, weight }: Example,
  weights: Map<number, number>,
  squares: Map<number, number>,
  pull: (id: number, weight: number) => number,
): void {
  const error = (probability({ ids, values }, weights) - Number(relevant)) * weight
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at] as number
    const present = weights.get(id) ?? 0
    const gradient = error * (values[at] as number) + pull(id, present)
    const sum = (squares.get(id) ?? LEAST_SQUARE) + gradient * gradient
    squares.set(id, sum)
    weights.set(id, present - (RATE * gradient) / Math.sqrt(sum))
  }
}

/** 0 to 1. */
export function probability(features: Sparse, weights: Weights): number {
  return 1 / (1 + Math.exp(-logit(features, weights)))
}

export function logit({ ids, values }: Sparse, weights: Weights): number {
  let sum = 0
  for (let at = 0; at < ids.length; at++) sum += (weights.get(ids[at] as number) ?? 0) * (values[at] as number)
  return sum
}
