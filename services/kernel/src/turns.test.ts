import { Turns } from './turns'

describe('turns of the event loop', () => {
  it('let everything else go first after a slice, and keep the order', async () => {
    let nowMs = 0
    const turns = new Turns(() => nowMs)
    const done: number[] = []
    const serve = async (number: number) => {
      await turns.take()
      nowMs += 8
      done.push(number)
    }
    // As the requests of a thousand sockets come: each in a callback of its own, all in one turn.
    for (let number = 0; number < 10; number++) setImmediate(() => void serve(number))
    const seen: number[] = []
    while (done.length < 10) {
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(done.length)
    }
    expect(done).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    // Three of eight milliseconds are a slice.
    for (const [at, count] of seen.entries()) expect(count - (seen[at - 1] ?? 0)).toBeLessThanOrEqual(4)
    expect(seen.length).toBeGreaterThanOrEqual(3)
  })

  it('cost a request that is alone nothing', () => {
    const turns = new Turns(() => 0)
    expect([turns.take(), turns.take()]).toEqual([undefined, undefined])
  })
})
