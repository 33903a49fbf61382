import { PushLine, type PushOdds } from './push-line'
import { until } from './support/waiting'
import { Random } from './world/random'

const NONE: PushOdds = { lose: 0, repeat: 0, reorder: 0, delayMs: 0 }
const COUNT = 1000
const SENT = Array.from({ length: COUNT }, (_, index) => index)

describe('a bad line', () => {
  function send(odds: Partial<PushOdds>, seed = 1): { line: PushLine; arrived: number[] } {
    const line = new PushLine({ ...NONE, ...odds }, new Random(seed))
    const arrived: number[] = []
    for (const index of SENT) line.pass(() => arrived.push(index))
    return { line, arrived }
  }

  it('loses and doubles as many pushes as it was told to, the same ones for the same seed', () => {
    const { arrived } = send({ lose: 0.2, repeat: 0.1 })
    expect(new Set(arrived).size).toBeGreaterThan(COUNT * 0.7)
    expect(new Set(arrived).size).toBeLessThan(COUNT * 0.9)
    expect(arrived.length - new Set(arrived).size).toBeGreaterThan(COUNT * 0.05)
    expect(arrived).toEqual(arrived.toSorted((a, b) => a - b))
    expect(send({ lose: 0.2, repeat: 0.1 }).arrived).toEqual(arrived)
    expect(send({ lose: 0.2, repeat: 0.1 }, 2).arrived).not.toEqual(arrived)
  })

  it('holds some back behind the next few, but not for ever', async () => {
    const { arrived } = send({ reorder: 0.3 })
    const misplaced = arrived.filter((push, index) => push !== index)
    expect(misplaced.length).toBeGreaterThan(COUNT * 0.3)
    expect(arrived.every((push, index) => Math.abs(push - index) <= 10)).toBe(true)
    await until('the last ones', () => arrived.length === COUNT)
    expect(arrived.toSorted((a, b) => a - b)).toEqual(SENT)
  })

  it('delays without changing the order', async () => {
    const startedAt = performance.now()
    const { arrived } = send({ delayMs: 60 })
    expect(arrived.length).toBeLessThan(COUNT)
    await until('all of them', () => arrived.length === COUNT)
    expect(arrived).toEqual(SENT)
    expect(performance.now() - startedAt).toBeGreaterThan(40)
  })

  it('can be emptied at either end', () => {
    const delivered = send({ reorder: 0.5, delayMs: 1000 })
    delivered.line.flush()
    expect(delivered.arrived.toSorted((a, b) => a - b)).toEqual(SENT)
    const lost = send({ reorder: 0.5, delayMs: 1000 })
    lost.line.drop()
    expect(lost.arrived).toEqual([])
  })
})
