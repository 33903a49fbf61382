import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryBus } from '../bus/memory'
import type { DestinationHears } from '../model'
import type { DeliveryContent } from '../store/deliveries'
import { openStore, type Store } from '../store/store'
import { Deliveries } from './deliveries'

const NOW = 1_800_000_000_000
const CONTENT: DeliveryContent = { title: 'News', body: { text: 'Two alerts', marks: [] }, data: { alerts: 2 } }

describe('the outbox', () => {
  let folder = ''
  let store: Store
  let deliveries: Deliveries
  let rings = 0

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tgsentinel-deliveries-'))
    store = openStore(join(folder, 'sentinel.db'))
    const bus = new MemoryBus()
    rings = 0
    bus.onRing('deliveries', () => (rings += 1))
    deliveries = new Deliveries(store, bus, () => NOW)
  })

  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true })
  })

  function add(name: string, hears: DestinationHears = {}, isEnabled = true): number {
    const target = { kind: 'saved_messages' as const }
    return store.destinations.add(
      { name, isEnabled, target, secrets: {}, hears, templateId: null, ratePerMinute: 20 },
      NOW,
    )
  }

  it('takes the same thing once, and rings when it is committed', async () => {
    const destinationId = add('Me')
    const enqueue = () =>
      deliveries.enqueue({ destinationId, kind: 'digest', dedupeKey: 'digest:1:1', content: CONTENT })
    const id = store.transaction(enqueue)
    expect(store.transaction(enqueue)).toBeUndefined()
    expect(store.deliveries.list({ limit: 10 })).toEqual([
      expect.objectContaining({ id, kind: 'digest', state: 'waiting', attempts: 0, content: CONTENT }),
    ])
    expect(rings).toBe(0)
    await new Promise(setImmediate)
    expect(rings).toBe(1)
  })

  it('is empty where the transaction of its cause is undone', () => {
    const destinationId = add('Me')
    expect(() =>
      store.transaction(() => {
        deliveries.enqueue({ destinationId, kind: 'digest', dedupeKey: 'digest:1:1', content: CONTENT })
        throw new Error('undone')
      }),
    ).toThrow('undone')
    expect(store.deliveries.list({ limit: 10 })).toEqual([])
  })

  it('tells of an alert whoever hears it', () => {
    const [all, profile, score] = [add('All'), add('Profile', { profiles: [7] }), add('Score', { min_score: 3 })]
    add('Other profile', { profiles: [8] })
    add('Higher score', { min_score: 3.5 })
    add('No alerts', { alerts: false })
    add('Off', {}, false)
    store.transaction(() => deliveries.tellOf({ id: 5, profile_id: 7, score: 3 }))
    store.transaction(() => deliveries.tellOf({ id: 5, profile_id: 7, score: 3 }))
    const told = store.deliveries.list({ limit: 10 }).map(({ destinationId, alertId }) => [destinationId, alertId])
    expect(told).toEqual([
      [score, 5],
      [profile, 5],
      [all, 5],
    ])
  })
})
