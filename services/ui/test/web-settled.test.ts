import { AtMostEvery } from '../web/src/coverage/at-most-every'

describe('at most every second', () => {
  let acts = 0
  let pace: AtMostEvery

  beforeEach(() => {
    jest.useFakeTimers()
    acts = 0
    pace = new AtMostEvery(1000, () => (acts += 1))
  })

  afterEach(() => {
    pace.close()
    jest.useRealTimers()
  })

  test('the first of a thousand events acts at once, the others once together', () => {
    for (let event = 0; event < 1000; event++) pace.ask()
    expect(acts).toBe(1)
    jest.advanceTimersByTime(1000)
    expect(acts).toBe(2)
    jest.advanceTimersByTime(10_000)
    expect(acts).toBe(2)
  })

  test('events without end act once a second', () => {
    for (let ms = 0; ms < 10_000; ms += 10) {
      pace.ask()
      jest.advanceTimersByTime(10)
    }
    expect(acts).toBeGreaterThanOrEqual(10)
    expect(acts).toBeLessThanOrEqual(11)
  })

  test('nothing acts after the end', () => {
    pace.ask()
    pace.ask()
    pace.close()
    jest.advanceTimersByTime(5000)
    expect(acts).toBe(1)
  })
})
