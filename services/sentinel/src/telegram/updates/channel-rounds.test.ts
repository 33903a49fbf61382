import { createLogger } from '@tgsentinel/kernel/log'
import type { ConfirmedBy } from '../../intake'
import { ChannelRounds } from './channel-rounds'
import { PollSchedule, type Interest } from './poll-schedule'
import type { UpdateCalls } from './update-calls'

const CALLS = {} as UpdateCalls
const ANSWER_MS = 100

/** Rounds over channels that answer after a while; `during` may urge them meanwhile. */
class Stand {
  readonly asked: { box: number; by: ConfirmedBy }[] = []
  readonly interest = new Map<number, Interest>()
  readonly schedule = new PollSchedule(20, (box) => this.interest.get(box) ?? 'normal')
  during: (box: number) => void = () => undefined
  readonly rounds = new ChannelRounds({
    schedule: this.schedule,
    sync: {
      run: async (_calls, box, by) => {
        this.asked.push({ box, by })
        await new Promise((resolve) => setTimeout(resolve, ANSWER_MS))
        this.during(box)
        return { found: 0, timeoutMs: null }
      },
    },
    pollsPerSecond: 20,
    log: createLogger('test', 'silent'),
    onUnknown: () => undefined,
    onClosed: () => undefined,
    onError: () => undefined,
  })

  times(box: number): number {
    return this.asked.filter((one) => one.box === box).length
  }
}

describe('rounds of channels', () => {
  let stand: Stand

  beforeEach(() => {
    jest.useFakeTimers()
    stand = new Stand()
  })

  afterEach(async () => {
    const closed = stand.rounds.close()
    await jest.advanceTimersByTimeAsync(ANSWER_MS)
    await closed
    jest.useRealTimers()
  })

  it('leaves a worker to those whose turn it is, however many are urgent', async () => {
    for (let box = 1; box <= 100; box++) stand.schedule.add(box)
    for (let box = 101; box <= 200; box++) stand.rounds.urge(box)
    stand.rounds.start(CALLS)
    await jest.advanceTimersByTimeAsync(1000)
    const polled = stand.asked.filter(({ by }) => by === 'poll')
    expect(polled.length).toBeGreaterThanOrEqual(8)
    expect(stand.asked.length - polled.length).toBeGreaterThanOrEqual(18)
  })

  it('gives all workers to urgent ones where nobody else is due', async () => {
    for (let box = 1; box <= 3; box++) stand.rounds.urge(box)
    stand.rounds.start(CALLS)
    expect(stand.asked.map(({ box }) => box)).toEqual([1, 2, 3])
  })

  it('asks again where something was found missing while it was asked, and not without end', async () => {
    stand.during = (box) => stand.times(box) === 1 && stand.rounds.urge(box)
    stand.rounds.urge(1)
    stand.rounds.start(CALLS)
    await jest.advanceTimersByTimeAsync(5000)
    expect(stand.asked).toEqual([
      { box: 1, by: 'catch_up' },
      { box: 1, by: 'catch_up' },
    ])
  })

  it('asks one that is watched since, although no other is asked', async () => {
    stand.interest.set(1, 'none')
    stand.schedule.add(1)
    stand.rounds.start(CALLS)
    await jest.advanceTimersByTimeAsync(3000)
    expect(stand.asked).toEqual([])
    stand.interest.set(1, 'normal')
    await jest.advanceTimersByTimeAsync(1500)
    expect(stand.times(1)).toBe(1)
  })
})
