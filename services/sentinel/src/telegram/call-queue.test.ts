import { CallQueue } from './call-queue'
import { TelegramError } from './telegram-error'

/** A call that ends when the test says so. */
function held() {
  let release: (value: string) => void = () => undefined
  let fail: (error: unknown) => void = () => undefined
  const promise = new Promise<string>((resolve, reject) => {
    release = resolve
    fail = reject
  })
  return { promise, release, fail }
}

async function typeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'no error',
    (error: TelegramError) => error.type,
  )
}

describe('the queue of calls', () => {
  it('runs one call at a time, first come first served', async () => {
    const queue = new CallQueue()
    const order: string[] = []
    let running = 0
    let most = 0
    const call = (name: string) =>
      queue.run({ method: name }, async () => {
        most = Math.max(most, ++running)
        await new Promise(setImmediate)
        order.push(name)
        running--
      })
    await Promise.all(['a', 'b', 'c', 'd'].map(call))
    expect(order).toEqual(['a', 'b', 'c', 'd'])
    expect(most).toBe(1)
  })

  it('lets interactive calls pass background ones', async () => {
    const queue = new CallQueue()
    const order: string[] = []
    const first = held()
    const note = (name: string) => async () => void order.push(name)
    const all = [
      queue.run({ method: 'first' }, () => first.promise),
      queue.run({ method: 'b1', priority: 'background' }, note('background')),
      queue.run({ method: 'i1' }, note('interactive')),
    ]
    first.release('')
    await Promise.all(all)
    expect(order).toEqual(['interactive', 'background'])
  })

  it('refuses at once when it is full', async () => {
    const queue = new CallQueue({ capacity: 1 })
    const first = held()
    const running = queue.run({ method: 'a' }, () => first.promise)
    const waiting = queue.run({ method: 'b' }, async () => 'b')
    expect(await typeOf(queue.run({ method: 'c' }, async () => 'c'))).toBe('QUEUE_FULL')
    first.release('a')
    expect(await Promise.all([running, waiting])).toEqual(['a', 'b'])
  })

  it('frees the place of a caller that goes away, before its turn and during it', async () => {
    const queue = new CallQueue()
    const gone = new AbortController()
    const first = held()
    let aborted = false
    const running = queue.run({ method: 'a', signal: gone.signal }, (signal) => {
      signal.addEventListener('abort', () => {
        aborted = true
        first.fail(new TelegramError('ABORTED', 0))
      })
      return first.promise
    })
    const waiting = queue.run({ method: 'b', signal: gone.signal }, async () => 'never')
    const types = Promise.all([typeOf(running), typeOf(waiting)])
    gone.abort()
    expect(await types).toEqual(['ABORTED', 'ABORTED'])
    expect(aborted).toBe(true)
    expect(await queue.run({ method: 'c' }, async () => 'next')).toBe('next')
  })

  it('ends a call at its deadline, and the next one runs', async () => {
    const queue = new CallQueue()
    const stuck = queue.run(
      { method: 'a', timeoutMs: 5 },
      (signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    expect(await typeOf(stuck)).toBe('TIMEOUT')
    expect(await queue.run({ method: 'b' }, async () => 'b')).toBe('b')
  })

  it('sends nothing of a flooded method until the wait is over, and lets others pass', async () => {
    let nowMs = 1_000_000
    const queue = new CallQueue({ capacity: 10, now: () => nowMs })
    const flooded = queue.run({ method: 'flooded', timeoutMs: 60_000 }, () =>
      Promise.reject(new TelegramError('FLOOD_WAIT', 420, 31)),
    )
    expect(await typeOf(flooded)).toBe('FLOOD_WAIT')
    expect(queue.floodWait?.method).toBe('flooded')
    expect((queue.floodWait?.untilMs ?? 0) - Date.now()).toBeGreaterThan(30_000)
    const started: string[] = []
    const again = queue.run({ method: 'flooded', timeoutMs: 60_000 }, async () => started.push('flooded'))
    await queue.run({ method: 'other' }, async () => started.push('other'))
    expect(started).toEqual(['other'])
    nowMs += 31_000
    await queue.run({ method: 'another' }, async () => started.push('another'))
    await again
    expect(started).toEqual(['other', 'flooded', 'another'])
    expect(queue.floodWait).toBeNull()
    queue.close()
  })

  it('goes on where a flood ends between two looks at the clock', async () => {
    jest.useFakeTimers()
    let nowMs = 0
    let lookMs = 0
    const queue = new CallQueue({ now: () => (nowMs += lookMs) })
    const flood = new TelegramError('FLOOD_WAIT', 420, 1)
    expect(await typeOf(queue.run({ method: 'flooded' }, () => Promise.reject(flood)))).toBe('FLOOD_WAIT')
    const again = queue.run({ method: 'flooded' }, async () => 'answered')
    nowMs = 999.9
    lookMs = 0.06
    await jest.advanceTimersByTimeAsync(1100)
    expect(await again).toBe('answered')
    jest.useRealTimers()
  })

  it('refuses the waiting calls whose time is shorter than the flood', async () => {
    const queue = new CallQueue()
    const first = held()
    const running = typeOf(queue.run({ method: 'm' }, () => first.promise))
    const waiting = typeOf(queue.run({ method: 'm', timeoutMs: 10_000 }, async () => 'never'))
    first.fail(new TelegramError('FLOOD_WAIT', 420, 3600))
    expect(await Promise.all([running, waiting])).toEqual(['FLOOD_WAIT', 'FLOOD_WAIT'])
    queue.close()
  })

  it('refuses at once a call that comes during a flood it cannot wait for, with what is left of the wait', async () => {
    let nowMs = 1_000_000
    const queue = new CallQueue({ now: () => nowMs })
    await typeOf(queue.run({ method: 'm' }, () => Promise.reject(new TelegramError('FLOOD_WAIT', 420, 3600))))
    nowMs += 600_000
    await expect(queue.run({ method: 'm' }, async () => 'never')).rejects.toMatchObject({
      type: 'FLOOD_WAIT',
      argument: 3000,
    })
    expect(await queue.run({ method: 'm', scope: 'another session' }, async () => 'runs')).toBe('runs')
    queue.close()
  })

  it('tells how long each call waited and ran, and how it ended', async () => {
    let nowMs = 0
    const reports: unknown[] = []
    const queue = new CallQueue({ now: () => nowMs, onReport: (report) => reports.push(report) })
    const first = held()
    const running = queue.run({ method: 'a' }, () => first.promise)
    const waiting = typeOf(
      queue.run({ method: 'b', priority: 'background' }, () => Promise.reject(new TelegramError('X', 400))),
    )
    nowMs = 5
    expect(queue.state).toMatchObject({ waiting: 1, interactive: 0, background: 1, running: 'a', oldestWaitMs: 5 })
    first.release('a')
    await Promise.all([running, waiting])
    expect(reports).toEqual([
      { method: 'a', priority: 'interactive', outcome: 'ok', waitedMs: 0, ranMs: 5 },
      { method: 'b', priority: 'background', outcome: 'X', waitedMs: 5, ranMs: 0 },
    ])
  })

  it('refuses what waits when it closes, and everything after', async () => {
    const queue = new CallQueue()
    const first = held()
    const running = queue.run({ method: 'a' }, () => first.promise)
    const waiting = typeOf(queue.run({ method: 'b' }, async () => 'never'))
    queue.close()
    expect(await waiting).toBe('CLOSED')
    expect(await typeOf(queue.run({ method: 'c' }, async () => 'never'))).toBe('CLOSED')
    first.release('a')
    expect(await running).toBe('a')
  })
})
