import { createLogger } from '@tgsentinel/kernel/log'
import type { Bus } from '../src/bus/bus'
import { MemoryBus } from '../src/bus/memory'
import { RedisBus } from '../src/bus/redis'
import { RedisProcess } from '../../../test/support/redis-process'
import { until } from '../../../test/support/until'

const log = createLogger('test', 'silent')
const STATUS = { authorized: true, connected: true, status: 'signed_in', user_id: 7, session_generation: 3 }
let redis: RedisProcess | undefined

const BUSES: [string, () => Promise<Bus>][] = [
  ['MemoryBus', async () => new MemoryBus()],
  ['RedisBus', openRedisBus],
  ['RedisBus without a Redis', async () => new RedisBus({ host: '127.0.0.1', port: 1, password: undefined }, log)],
]

async function openRedisBus(): Promise<Bus> {
  redis ??= await RedisProcess.start()
  const bus = new RedisBus({ host: '127.0.0.1', port: redis.port, password: undefined }, log)
  await until('redis', () => bus.state === 'up')
  return bus
}

afterAll(() => redis?.close())

describe.each(BUSES)('%s', (_name, open) => {
  let bus: Bus
  let rings: string[]

  beforeEach(async () => {
    bus = await open()
    rings = []
  })

  afterEach(() => bus.close())

  it('rings every listener of a bell, and no other', () => {
    bus.onRing('messages', () => rings.push('messages 1'))
    bus.onRing('messages', () => rings.push('messages 2'))
    bus.onRing('events', () => rings.push('events'))
    bus.ring('messages')
    expect(rings).toEqual(['messages 1', 'messages 2'])
    bus.ring('events')
    expect(rings.at(-1)).toBe('events')
  })

  it('rings a listener as often as the bell, until it is taken off', () => {
    const off = bus.onRing('events', () => rings.push('events'))
    bus.ring('events')
    bus.ring('events')
    off()
    off()
    bus.ring('events')
    expect(rings).toEqual(['events', 'events'])
  })

  it('rings into the void without harm', () => {
    expect(() => bus.ring('messages')).not.toThrow()
  })

  it('publishes without waiting or throwing, whether anybody hears it or not', () => {
    expect(() => {
      bus.publishWorkerStatus(STATUS)
      bus.publishSessionEvent({ event: 'session_imported', generation: 3 })
      bus.publishAlert(1)
    }).not.toThrow()
  })

  it('is closed twice, and then rings no more', async () => {
    bus.onRing('events', () => rings.push('events'))
    await bus.close()
    await bus.close()
    bus.ring('events')
    bus.publishWorkerStatus(STATUS)
    expect(rings).toEqual([])
  })
})

describe('the state of a bus', () => {
  it('is off in this process, down without a Redis', async () => {
    expect(new MemoryBus().state).toBe('off')
    const down = new RedisBus({ host: '127.0.0.1', port: 1, password: undefined }, log)
    expect(down.state).toBe('down')
    await down.close()
  })
})

describe('RedisBus', () => {
  it("keeps the worker's status for a minute and publishes the rest", async () => {
    const bus = await openRedisBus()
    const client = (redis as RedisProcess).client()
    const heard: string[] = []
    const subscriber = (redis as RedisProcess).client()
    subscriber.on('message', (channel, text) => heard.push(`${channel} ${text}`))
    await subscriber.subscribe('tgsentinel:session_updated', 'tgsentinel:alerts')
    bus.publishWorkerStatus(STATUS)
    bus.publishSessionEvent({ event: 'session_authorized', generation: 3, user_id: 7 })
    bus.publishAlert(11)
    await until('what was published', () => heard.length === 2)
    expect(JSON.parse((await client.get('tgsentinel:worker_status')) ?? '')).toMatchObject(STATUS)
    expect(await client.ttl('tgsentinel:worker_status')).toBeGreaterThan(50)
    expect(heard[1]).toBe('tgsentinel:alerts {"type":"alert","id":11}')
    expect(heard[0]).toMatch(
      /^tgsentinel:session_updated \{"event":"session_authorized","generation":3,"user_id":7,"timestamp":"[^"]+"\}$/,
    )
    await bus.close()
  })
})
