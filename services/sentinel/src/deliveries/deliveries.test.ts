import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOUR } from '@tgsentinel/kernel/time'
import { findingsOf } from '../alert-profiles'
import { MemoryBus } from '../bus/memory'
import type { AlertProfile, DestinationHears, MessageChange } from '../model'
import type { DeliveryContent } from '../store/deliveries'
import { openStore, type Store } from '../store/store'
import { SAMPLE_ALERT } from '../templates/alert-variables'
import { changeContent } from './change-content'
import { Deliveries } from './deliveries'

const NOW = 1_800_000_000_000
const CONTENT: DeliveryContent = { title: 'News', body: { text: 'Two alerts', marks: [] }, data: { alerts: 2 } }
const FINDING: AlertProfile = {
  ...{ id: 7, name: 'Seven', score: 3, reasons: [], relevance: null },
  ...{ is_exploration: false, label: null, raised_by: 'post' },
}

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
    store.transaction(() => deliveries.tellOf({ id: 5, profiles: [FINDING] }))
    store.transaction(() => deliveries.tellOf({ id: 5, profiles: [FINDING] }))
    const told = store.deliveries.list({ limit: 10 }).map(({ destinationId, alertId }) => [destinationId, alertId])
    expect(told).toEqual([
      [score, 5],
      [profile, 5],
      [all, 5],
    ])
  })

  describe('of edits', () => {
    const LOUD = { ...SAMPLE_ALERT, id: 5, ...findingsOf([FINDING]), created_at: new Date(NOW).toISOString() }
    const edit = (id: number, before: string, after: string): MessageChange => {
      const spans = { removed: [], added: [] }
      return { id, kind: 'edited', at: new Date(NOW).toISOString(), after_s: 300, before, after, ...spans }
    }
    const told = () =>
      store.deliveries.list({ limit: 10 }).map(({ state, dueAtMs, content }) => {
        const { before, after } = content?.data['change'] as MessageChange
        return [state, (dueAtMs - NOW) / 60_000, before, after]
      })
    const tell = (change: MessageChange) => store.transaction(() => deliveries.tellOfChange(LOUD, change))

    it('tells the first at once, and those after it together, ten minutes later', () => {
      add('Me')
      tell(edit(1, 'a', 'b'))
      const [first] = store.deliveries.list({ limit: 1 })
      store.deliveries.lease(first?.id ?? 0, NOW, NOW)
      store.deliveries.end(first?.id ?? 0, 'sent', null, NOW)
      tell(edit(2, 'b', 'c'))
      tell(edit(3, 'c', 'd'))
      expect(told()).toEqual([
        ['waiting', 10, 'b', 'd'],
        ['sent', 0, 'a', 'b'],
      ])
    })

    it('tells none where they come to nothing', () => {
      add('Me')
      tell(edit(1, 'a', 'b'))
      tell(edit(2, 'b', 'a'))
      expect(told()).toEqual([['cancelled', 0, 'a', 'b']])
    })

    it.each([
      ['was tried', 1],
      ['may have arrived, though it counts as no attempt', 0],
    ])('sends nothing else under an id that %s', (_why, attempts) => {
      add('Me')
      tell(edit(1, 'a', 'b'))
      const [first] = store.deliveries.list({ limit: 1 })
      store.deliveries.lease(first?.id ?? 0, NOW, NOW)
      store.deliveries.retry(first?.id ?? 0, NOW, attempts, 'no answer', NOW)
      tell(edit(2, 'b', 'c'))
      expect(told()).toEqual([
        ['waiting', 10, 'b', 'c'],
        ['waiting', 0, 'a', 'b'],
      ])
    })

    it('waits where its alert is held, and is told of none that was cancelled, or came before the destination', () => {
      const [held, cancelled] = [add('Held'), add('Cancelled')]
      store.transaction(() => deliveries.tellOf(LOUD))
      const of = (destinationId: number) => store.deliveries.list({ limit: 10, destinationId })
      store.heldDeliveries.hold(of(held)[0]?.id ?? 0, 'cap', NOW + HOUR, NOW)
      store.deliveries.cancel(of(cancelled)[0]?.id ?? 0, NOW)
      tell(edit(1, 'a', 'b'))
      expect(of(held)).toMatchObject([
        { kind: 'change', held: 'cap', dueAtMs: NOW + HOUR },
        { kind: 'alert', held: 'cap' },
      ])
      expect(of(cancelled)).toMatchObject([{ kind: 'alert', state: 'cancelled' }])
      const late = { ...LOUD, id: 6, created_at: new Date(NOW - 1).toISOString() }
      store.transaction(() => deliveries.tellOfChange(late, edit(2, 'b', 'c')))
      expect(store.deliveries.list({ limit: 10 })).toHaveLength(3)
    })

    it('is not markup, and shows of a long text what became another', () => {
      const long = `${'<b>loud</b> & '.repeat(200)}end`
      const before = `${long} of it`
      const change = { ...edit(1, before, `${long} of all`), removed: [{ offset: before.length - 2, length: 2 }] }
      const { body, title } = changeContent({ ...LOUD, text: before }, change)
      const was = body.text.split('\n')[1] ?? ''
      expect(was.startsWith('Was: …')).toBe(true)
      expect(was.endsWith('end of it')).toBe(true)
      expect(body.marks.map(({ kind, offset, length }) => [kind, body.text.slice(offset, offset + length)])).toEqual([
        ['bold', 'Changed 5 min after posting'],
        ['italic', 'it'],
        ['italic', 'Seven'],
      ])
      expect(title).toBe('Seven: changed after posting, Mara Lind in News & more')
    })
  })
})
