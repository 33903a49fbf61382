import { PollSchedule, type Interest } from './poll-schedule'

const idle = () => false
const SECOND = 1000

/** Runs a schedule for a while: each poll takes no time and finds what `postedAt` says. Gives the greatest staleness of each box. */
function run(schedule: PollSchedule, seconds: number, perSecond: number, foundIn: (box: number) => number = () => 0) {
  const confirmed = new Map<number, number>()
  const worst = new Map<number, number>()
  const polls = new Map<number, number>()
  for (let now = 0; now < seconds * SECOND; now += SECOND / perSecond) {
    const next = schedule.next(now, idle)
    if (!next) continue
    const before = confirmed.get(next.box)
    if (before !== undefined) worst.set(next.box, Math.max(worst.get(next.box) ?? 0, now - before))
    confirmed.set(next.box, now)
    polls.set(next.box, (polls.get(next.box) ?? 0) + 1)
    schedule.polled(next.box, now, foundIn(next.box), 30)
  }
  return { worst, polls }
}

describe('the schedule of polls', () => {
  it('asks a thousand silent channels in turn, each within its bound', () => {
    const schedule = new PollSchedule(1)
    for (let box = 1; box <= 1000; box++) schedule.add(box)
    const { worst, polls } = run(schedule, 4000, 1)
    expect(polls.size).toBe(1000)
    expect(Math.max(...worst.values())).toBeLessThanOrEqual(schedule.worstBoundMs)
    expect(schedule.worstBoundMs).toBeLessThan(1600 * SECOND)
  })

  it('asks more often where polls find what was not pushed', () => {
    const schedule = new PollSchedule(1)
    for (let box = 1; box <= 20; box++) schedule.add(box)
    const { polls } = run(schedule, 3600, 10, (box) => (box === 7 ? 5 : 0))
    expect(polls.get(7)).toBeGreaterThan(3 * (polls.get(8) ?? 0))
    expect(schedule.boundMs(7)).toBeLessThan(schedule.boundMs(8))
  })

  it('asks more often where a profile listens, and not at all where nobody watches', () => {
    const interest: Record<number, Interest> = { 1: 'normal', 2: 'listened', 3: 'none' }
    const schedule = new PollSchedule(1, (box) => interest[box] ?? 'normal')
    for (const box of [1, 2, 3]) schedule.add(box)
    const { polls } = run(schedule, 3600, 10)
    expect(polls.get(2)).toBeGreaterThan(3 * (polls.get(1) ?? 0))
    expect(polls.has(3)).toBe(false)
  })

  it('keeps to the pause that Telegram wishes, and asks at once where something is missing', () => {
    const schedule = new PollSchedule(100)
    schedule.add(1)
    expect(schedule.next(0, idle)).toEqual({ box: 1, isUrgent: false })
    schedule.polled(1, 0, 1000, 60 * SECOND)
    expect(schedule.next(59 * SECOND, idle)).toBeNull()
    expect(schedule.next(61 * SECOND, idle)).not.toBeNull()
    schedule.urge(1)
    expect(schedule.next(1, idle)).toEqual({ box: 1, isUrgent: true })
    expect(schedule.next(1, () => true)).toBeNull()
  })

  it('asks later where a push proved that nothing is missing, and everywhere after a loss', () => {
    const schedule = new PollSchedule(100)
    schedule.add(1)
    schedule.polled(1, 0, 0, null)
    schedule.confirm(1, 25 * SECOND)
    expect(schedule.next(50 * SECOND, idle)).toBeNull()
    expect(schedule.next(56 * SECOND, idle)).not.toBeNull()
    expect(schedule.isDoubtful).toBe(false)
    schedule.doubtAll()
    expect([schedule.isDoubtful, schedule.next(300 * SECOND, idle)]).toEqual([true, { box: 1, isUrgent: false }])
  })

  it('asks after a loss what is unconfirmed longest first, and what a profile listens to before what was confirmed as long ago', () => {
    const schedule = new PollSchedule(100, (box) => (box === 4 ? 'listened' : 'normal'))
    for (const box of [1, 2, 3, 4]) schedule.add(box)
    for (const [box, at] of [
      [1, 900],
      [2, 500],
      [3, 700],
      [4, 900],
    ] as const)
      schedule.polled(box, at * SECOND, 0, null)
    schedule.doubtAll()
    const asked = []
    for (let now = 1000 * SECOND; asked.length < 4; now += SECOND) {
      const { box = 0 } = schedule.next(now, idle) ?? {}
      asked.push(box)
      schedule.polled(box, now, 0, null)
    }
    expect(asked).toEqual([2, 4, 3, 1])
  })

  it('comes back to what could not be asked after the wait', () => {
    const schedule = new PollSchedule(100)
    schedule.add(1)
    schedule.postpone(1, 1000, 5000)
    expect(schedule.next(5000, idle)).toBeNull()
    expect(schedule.next(6001, idle)).not.toBeNull()
  })

  it('asks of urgent ones the one that was asked longest ago, however often others are urged', () => {
    const schedule = new PollSchedule(100)
    const boxes = [1, 2, 3]
    for (const box of boxes) schedule.add(box)
    const asked: (number | undefined)[] = []
    for (let now = 0; now < 6000; now += 1000) {
      for (const box of boxes) schedule.urge(box)
      const next = schedule.next(now, idle)
      asked.push(next?.box)
      if (next) schedule.begin(next.box, now)
      if (next) schedule.postpone(next.box, now, 0)
    }
    expect(asked).toEqual([1, 2, 3, 1, 2, 3])
  })

  it('leaves urgent ones out where they are to wait', () => {
    const schedule = new PollSchedule(100)
    for (const box of [1, 2]) schedule.add(box)
    schedule.urge(1)
    expect(schedule.next(0, idle)).toEqual({ box: 1, isUrgent: true })
    expect(schedule.next(0, idle, { urgentToo: false })).toEqual({ box: 2, isUrgent: false })
  })

  it('asks again, after a moment, where something was found missing while it was asked', () => {
    const schedule = new PollSchedule(100)
    schedule.add(1)
    schedule.urge(1)
    schedule.begin(1, 0)
    schedule.urge(1)
    schedule.polled(1, 100, 0, null)
    expect(schedule.next(200, idle)).toBeNull()
    expect(schedule.next(1100, idle)).toEqual({ box: 1, isUrgent: true })
    schedule.begin(1, 1100)
    schedule.polled(1, 1200, 0, null)
    expect(schedule.next(2300, idle)).toBeNull()
  })

  it('asks where somebody watches since, once it is told to look', () => {
    let interest: Interest = 'none'
    const schedule = new PollSchedule(100, () => interest)
    schedule.add(1)
    expect([schedule.next(0, idle), schedule.isDoubtful]).toEqual([null, false])
    interest = 'normal'
    schedule.reweigh()
    expect([schedule.next(0, idle)?.box, schedule.isDoubtful]).toEqual([1, true])
  })

  it('asks nobody for interest while channels are added, and for each once after', () => {
    let questions = 0
    const schedule = new PollSchedule(1, () => {
      questions += 1
      return 'normal'
    })
    for (let box = 1; box <= 5000; box++) schedule.add(box)
    expect(questions).toBe(0)
    schedule.next(0, idle)
    schedule.next(1, idle)
    expect([questions, schedule.worstBoundMs > 5000 * SECOND]).toEqual([5000, true])
  })
})
