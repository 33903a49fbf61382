import { Boxes } from './boxes'
import { GapWatch } from './gap-watch'
import type { Update } from './update'

const STATE = { box: 0, pts: 10, qts: 3, date: 1, seq: 0 }
const blank = { message: null, changes: [], demand: null, qts: 0 }
const step = (box: number, pts: number): Update => ({ ...blank, box, pts, count: 1 })
const secret = (qts: number): Update => ({ ...blank, box: 0, pts: null, count: 0, qts })

describe('gap watch', () => {
  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  it.each<[string, Update[], Update[], number[]]>([
    ['nothing where all is in order', [step(0, 11)], [], []],
    ['a box that stays behind', [step(42, 22)], [], [42]],
    ['nothing of one that what was late completes', [step(42, 22)], [step(42, 21)], []],
    ['both that stay behind', [step(0, 13), step(42, 25)], [], [0, 42]],
    ['a count of secret chats that stays behind', [secret(5)], [], [0]],
    ['nothing of one that follows', [secret(5)], [secret(4), secret(5)], []],
  ])('tells of %s', async (_name, first, late, told) => {
    const boxes = new Boxes([STATE, { ...STATE, box: 42, pts: 20 }])
    const gaps: number[] = []
    const watch = new GapWatch(boxes, (box) => gaps.push(box))
    const push = (updates: Update[]) => {
      boxes.take(updates, [], [])
      watch.notice()
    }
    push(first)
    await jest.advanceTimersByTimeAsync(400)
    push(late)
    expect(gaps).toEqual([])
    await jest.advanceTimersByTimeAsync(2000)
    expect(gaps).toEqual(told)
    watch.close()
  })

  it('tells nothing once it is closed', async () => {
    const boxes = new Boxes([STATE])
    const gaps: number[] = []
    const watch = new GapWatch(boxes, (box) => gaps.push(box))
    boxes.take([step(0, 15)], [], [])
    watch.notice()
    watch.close()
    await jest.advanceTimersByTimeAsync(2000)
    expect(gaps).toEqual([])
  })
})
