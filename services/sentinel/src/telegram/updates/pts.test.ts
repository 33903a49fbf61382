import { judgePts, judgeSeq } from './pts'

describe('an update’s pts', () => {
  it.each([
    [10, 11, 1, 'apply'],
    [10, 14, 4, 'apply'],
    [10, 10, 0, 'apply'],
    [10, 10, 1, 'duplicate'],
    [10, 3, 1, 'duplicate'],
    [10, 12, 3, 'duplicate'],
    [10, 12, 1, 'gap'],
    [10, 12, 0, 'gap'],
    [null, 500, 1, 'apply'],
  ] as const)('where the box stands at %s, %s by %s is: %s', (local, pts, count, verdict) => {
    expect(judgePts(local, pts, count)).toBe(verdict)
  })

  it.each([
    [7, 8, 'apply'],
    [7, 0, 'apply'],
    [0, 99, 'apply'],
    [7, 7, 'old'],
    [7, 9, 'gap'],
  ] as const)('where envelopes stand at %s, %s is: %s', (local, start, verdict) => {
    expect(judgeSeq(local, start)).toBe(verdict)
  })
})
