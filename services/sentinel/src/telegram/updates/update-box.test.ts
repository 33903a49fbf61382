import { UpdateBox } from './update-box'

const step = (pts: number | null, count = 1) => ({ pts, count })
const applied = (updates: { pts: number | null }[]) => updates.map(({ pts }) => pts)

/** A seeded order of numbers, the same each time. */
function shuffled(numbers: number[], seed: number): number[] {
  let state = seed
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  return numbers
    .map((number) => [random(), number] as const)
    .sort(([a], [b]) => a - b)
    .map(([, number]) => number)
}

describe('a box of updates', () => {
  it('applies what follows, once', () => {
    const box = new UpdateBox(10)
    expect(
      applied([...box.offer(step(11)), ...box.offer(step(11)), ...box.offer(step(9)), ...box.offer(step(13, 2))]),
    ).toEqual([11, 13])
    expect([box.pts, box.hasGap]).toEqual([13, false])
  })

  it.each([1, 2, 3, 4, 5])('applies in order what comes in any (%s)', (seed) => {
    const box = new UpdateBox(0)
    const all = Array.from({ length: 50 }, (_, index) => index + 1)
    expect(applied(shuffled(all, seed).flatMap((pts) => box.offer(step(pts))))).toEqual(all)
    expect(box.hasGap).toBe(false)
  })

  it('holds what comes too early until a difference covers the gap', () => {
    const box = new UpdateBox(10)
    expect(box.offer(step(13))).toEqual([])
    expect(box.offer(step(14))).toEqual([])
    expect(box.hasGap).toBe(true)
    expect(applied(box.settle(13))).toEqual([14])
    expect([box.pts, box.hasGap]).toEqual([14, false])
  })

  it('holds everything while a difference is under way, and drops what that covered', () => {
    const box = new UpdateBox(10)
    box.beginFetch()
    for (const pts of [11, 12, 14, 16]) expect(box.offer(step(pts))).toEqual([])
    expect(applied(box.settle(13))).toEqual([14])
    expect(box.hasGap).toBe(true)
  })

  it('lets through at any time what stands outside the sequence', () => {
    const box = new UpdateBox(10)
    box.beginFetch()
    expect(applied(box.offer(step(null)))).toEqual([null])
  })

  it('begins with the first update where nothing is known', () => {
    const box = new UpdateBox()
    expect(applied(box.offer(step(500)))).toEqual([500])
    expect(applied(box.offer(step(501)))).toEqual([501])
  })

  it('waits for nothing that was counted before Telegram began anew', () => {
    const box = new UpdateBox(5_000_000)
    box.offer(step(5_000_010))
    expect(box.settle(7)).toEqual([])
    expect([box.pts, box.hasGap]).toEqual([7, false])
  })

  it('is bounded, and says that something is missing', () => {
    const box = new UpdateBox(1)
    for (let pts = 3; pts < 20_003; pts++) box.offer(step(pts))
    expect(box.hasGap).toBe(true)
    box.beginFetch()
    expect(box.settle(2).length).toBe(1000)
    expect(box.hasGap).toBe(false)
  })

  it('asks once more after a difference during which it could not hold everything', () => {
    const box = new UpdateBox(1)
    box.beginFetch()
    for (let pts = 2; pts < 2002; pts++) box.offer(step(pts))
    expect(box.settle(1).length).toBe(1000)
    expect([box.pts, box.hasGap]).toEqual([1001, true])
    box.beginFetch()
    expect(box.settle(2001)).toEqual([])
    expect(box.hasGap).toBe(false)
  })

  it('gives up what no difference reaches, after three of them', () => {
    const box = new UpdateBox(1)
    box.offer(step(9))
    for (const hasGap of [true, true, false]) {
      expect(box.settle(1)).toEqual([])
      expect(box.hasGap).toBe(hasGap)
    }
  })

  it('leaps over what nobody asks for', () => {
    const box = new UpdateBox(1)
    for (const pts of [9, 5, 6]) box.offer(step(pts))
    expect(applied(box.leap())).toEqual([5, 6, 9])
    expect([box.pts, box.hasGap]).toEqual([9, false])
  })
})
