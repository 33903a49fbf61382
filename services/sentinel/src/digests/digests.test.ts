import { DAY, HOUR, MINUTE } from '@tgsentinel/kernel/time'
import { AttentionStage } from '../../../../test/support/attention-stage'
import type { CoverageSummary, DigestDraft } from '../model'
import type { StoredDelivery } from '../store/deliveries'
import type { Store } from '../store/store'
import { TimeZone } from '../time-zone'
import { DigestMaker } from './digest-maker'
import { DigestRunner } from './digest-runner'
import { Digests } from './digests'
import { SlotClock } from './slot-clock'

const COVERAGE: CoverageSummary = {
  ...{ is_hearing: true, chats: 3, open_gaps: 1, unfillable_gaps: 0, unreadable: 0, closed_chats: 0, stale_chats: 0 },
  ...{ worst_staleness_s: 0, bound_s: 60 },
}
const NOON = Date.parse('2026-11-21T12:00:00Z')

describe('digests', () => {
  let stage: AttentionStage
  let store: Store
  let digests: Digests
  let runner: DigestRunner
  let zone: TimeZone
  let isBehind = false

  function open(): void {
    const { bus, deliveries, now, log } = stage
    store = stage.store
    zone = new TimeZone(store, bus, () => store.digests.sawAllSlots(now()))
    const name = () => zone.name
    const maker = new DigestMaker({ store, deliveries, coverage: () => COVERAGE, zone: name, now })
    const timing = { store, bus, maker, slots: new SlotClock(name), now }
    digests = new Digests(timing)
    runner = new DigestRunner({ ...timing, zone: name, isBehind: () => isBehind, log })
  }

  /** As after a start of the process. */
  function restart(): void {
    runner.close()
    stage.reopen()
    open()
  }

  beforeEach(() => {
    stage = new AttentionStage(NOON)
    isBehind = false
    open()
  })

  afterEach(() => {
    runner.close()
    stage.close()
  })

  function profile(word: string): number {
    return stage.profiles.create({ name: word, keywords: { general: { words: [word] } } }).id
  }

  function destination(name: string): number {
    const target = { kind: 'saved_messages' as const }
    const rules = { name, isEnabled: true, target, secrets: {}, hears: { alerts: false }, templateId: null }
    return store.destinations.add({ ...rules, ratePerMinute: 20 }, stage.nowMs)
  }

  function add(profileId: number, destinationId: number, more: Partial<DigestDraft> = {}): number {
    const schedule = { kind: 'hourly' as const, at: '00:00' }
    return digests.create({ profile_id: profileId, destination_id: destinationId, schedule, ...more }).id
  }

  function passes(ms: number): void {
    stage.nowMs += ms
    runner.look()
  }

  const told = (to?: number): StoredDelivery[] => store.deliveries.list({ limit: 100, destinationId: to }).reverse()
  const texts = (to?: number) => told(to).map(({ content }) => content?.body.text ?? '')

  function comes(state: 'sent' | 'dead'): void {
    for (const { id, state: before } of told()) {
      if (before !== 'waiting') continue
      store.deliveries.lease(id, stage.nowMs + MINUTE, stage.nowMs)
      store.deliveries.end(id, state, state === 'dead' ? 'Nobody is there.' : null, stage.nowMs)
    }
    runner.look()
  }

  it('go to the other destination where theirs is changed, with what the first never got', async () => {
    const [gone, other] = [destination('Gone'), destination('Other')]
    const id = add(profile('alpha'), gone)
    await stage.post('alpha one')
    passes(HOUR)
    expect(told(gone)).toMatchObject([{ state: 'waiting' }])
    const { profile_id: profileId, schedule } = digests.get(id)
    digests.replace(id, { profile_id: profileId, destination_id: other, schedule }, () => undefined)
    expect(told(gone)).toMatchObject([{ state: 'cancelled' }])
    expect(digests.runs(id)).toMatchObject([{ state: 'not_sent' }])
    passes(HOUR)
    expect(texts(other)).toEqual([expect.stringContaining('alpha one')])
    expect(told(gone)).toHaveLength(1)
  })

  it('say what is due at their slot, once, with the best first and the coverage at the end', async () => {
    const me = destination('Me')
    const id = add(profile('alpha'), me, { top_n: 2 })
    zone.set('Europe/Berlin')
    await stage.post('alpha <b>one</b> & more', 'alpha two', 'nothing', 'alpha three')
    passes(59 * MINUTE)
    expect(told()).toEqual([])
    passes(MINUTE)
    runner.look()
    restart()
    runner.look()
    const [delivery, ...others] = told()
    expect(others).toEqual([])
    expect(delivery).toMatchObject({
      destinationId: me,
      kind: 'digest',
      dedupeKey: `digest:${id}:schedule:${NOON + HOUR}`,
    })
    expect(delivery?.content?.title).toBe('alpha: 3 alerts')
    expect(texts()[0]).toBe(
      [
        'alpha: 3 alerts\nSat 21 Nov 2026, 13:00 – Sat 21 Nov 2026, 14:00 (Europe/Berlin)',
        '1. [1] Mara in Chat -42\nalpha three',
        '2. [1] Mara in Chat -42\nalpha two',
        'And 1 more, in the list of alerts.',
        'Coverage: 4 messages seen, 3 chats watched, 1 gap still open.',
      ].join('\n\n'),
    )
    expect(delivery?.content?.data).toMatchObject({
      digest_id: id,
      alert_count: 3,
      more: 1,
      alerts: [{ text: 'alpha three' }, {}],
    })
    expect(digests.get(id)).toMatchObject({ state: 'on_its_way', last_run: { alerts: 3, state: 'on_its_way' } })
  })

  it('go on after what arrived', async () => {
    const id = add(profile('alpha'), destination('Me'))
    await stage.post('alpha one')
    passes(HOUR)
    comes('sent')
    expect(digests.runs(id)).toMatchObject([{ state: 'sent', alerts: 1, cause: 'schedule' }])
    await stage.post('alpha two')
    passes(HOUR)
    expect(texts()[1]).toContain('alpha two')
    expect(texts()[1]).not.toContain('alpha one')
  })

  it('leave due what was given up, and tell it with the next one', async () => {
    const id = add(profile('alpha'), destination('Me'))
    await stage.post('alpha one')
    passes(HOUR)
    comes('dead')
    expect(digests.runs(id)).toMatchObject([{ state: 'not_sent' }])
    await stage.post('alpha two')
    passes(HOUR)
    expect(texts()[1]).toContain('alpha one')
    expect(texts()[1]).toContain('alpha two')
    expect(texts()[1]).toContain('12:00 – ')
    comes('sent')
    passes(HOUR)
    expect(digests.runs(id)).toMatchObject([{ state: 'empty' }, { state: 'sent' }, { state: 'not_sent' }])
  })

  it('count as told what was given up and then sent by hand', async () => {
    const id = add(profile('alpha'), destination('Me'))
    await stage.post('alpha one')
    passes(HOUR)
    comes('dead')
    store.deliveries.replay(told()[0]?.id ?? 0, stage.nowMs)
    runner.look()
    expect(digests.get(id).state).toBe('on_its_way')
    comes('sent')
    passes(HOUR)
    expect(digests.runs(id)).toMatchObject([{ state: 'empty' }, { state: 'sent' }])
  })

  it('wait for the one that is on its way, and then are one for all slots that passed', async () => {
    const id = add(profile('alpha'), destination('Me'))
    await stage.post('alpha one')
    passes(HOUR)
    await stage.post('alpha two')
    passes(HOUR)
    await stage.post('alpha three')
    passes(HOUR + MINUTE)
    expect(told()).toHaveLength(1)
    comes('sent')
    expect(texts()).toHaveLength(2)
    expect(texts()[1]).toMatch(/alpha three[^]*alpha two/)
    expect(digests.runs(id)[0]?.slot_at).toBe('2026-11-21T15:00:00.000Z')
  })

  it('are one after the sentinel was away for several slots, and stay away from those', async () => {
    const id = add(profile('alpha'), destination('Me'))
    await stage.post('alpha one')
    restart()
    stage.nowMs += 3 * DAY + MINUTE
    await stage.post('alpha two')
    isBehind = true
    runner.look()
    expect(told()).toEqual([])
    isBehind = false
    runner.look()
    expect(texts()).toHaveLength(1)
    expect(digests.runs(id)).toMatchObject([{ alerts: 2, slot_at: '2026-11-24T12:00:00.000Z' }])
    comes('sent')
    expect(told()).toHaveLength(1)
  })

  it('of two profiles for two destinations do not mix, whatever becomes of either', async () => {
    const [alpha, beta] = [profile('alpha'), profile('beta')]
    const [one, two] = [destination('One'), destination('Two')]
    add(alpha, one)
    add(beta, two)
    await stage.post('alpha 1', 'beta 1', 'alpha and beta 1')
    passes(HOUR)
    expect(texts(one)[0]).toMatch(/^alpha: 2 alerts/)
    expect(texts(two)[0]).toMatch(/^beta: 2 alerts/)
    const [first] = told(one)
    store.deliveries.lease(first?.id ?? 0, stage.nowMs + MINUTE, stage.nowMs)
    store.deliveries.end(first?.id ?? 0, 'sent', null, stage.nowMs)
    store.deliveries.cancel(told(two)[0]?.id ?? 0, stage.nowMs)
    await stage.post('alpha 2', 'beta 2')
    passes(HOUR)
    expect(texts(one)[1]).toMatch(/^alpha: 1 alert\n/)
    expect(texts(two)[1]).toMatch(/^beta: 3 alerts/)
  })

  it('of one profile have a cursor each, by schedule and by destination', async () => {
    const alpha = profile('alpha')
    const [one, two] = [destination('One'), destination('Two')]
    add(alpha, one)
    add(alpha, two)
    add(alpha, one, { schedule: { kind: 'daily', at: '14:00' } })
    await stage.post('alpha 1')
    passes(HOUR)
    comes('sent')
    await stage.post('alpha 2')
    passes(HOUR)
    expect(texts(one).map((text) => text.split('\n')[0])).toEqual([
      'alpha: 1 alert',
      'alpha: 1 alert',
      'alpha: 2 alerts',
    ])
    expect(texts(two)).toHaveLength(2)
    expect(() => add(alpha, one)).toThrow('already')
  })

  it('run once in a night that has an hour twice, and in one that leaves an hour out', async () => {
    zone.set('Europe/Berlin')
    const daily = { schedule: { kind: 'daily' as const, at: '02:30' }, when_empty: 'tell' as const }
    for (const [from, slots] of [
      ['2026-10-24T12:00:00Z', ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']],
      ['2027-03-27T12:00:00Z', ['2027-03-28T01:00:00.000Z', '2027-03-29T00:30:00.000Z']],
    ] as const) {
      stage.nowMs = Date.parse(from)
      const id = add(profile(from), destination(from), daily)
      for (let step = 0; step < 2 * 24 * 4; step++) {
        passes(15 * MINUTE)
        comes('sent')
      }
      expect(digests.runs(id).map((run) => run.slot_at)).toEqual([...slots].reverse())
    }
  })

  it('that are empty say nothing, or that there is nothing', async () => {
    const alpha = profile('alpha')
    const [quiet, loud] = [add(alpha, destination('Quiet')), add(alpha, destination('Loud'), { when_empty: 'tell' })]
    passes(HOUR)
    expect(texts()).toEqual([expect.stringMatching(/^alpha: nothing new\n[^]*Coverage: 0 messages seen/)])
    expect(digests.runs(quiet)).toMatchObject([{ state: 'empty', delivery_id: null }])
    expect(digests.runs(loud)).toMatchObject([{ state: 'on_its_way', alerts: 0 }])
  })

  it('leave out what scores less, and what was dismissed', async () => {
    const id = add(profile('alpha'), destination('Me'), { min_score: 5 })
    await stage.post('alpha one')
    expect(digests.preview(id)).toMatchObject({ title: 'alpha: nothing new', alerts: 0 })
    digests.replace(id, { ...draftOf(id), min_score: 0 }, () => undefined)
    expect(digests.preview(id)).toMatchObject({ title: 'alpha: 1 alert', alerts: 1 })
    store.alerts.change(1, { dismissed: true })
    expect(digests.preview(id).alerts).toBe(0)
    expect(told()).toEqual([])
  })

  it('show the last day as a sample before the first one, and tell what came since they were made', async () => {
    const alpha = profile('alpha')
    await stage.post('alpha before')
    stage.nowMs += 2 * DAY
    await stage.post('alpha today')
    const id = add(alpha, destination('Me'))
    expect(digests.preview(id)).toMatchObject({ title: 'alpha: 1 alert', alerts: 1, is_sample: true })
    expect(digests.preview(id).text).toContain('Coverage: 1 message seen')
    await stage.post('alpha since')
    expect(digests.preview(id)).toMatchObject({ alerts: 1, is_sample: false })
    expect(digests.preview(id).text).toContain('alpha since')
  })

  function draftOf(id: number): DigestDraft {
    const { profile_id, destination_id, schedule } = digests.get(id)
    return { profile_id, destination_id, schedule }
  }

  it('are sent by hand once at a time, and the next slot goes on after them', async () => {
    const id = add(profile('alpha'), destination('Me'))
    await stage.post('alpha one')
    expect(digests.send(id)).toMatchObject({ cause: 'hand', slot_at: null, alerts: 1, state: 'on_its_way' })
    expect(() => digests.send(id)).toThrow('still on its way')
    comes('sent')
    passes(HOUR)
    expect(digests.runs(id)).toMatchObject([
      { state: 'empty', cause: 'schedule' },
      { state: 'sent', cause: 'hand' },
    ])
  })

  it('that are switched off, or lose their destination, wait with what is due', async () => {
    const [alpha, me] = [profile('alpha'), destination('Me')]
    const id = add(alpha, me)
    digests.replace(id, { ...draftOf(id), enabled: false }, () => undefined)
    await stage.post('alpha one')
    passes(5 * HOUR)
    expect(told()).toEqual([])
    digests.replace(id, { ...draftOf(id), enabled: true }, () => undefined)
    runner.look()
    expect(told()).toEqual([])
    store.destinations.delete(me)
    passes(HOUR)
    expect(digests.get(id)).toMatchObject({ state: 'no_destination', next_run_at: null })
    digests.replace(id, { ...draftOf(id), destination_id: destination('Other') }, () => undefined)
    passes(HOUR)
    expect(texts()).toEqual([expect.stringContaining('alpha one')])
  })

  it('do not run a slot again where the clock is set back, nor all at once where the zone becomes another', async () => {
    const id = add(profile('alpha'), destination('Me'), { when_empty: 'tell' })
    passes(HOUR)
    comes('sent')
    stage.nowMs -= 30 * MINUTE
    passes(30 * MINUTE)
    comes('sent')
    expect(digests.runs(id)).toHaveLength(1)
    zone.set('Asia/Kathmandu')
    runner.look()
    expect(digests.runs(id)).toHaveLength(1)
    expect(digests.get(id).next_run_at).toBe('2026-11-21T13:15:00.000Z')
  })
})
