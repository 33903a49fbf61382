import { SLICE_MS } from '@tgsentinel/kernel/turns'

/** From the start of a slice: whether it has had its time. */
export function sliceOfTime(): () => boolean {
  const endsAtMs = performance.now() + SLICE_MS
  return () => performance.now() >= endsAtMs
}

/** As many as there is time for, at least one; how many. */
export function takeInTime<T>(all: readonly T[], take: (each: T) => void): number {
  const isOver = sliceOfTime()
  let taken = 0
  for (const each of all) {
    take(each)
    taken++
    if (isOver()) break
  }
  return taken
}
