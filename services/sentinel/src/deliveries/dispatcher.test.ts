import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@tgsentinel/kernel/log'
import { DAY, HOUR, MINUTE, SECOND } from '@tgsentinel/kernel/time'
import { HttpReceiver } from '../../../../test/support/http-receiver'
import { until } from '../../../../test/support/until'
import { MemoryBus } from '../bus/memory'
import type { Delivery, DestinationDraft } from '../model'
import { SENT } from '../notifiers/notifier'
import { noAnswers, outgoing } from '../../../../test/support/notifying'
import { Restraint } from '../restraint/restraint'
import { openStore, type Store } from '../store/store'
import type { Render } from '../templates/protocol'
import { TemplateEngine } from '../templates/template-engine'
import { Deliveries } from './deliveries'
import { DeliveryOffice } from './office'

const any = () => undefined
const engine = new TemplateEngine()
const renderTemplate: Render = async ({ template, variables }) => engine.render(template, variables)

describe('what is enqueued', () => {
  let folder = ''
  let store: Store
  let bus: MemoryBus
  let deliveries: Deliveries
  let office: DeliveryOffice
  let receiver: HttpReceiver
  let toldAdmins: string[] = []
  let nowMs = 1_800_000_000_000
  let enqueued = 0

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-dispatcher-'))
    store = openStore(join(folder, 'sentinel.db'))
    receiver = await HttpReceiver.start()
    toldAdmins = []
    open()
  })

  afterEach(async () => {
    await receiver.stop()
    await office.close()
    store.close()
    rmSync(folder, { recursive: true })
  })

  /** As a start does; what the process before left under way is as it left it. */
  function open(): void {
    bus = new MemoryBus()
    deliveries = new Deliveries(store, bus, () => nowMs)
    office = new DeliveryOffice({
      ...{ store, deliveries, bus, now: () => nowMs, chance: () => 0, log: createLogger('test', 'silent') },
      outgoing: outgoing('127.0.0.0/8'),
      restraint: new Restraint({ store, bus, zone: () => 'UTC', now: () => nowMs }),
      relay: { post: async () => undefined },
      bot: { deliver: async () => SENT, tellAdmins: (text) => void toldAdmins.push(text) },
      renderTemplate,
      answers: noAnswers,
    })
    office.start()
  }

  function hook(name: string, more: Partial<DestinationDraft> = {}): number {
    const target = { kind: 'webhook' as const, url: `${receiver.url}/${name}` }
    return office.destinations.create({ name, target, ...more }).id
  }

  function enqueue(destinationId: number): number {
    const dedupeKey = `digest:${++enqueued}`
    const content = { title: dedupeKey, body: { text: 'news', marks: [] }, data: { number: enqueued } }
    return deliveries.enqueue({ destinationId, kind: 'digest', dedupeKey, content }) as number
  }

  function one(id: number): Delivery {
    return deliveries.list({ limit: 100 }).deliveries.find((delivery) => delivery.id === id) as Delivery
  }

  async function reaches(id: number, state: Delivery['state']): Promise<Delivery> {
    return until(`delivery ${id} to be ${state}`, () => one(id).state === state && one(id))
  }

  /** Until so many attempts were made, and noted. */
  async function attempted(id: number, attempts: number): Promise<Delivery> {
    return until(`attempt ${attempts}`, () => one(id).attempts >= attempts && one(id).state !== 'sending' && one(id))
  }

  function pass(ms: number): void {
    nowMs += ms
    bus.ring('deliveries')
  }

  const idsReceived = () => receiver.received.map(({ headers }) => headers['webhook-id'])

  it('is sent once, and says so', async () => {
    const at = hook('one')
    const id = enqueue(at)
    await reaches(id, 'sent')
    expect(idsReceived()).toEqual([one(id).message_id])
    expect(office.destinations.get(at)).toMatchObject({ state: 'working', waiting: 0, dead: 0, last_failure: null })
  })

  it('is sent again under its id once the receiver is back', async () => {
    const at = hook('one')
    receiver.answer = { status: 500 }
    const id = enqueue(at)
    expect(await attempted(id, 1)).toMatchObject({ state: 'waiting', problem: 'It answered with 500.' })
    expect(office.destinations.get(at)).toMatchObject({ state: 'failing', waiting: 1 })
    receiver.answer = { status: 200 }
    pass(4 * SECOND)
    expect(one(id).attempts).toBe(1)
    pass(SECOND)
    await reaches(id, 'sent')
    expect(new Set(idsReceived())).toEqual(new Set([one(id).message_id]))
    expect(idsReceived()).toHaveLength(2)
  })

  it('waits as long as the receiver asks, also over a restart, and so does what follows', async () => {
    const at = hook('one')
    receiver.answer = { status: 429, headers: { 'Retry-After': '3600' } }
    const id = enqueue(at)
    await attempted(id, 1)
    receiver.answer = { status: 200 }
    const next = enqueue(at)
    await office.close()
    open()
    pass(HOUR - SECOND)
    await new Promise(setImmediate)
    expect([one(id).attempts, one(next).attempts]).toEqual([1, 0])
    expect(office.destinations.get(at).paused_until).not.toBeNull()
    pass(SECOND)
    await reaches(id, 'sent')
    await reaches(next, 'sent')
  })

  it('is given up after ten attempts in some three days, and goes out when it is replayed', async () => {
    const at = hook('one')
    await receiver.stop()
    const id = enqueue(at)
    const begunMs = nowMs
    for (let attempt = 1; attempt <= 10; attempt++) {
      const { due_at: dueAt, state } = await attempted(id, attempt)
      expect(state).toBe(attempt < 10 ? 'waiting' : 'dead')
      if (attempt < 10) pass(Math.max(Date.parse(dueAt) - nowMs, 5 * MINUTE))
    }
    expect((nowMs - begunMs) / DAY).toBeGreaterThan(3)
    expect(one(id)).toMatchObject({ state: 'dead', problem: expect.stringContaining('Nobody listens') })
    expect(office.destinations.get(at)).toMatchObject({ state: 'failing', dead: 1, waiting: 0 })
    await receiver.listen()
    pass(5 * MINUTE)
    expect(deliveries.replayDead(at)).toBe(1)
    await reaches(id, 'sent')
    expect(idsReceived()).toEqual([one(id).message_id])
  })

  it('is held where the destination is gone, which is told at another one, and goes out when it is switched on', async () => {
    const [at, other] = [hook('one'), hook('other')]
    receiver.answer = ({ path }) => ({ status: path === '/one' ? 410 : 200 })
    const id = enqueue(at)
    const notice = await until('the notice', () =>
      deliveries.list({ limit: 10, destinationId: other }).deliveries.find(({ kind }) => kind === 'notice'),
    )
    await reaches(notice.id, 'sent')
    const told = receiver.received.find(({ path }) => path === '/other')
    expect(told?.json).toMatchObject({ type: 'notice', data: { destination_id: at, name: 'one' } })
    expect(one(id)).toMatchObject({ state: 'waiting', attempts: 0 })
    expect(office.destinations.get(at)).toMatchObject({ enabled: false, state: 'gone', waiting: 1 })
    expect(toldAdmins).toEqual([])
    receiver.answer = { status: 200 }
    office.destinations.replace(at, { name: 'one', target: { kind: 'webhook', url: `${receiver.url}/one` } }, any)
    await reaches(id, 'sent')
  })

  it('is held, and the admins of the bot are told, where there is no other destination', async () => {
    receiver.answer = { status: 410 }
    enqueue(hook('one'))
    await until('the admins', () => toldAdmins.length > 0)
    expect(toldAdmins).toEqual([expect.stringContaining('“one” was switched off')])
  })

  it('is sent again under its id where nobody noted that it was sent', async () => {
    const at = hook('one', { enabled: false })
    const id = enqueue(at)
    await office.close()
    store.deliveries.lease(id, nowMs + 2 * MINUTE, nowMs)
    store.destinations.replace(at, { ...store.destinations.find(at)!, isEnabled: true }, nowMs)
    open()
    await reaches(id, 'sent')
    expect(one(id).attempts).toBe(2)
  })

  it('goes out no faster than the destination’s rate', async () => {
    const at = hook('one', { rate_per_minute: 2 })
    const ids = [1, 2, 3, 4, 5].map(() => enqueue(at))
    await reaches(ids[1] as number, 'sent')
    pass(59 * SECOND)
    await new Promise(setImmediate)
    expect(receiver.received).toHaveLength(2)
    pass(SECOND)
    await reaches(ids[3] as number, 'sent')
    expect(receiver.received).toHaveLength(4)
    pass(MINUTE)
    await reaches(ids[4] as number, 'sent')
  })

  it('does not wait for another destination that is slow', async () => {
    const silent = await HttpReceiver.start()
    silent.answer = 'silence'
    const slow = office.destinations.create({ name: 'slow', target: { kind: 'webhook', url: silent.url } }).id
    const held = enqueue(slow)
    await silent.nth(1)
    for (let n = 0; n < 5; n++) await reaches(enqueue(hook(`quick ${n}`)), 'sent')
    expect(one(held).state).toBe('sending')
    await silent.stop()
  })

  it('is sent no more once it is cancelled, whatever comes of the attempt under way', async () => {
    receiver.answer = 'silence'
    const id = enqueue(hook('one'))
    await receiver.nth(1)
    expect(deliveries.cancel(id).state).toBe('cancelled')
    expect(() => deliveries.cancel(id)).toThrow('nothing to cancel')
    await receiver.stop()
    pass(DAY)
    await new Promise(setImmediate)
    expect(one(id).state).toBe('cancelled')
  })

  it('goes with its destination', async () => {
    const at = hook('one', { enabled: false })
    enqueue(at)
    office.destinations.delete(at, any)
    expect(deliveries.list({ limit: 10 }).deliveries).toEqual([])
  })

  it('is forgotten a week after it was sent', async () => {
    const id = enqueue(hook('one'))
    await reaches(id, 'sent')
    await office.close()
    nowMs += 7 * DAY + SECOND
    open()
    expect(deliveries.list({ limit: 10 }).deliveries).toEqual([])
  })
})

describe('secrets of a destination', () => {
  it('stay where they are left out, and are asked for again where the server becomes another', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tgsentinel-secrets-'))
    const store = openStore(join(folder, 'sentinel.db'))
    const bus = new MemoryBus()
    const log = createLogger('test', 'silent')
    const deliveries = new Deliveries(store, bus, Date.now)
    const { destinations } = new DeliveryOffice({
      ...{ store, deliveries, bus, log, now: Date.now, outgoing: outgoing('') },
      restraint: new Restraint({ store, bus, zone: () => 'UTC', now: Date.now }),
      relay: { post: async () => undefined },
      bot: { deliver: async () => SENT, tellAdmins: any },
      renderTemplate,
      answers: noAnswers,
    })
    const target = { kind: 'gotify' as const, server: 'https://gotify.example' }
    expect(() => destinations.create({ name: 'A', target })).toThrow('secrets.token is missing')
    const { id } = destinations.create({ name: 'A', target, secrets: { token: 'one' } })
    destinations.replace(id, { name: 'B', target: { ...target, priority: 3 } }, any)
    expect(destinations.find(id).secrets).toEqual({ token: 'one' })
    destinations.replace(id, { name: 'B', target, secrets: { token: ' \u200bone\r\n' } }, any)
    expect(destinations.find(id).secrets).toEqual({ token: 'one' })
    for (const token of ['o ne', 'o\nne', 'öne'])
      expect(() => destinations.replace(id, { name: 'B', target, secrets: { token } }, any)).toThrow(
        'no header can carry',
      )
    const elsewhere = { ...target, server: 'https://evil.example' }
    expect(() => destinations.replace(id, { name: 'B', target: elsewhere }, any)).toThrow('secrets.token is missing')
    expect(() =>
      destinations.create({ name: 'C', target, secrets: { token: 'x', url: 'https://x.example/' } }),
    ).toThrow('secrets.url is not known')
    const hook = destinations.create({ name: 'D', target: { kind: 'webhook', url: 'https://hooks.example/1' } })
    expect(hook.signing_secret).toMatch(/^whsec_/)
    expect(JSON.stringify(destinations.list())).not.toMatch(/whsec_|"one"/)
    const rotated = destinations.rotate(hook.id)
    expect(rotated.signing_secret).not.toBe(hook.signing_secret)
    expect(destinations.find(hook.id).secrets.former_secret).toBe(hook.signing_secret)
    store.close()
    rmSync(folder, { recursive: true })
  })
})
