/** A message of a judged set: what it was worth, and whether it was wanted. */
export interface Ranked {
  score: number
  relevant: boolean
}

/**
 * Average precision: mean of the precision at each wanted message, the best first; ties count as if they were shuffled, so that
 * a scorer that says the same of all gets the share of wanted messages. 0 where none is wanted. Pure.
 */
export function averagePrecision(ranked: readonly Ranked[]): number {
  let seen = 0
  let wanted = 0
  let sum = 0
  for (const tie of tiesOf(ranked)) {
    const inTie = tie.filter(({ relevant }) => relevant).length
    // Expected precision at each wanted message of a tie in random order.
    for (let place = 1; place <= tie.length; place++) {
      const before = tie.length > 1 ? ((place - 1) * Math.max(0, inTie - 1)) / (tie.length - 1) : 0
      sum += (inTie / tie.length) * ((wanted + before + 1) / (seen + place))
    }
    seen += tie.length
    wanted += inTie
  }
  return wanted === 0 ? 0 : sum / wanted
}

/** Share of wanted ones among the first `k`. */
export function precisionAt(k: number, ranked: readonly Ranked[]): number {
  const first = [...ranked].sort(byScore).slice(0, k)
  return first.length === 0 ? 0 : first.filter(({ relevant }) => relevant).length / first.length
}

export function byScore(one: Ranked, other: Ranked): number {
  return other.score - one.score
}

function tiesOf(ranked: readonly Ranked[]): Ranked[][] {
  const ties: Ranked[][] = []
  for (const each of [...ranked].sort(byScore)) {
    const last = ties.at(-1)
    if (last?.[0]?.score === each.score) last.push(each)
    else ties.push([each])
  }
  return ties
}
