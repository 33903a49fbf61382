/** A pts that runs so far ahead is no gap: Telegram began to count anew (core.telegram.org/api/updates). */
export const RESET_JUMP = 1_000_000

export type PtsVerdict = 'apply' | 'duplicate' | 'gap'

/**
 * What to do with an update that says `pts` and counts `count` steps, where the box stands at `local`
 * (core.telegram.org/api/updates#message-related-event-sequences). A box that stands nowhere yet takes what comes first.
 */
export function judgePts(local: number | null, pts: number, count: number): PtsVerdict {
  if (local === null || local + count === pts) return 'apply'
  return local + count > pts ? 'duplicate' : 'gap'
}

export type SeqVerdict = 'apply' | 'old' | 'gap'

/** The same for the sequence of envelopes; 0 stands outside of it, and whoever knows no seq takes any. */
export function judgeSeq(local: number, start: number): SeqVerdict {
  if (start === 0 || local === 0 || local + 1 === start) return 'apply'
  return local + 1 > start ? 'old' : 'gap'
}
