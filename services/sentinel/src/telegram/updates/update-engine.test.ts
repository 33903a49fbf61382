import bigInt from 'big-integer'
import { createLogger } from '@tgsentinel/kernel/log'
import type { Cursor, Intake } from '../../intake'
import { TelegramError } from '../telegram-error'
import type { TlObject } from '../tl'
import { PollSchedule } from './poll-schedule'
import type { UpdateCalls } from './update-calls'
import { UpdateEngine } from './update-engine'

const MINUTE = 60_000
const tl = (className: string, fields: Record<string, unknown> = {}): TlObject => ({ className, ...fields })
const post = (pts: number) => ({
  ...tl('UpdateNewChannelMessage', { pts, ptsCount: 1 }),
  message: tl('Message', {
    id: pts,
    peerId: tl('PeerChannel', { channelId: bigInt(42) }),
    date: 1,
    message: `m${pts}`,
  }),
})
const updates = (...list: TlObject[]) => tl('Updates', { updates: list, users: [], chats: [], date: 5, seq: 0 })
const CURSORS: Cursor[] = [
  { box: 0, pts: 10, qts: 0, date: 1, seq: 0 },
  { box: 42, pts: 20, qts: 0, date: 0, seq: 0 },
]

/** An engine over a Telegram that answers what it is told to, and a database that may refuse. */
class Stand {
  readonly asked: string[] = []
  readonly intakes: Intake[] = []
  readonly errors: string[] = []
  readonly answers: Record<string, (() => unknown)[]> = {}
  stalls = 0
  takes = true
  refusesOnce = false
  hasRoom = true

  readonly engine = new UpdateEngine({
    self: { id: 700, usernames: [] },
    cursors: CURSORS,
    closed: [],
    isBegun: true,
    schedule: new PollSchedule(1),
    pollsPerSecond: 1,
    log: createLogger('test', 'silent'),
    deliver: (intake) => {
      const isTaken = this.takes && !this.refusesOnce
      this.refusesOnce = false
      if (isTaken) this.intakes.push(intake)
      return isTaken
    },
    hasRoom: () => this.hasRoom,
    isAddressable: () => true,
    isWatched: () => true,
    onStranger: () => undefined,
    onUnknownChannel: () => undefined,
    knowsUser: () => true,
    onError: (error) => this.errors.push(error.type),
    onStall: () => (this.stalls += 1),
  })

  start(): this {
    const answer = async (name: string, fallback: TlObject): Promise<TlObject> => {
      this.asked.push(name)
      return ((await this.answers[name]?.shift()?.()) as TlObject | undefined) ?? fallback
    }
    const channelEmpty = tl('updates.ChannelDifferenceEmpty', { final: true, pts: 20, timeout: 30 })
    this.engine.start({
      difference: () => answer('difference', tl('updates.DifferenceEmpty', { date: 5, seq: 1 })),
      channelDifference: (box: number) => answer(`channel ${box}`, channelEmpty),
    } as unknown as UpdateCalls)
    return this
  }

  async pass(ms: number): Promise<void> {
    await jest.advanceTimersByTimeAsync(ms)
  }

  get texts(): string[] {
    return this.intakes.flatMap(({ messages }) => messages.map(({ text }) => text))
  }

  count(name: string): number {
    return this.asked.filter((one) => one === name).length
  }
}

describe('the update engine', () => {
  let stand: Stand

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] })
    stand = new Stand()
  })

  afterEach(async () => {
    await stand.engine.close()
    jest.useRealTimers()
  })

  /** Lets promises and immediates run that no timer stands behind. */
  async function settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  }

  it('asks for the account first, then for every channel', async () => {
    stand.start()
    await settle()
    await stand.pass(300)
    await settle()
    expect(stand.asked.slice(0, 2)).toEqual(['difference', 'channel 42'])
  })

  it('waits half a second for what fills a gap, and asks then', async () => {
    stand.start()
    await settle()
    await stand.pass(300)
    await settle()
    const before = stand.count('channel 42')
    stand.engine.accept(updates(post(22)))
    await stand.pass(400)
    stand.engine.accept(updates(post(21)))
    expect(stand.texts).toEqual(['m21', 'm22'])
    await stand.pass(1000)
    expect(stand.count('channel 42')).toBe(before)
    stand.engine.accept(updates(post(24)))
    await stand.pass(600)
    await settle()
    expect(stand.count('channel 42')).toBe(before + 1)
  })

  it('holds what is pushed while a difference is under way, and tells it after', async () => {
    let answer: (value: TlObject) => void = () => undefined
    stand.answers['channel 42'] = [() => new Promise((resolve) => (answer = resolve))]
    stand.start()
    await settle()
    await stand.pass(300)
    await settle()
    stand.engine.accept(updates(post(22), post(23)))
    expect(stand.texts).toEqual([])
    const found = { newMessages: [post(21).message, post(22).message], otherUpdates: [], users: [], chats: [] }
    answer(tl('updates.ChannelDifference', { final: true, pts: 22, timeout: 30, ...found }))
    await settle()
    expect(stand.texts).toEqual(['m21', 'm22', 'm23'])
    expect(stand.intakes.at(-1)?.cursors).toMatchObject([{ box: 42, pts: 23 }])
  })

  it('asks again after a quarter of an hour of silence, for two hours and more', async () => {
    stand.start()
    await settle()
    const before = stand.count('difference')
    for (let minute = 0; minute < 125; minute++) {
      await stand.pass(MINUTE)
      await settle()
    }
    expect(stand.count('difference') - before).toBeGreaterThanOrEqual(7)
    expect(stand.count('difference') - before).toBeLessThanOrEqual(9)
  })

  it('asks for the account until it is answered, however often that fails', async () => {
    jest.useRealTimers()
    const fail = () => Promise.reject(new TelegramError('RPC_CALL_FAIL', 500))
    stand.answers['difference'] = [fail, fail]
    stand.start()
    await asked(3)
    expect(stand.errors).toEqual(['RPC_CALL_FAIL', 'RPC_CALL_FAIL'])
  })

  it('fetches nothing while there is no room', async () => {
    jest.useRealTimers()
    stand.hasRoom = false
    stand.start()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(stand.asked).toEqual([])
    stand.hasRoom = true
    await asked(1)
  })

  /** By the real clock: pauses between tries go by it. */
  async function asked(times: number): Promise<void> {
    while (stand.count('difference') < times) await new Promise((resolve) => setTimeout(resolve, 10))
  }

  it('gives up the connection where what arrives is not taken, and takes nothing after that', async () => {
    stand.start()
    await settle()
    stand.takes = false
    stand.engine.accept(updates(post(21)))
    expect(stand.stalls).toBe(1)
    stand.takes = true
    stand.engine.accept(updates(post(22)))
    expect(stand.texts).toEqual([])
  })

  it('hands on nothing that is beyond what was refused', async () => {
    let answer: (value: TlObject) => void = () => undefined
    stand.answers['channel 42'] = [() => new Promise((resolve) => (answer = resolve))]
    stand.start()
    await settle()
    await stand.pass(300)
    await settle()
    stand.engine.accept(updates(post(23)))
    stand.refusesOnce = true
    const found = { newMessages: [post(21).message, post(22).message], otherUpdates: [], users: [], chats: [] }
    answer(tl('updates.ChannelDifference', { final: true, pts: 22, timeout: 30, ...found }))
    await settle()
    expect([stand.stalls, stand.texts]).toEqual([1, []])
  })

  it('asks with a pause where Telegram says again and again that there is too much', async () => {
    jest.useRealTimers()
    const tooLong = () => Promise.resolve(tl('updates.DifferenceTooLong', { pts: 11 }))
    stand.answers['difference'] = Array.from({ length: 50 }, () => tooLong)
    stand.start()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(stand.count('difference')).toBe(2)
    expect(stand.errors).toEqual(['NO_PROGRESS'])
  })
})
