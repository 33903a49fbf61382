import { DAY, HOUR, MINUTE } from '@tgsentinel/kernel/time'
import { AttentionStage } from '../../../../test/support/attention-stage'
import type { RestraintDraft } from '../model'
import { quietUntil } from '../schedules/quiet-spans'
import { WEEKDAYS } from '../schedules/schedules'
import type { Store } from '../store/store'
import { Restraint } from './restraint'

const NOON = Date.parse('2026-11-21T12:00:00Z')
const NONE: RestraintDraft = {
  ...{ quiet_hours: [], urgent: { min_score: null, categories: [] }, caps: [], snoozes: [] },
  paused: { all: false, destinations: [] },
}
const NIGHT = { days: [...WEEKDAYS], from: '22:00', to: '07:00' }

describe('restraint', () => {
  let stage: AttentionStage
  let store: Store
  let restraint: Restraint
  let me = 0

  beforeEach(() => {
    stage = new AttentionStage(NOON)
    store = stage.store
    restraint = new Restraint({ store, bus: stage.bus, zone: () => 'Europe/Berlin', now: stage.now })
    stage.profiles.create({
      name: 'Alpha',
      keywords: { general: { words: ['alpha'] }, urgency: { words: ['fire'], weight: 4 } },
    })
    const target = { kind: 'saved_messages' as const }
    const rules = { name: 'Me', isEnabled: true, target, secrets: {}, hears: {}, templateId: null, ratePerMinute: 20 }
    me = store.destinations.add(rules, stage.nowMs)
  })

  afterEach(() => stage.close())

  /** What is told now, as a lane would. */
  function tell(): string[] {
    const told: string[] = []
    for (let next = store.deliveries.next(me); next && next.dueAtMs <= stage.nowMs; next = store.deliveries.next(me)) {
      if (restraint.restrain(next)) continue
      store.deliveries.lease(next.id, stage.nowMs + MINUTE, stage.nowMs)
      store.deliveries.end(next.id, 'sent', null, stage.nowMs)
      told.push(next.content?.title ?? store.alerts.find(next.alertId ?? 0)?.text ?? '')
    }
    return told
  }

  const set = (part: Partial<RestraintDraft>) => restraint.set({ ...NONE, ...part }, () => undefined)
  const held = () => store.deliveries.list({ limit: 100 }).filter((one) => one.held !== null)

  it('tells at once where nothing is said', async () => {
    await stage.post('alpha 1')
    expect(tell()).toEqual(['alpha 1'])
    expect(restraint.view).toMatchObject({ revision: 1, held: 0, message: 'You are told at once.' })
  })

  it('holds alerts in quiet hours, and tells them when these are over', async () => {
    set({ quiet_hours: [NIGHT] })
    stage.nowMs = Date.parse('2026-11-21T22:30:00Z')
    await stage.post('alpha 1', 'alpha 2')
    expect(tell()).toEqual([])
    expect(held()).toMatchObject([{ held: 'quiet_hours', dueAtMs: Date.parse('2026-11-22T06:00:00Z') }, {}])
    stage.nowMs = Date.parse('2026-11-22T05:59:59Z')
    expect(tell()).toEqual([])
    stage.nowMs = Date.parse('2026-11-22T06:00:00Z')
    expect(tell()).toEqual(['alpha 1', 'alpha 2'])
  })

  it('lets urgent ones through, by score or by category, but not through a pause', async () => {
    set({
      quiet_hours: [{ ...NIGHT, from: '00:00', to: '00:00' }],
      urgent: { min_score: null, categories: ['urgency'] },
    })
    await stage.post('alpha 1', 'fire')
    expect(tell()).toEqual(['fire'])
    set({ snoozes: [{ profile_id: null, until: '2027-01-01T00:00:00Z' }], urgent: { min_score: 4, categories: [] } })
    await stage.post('alpha 2', 'fire again')
    expect(tell()).toEqual(['fire again'])
    set({ paused: { all: true, destinations: [] }, urgent: { min_score: 0, categories: ['urgency'] } })
    await stage.post('fire for the third time')
    expect(tell()).toEqual([])
    set({})
    expect(tell().sort()).toEqual(['alpha 1', 'alpha 2', 'fire for the third time'])
  })

  it('snoozes one profile until a moment, and forgets the snooze', async () => {
    const beta = stage.profiles.create({ name: 'Beta', keywords: { general: { words: ['beta'] } } })
    set({ snoozes: [{ profile_id: beta.id, until: new Date(stage.nowMs + HOUR).toISOString() }] })
    await stage.post('alpha 1', 'beta 1')
    expect(tell()).toEqual(['alpha 1'])
    stage.nowMs += HOUR
    expect(tell()).toEqual(['beta 1'])
    expect(set(restraint.view).snoozes).toEqual([])
  })

  it('pauses a destination until it is resumed, its digests, too', async () => {
    set({ paused: { all: false, destinations: [me] } })
    const deliveries = stage.deliveries
    const content = { title: 'A digest', body: { text: 'Two alerts', marks: [] }, data: {} }
    deliveries.enqueue({ destinationId: me, kind: 'digest', dedupeKey: 'digest:1', content })
    await stage.post('alpha 1')
    stage.nowMs += 300 * DAY
    expect(tell()).toEqual([])
    expect(stage.deliveries.list({ limit: 1 }).deliveries[0]?.held).toEqual({
      ...{ reason: 'pause', until: null, message: 'Paused, until you go on.' },
    })
    set({})
    expect(tell()).toEqual(['A digest', 'alpha 1'])
  })

  it('tells so many an hour, and the others together when it ends; none is lost', async () => {
    const id = store.profiles.list()[0]?.id ?? 0
    set({ caps: [{ profile_id: id, most: 2, per: 'hour' }] })
    stage.nowMs += 10 * MINUTE
    await stage.post('alpha 1', 'alpha 2', 'alpha 3', 'alpha 4', 'alpha 5')
    expect(tell()).toEqual(['alpha 1', 'alpha 2'])
    expect(held().map((one) => [one.held, one.dueAtMs])).toEqual(Array(3).fill(['cap', NOON + HOUR]))
    stage.nowMs = NOON + HOUR
    expect(tell()).toEqual(['Alpha: and 3 more'])
    const summary = store.deliveries.list({ limit: 100 }).find(({ content }) => content)
    for (const text of ['alpha 3', 'alpha 4', 'alpha 5']) expect(summary?.content?.body.text).toContain(text)
    await stage.post('alpha 6', 'alpha 7')
    expect(tell()).toEqual(['alpha 6'])
    stage.nowMs += HOUR
    expect(tell()).toEqual(['alpha 7'])
  })

  it('does not let what is held go when a destination is back after an outage', async () => {
    set({ paused: { all: true, destinations: [] } })
    await stage.post('alpha 1')
    tell()
    store.deliveries.hasten(me, stage.nowMs)
    expect(store.deliveries.next(me)?.dueAtMs).toBeGreaterThan(stage.nowMs)
  })

  it('refuses a change to another revision', () => {
    set({})
    const check = (present: { revision: number }) => {
      if (present.revision !== 1) throw new Error('changed meanwhile')
    }
    expect(() => restraint.set(NONE, check)).toThrow('changed meanwhile')
  })
})

describe('quiet hours', () => {
  const until = (iso: string, from: string, to: string, days: readonly (typeof WEEKDAYS)[number][] = WEEKDAYS) => {
    const endMs = quietUntil([{ days, from, to }], 'Europe/Berlin', Date.parse(iso))
    return endMs === null ? null : new Date(endMs).toISOString().slice(0, 16)
  }
  const TABLE: [string, string | null, string | null][] = [
    ['within a day', until('2026-11-21T12:30Z', '13:00', '14:00'), '2026-11-21T13:00'],
    ['before they begin', until('2026-11-21T11:59Z', '13:00', '14:00'), null],
    ['when they end', until('2026-11-21T13:00Z', '13:00', '14:00'), null],
    ['after midnight', until('2026-11-22T02:00Z', '22:00', '07:00'), '2026-11-22T06:00'],
    ['in a night that is shorter', until('2026-03-28T23:00Z', '22:00', '07:00'), '2026-03-29T05:00'],
    ['in a night that is longer', until('2026-10-24T22:00Z', '22:00', '07:00'), '2026-10-25T06:00'],
    ['to a time that is left out', until('2026-03-29T00:30Z', '22:00', '02:30'), '2026-03-29T01:00'],
    ['all day', until('2026-11-21T12:00Z', '00:00', '00:00'), '2026-11-21T23:00'],
    ['on the day on which they begin', until('2026-11-21T02:00Z', '22:00', '07:00', ['friday']), '2026-11-21T06:00'],
    ['not on another', until('2026-11-21T02:00Z', '22:00', '07:00', ['saturday']), null],
  ]

  it.each(TABLE)('%s', (_when, end, expected) => {
    expect(end).toBe(expected)
  })
})
