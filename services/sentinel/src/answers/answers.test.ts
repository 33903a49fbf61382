import { DAY, HOUR } from '@tgsentinel/kernel/time'
import { AttentionStage } from '../../../../test/support/attention-stage'
import { Alerts } from '../alerts'
import { Labels } from '../learning/labels'
import type { Alert } from '../model'
import { Restraint } from '../restraint/restraint'
import { Answers } from './answers'
import { Snoozes } from './snoozes'

const NOON = Date.parse('2026-11-21T12:00:00Z')

describe('answers', () => {
  let stage: AttentionStage
  let alpha = 0
  let beta = 0

  beforeEach(() => {
    stage = new AttentionStage(NOON)
    const words = (text: string) => ({ keywords: { general: { words: [text] } } })
    alpha = stage.profiles.create({ name: 'Alpha', ...words('alpha') }).id
    beta = stage.profiles.create({ name: 'Beta', ...words('beta') }).id
  })

  afterEach(() => stage.close())

  const alerts = () => {
    const { store, profiles, deliveries, bus, log, now } = stage
    return new Alerts({ store, profiles, deliveries, bus, log, now })
  }
  const answers = (publicUrl?: string) => {
    const { store, profiles, bus, log, now } = stage
    const labels = new Labels({ store, profiles, bus, now, onChange: () => undefined })
    return new Answers({ store, alerts: alerts(), labels: () => labels, publicUrl, log, now })
  }
  const look = () =>
    new Snoozes({ ...stage, store: stage.store, now: stage.now, deliveries: stage.deliveries, alerts: alerts() }).look()
  const destination = (name: string, profiles?: number[]) =>
    stage.store.destinations.add(
      {
        ...{ name, isEnabled: true, target: { kind: 'ntfy' as const, topic: 't' }, secrets: {} },
        ...{ hears: profiles ? { profiles } : {}, templateId: null, ratePerMinute: 20 },
      },
      stage.nowMs,
    )
  const first = () => stage.store.alerts.find(1) as Alert
  const labelsOf = (profileId: number) =>
    stage.store.labels.list(profileId, 10).map(({ relevant, source }) => [relevant, source])
  /** Alerts that wait to be sent now, by destination. */
  const waiting = () =>
    stage.store.deliveries
      .list({ limit: 100, state: 'waiting' })
      .map(({ destinationId, alertId }) => [destinationId, alertId])
      .sort()
  const sendAll = () => {
    for (const { id } of stage.store.deliveries.list({ limit: 100, state: 'waiting' })) {
      stage.store.deliveries.lease(id, stage.nowMs, stage.nowMs)
      stage.store.deliveries.end(id, 'sent', null, stage.nowMs)
    }
  }

  it('are labels of the profiles that the destination hears, with where they were said', async () => {
    const phone = destination('Phone', [beta])
    await stage.post('alpha beta')
    const { wanted, not_wanted: notWanted } = answers().tokens(1, phone)
    expect(answers().link(wanted)).toMatchObject({ alert_id: 1, answer: 'wanted', profiles: ['Beta'] })
    expect(answers().use(wanted).message).toBe('Wanted: kept for Beta.')
    expect([labelsOf(alpha), labelsOf(beta), first().read]).toEqual([[], [[true, 'ntfy']], true])
    expect(answers().use(notWanted).message).toBe('Not wanted: kept for Beta.')
    expect(labelsOf(beta)).toEqual([[false, 'ntfy']])
  })

  it('work once by a link, also after a restart, and for a week', async () => {
    const phone = destination('Phone')
    await stage.post('alpha beta')
    const { wanted, not_wanted: other } = answers().tokens(1, phone)
    answers().use(wanted)
    stage.reopen()
    expect(() => answers().use(wanted)).toThrow('said already')
    expect(() => answers().link(wanted)).toThrow('said already')
    stage.nowMs += 7 * DAY
    expect(answers().link(other).answer).toBe('not_wanted')
    stage.nowMs += DAY
    expect(() => answers().use(other)).toThrow('time of this link is over')
    look()
    expect(() => answers().use(wanted)).toThrow('time of this link is over')
    expect(() => answers().use(`${wanted.slice(0, -1)}${wanted.endsWith('A') ? 'B' : 'A'}`)).toThrow('no such link')
  })

  it('are kept for those profiles that are still there, and refused where none is', async () => {
    await stage.post('alpha beta')
    stage.profiles.delete(alpha, undefined)
    const by = { source: 'bot' as const, destinationId: null, place: null }
    expect(answers().give(1, 'wanted', by).message).toBe('Wanted: kept for Beta.')
    stage.profiles.delete(beta, undefined)
    expect(() => answers().give(1, 'wanted', by)).toThrow('were deleted')
    expect(() => answers().give(2, 'wanted', by)).toThrow('no alert 2')
  })

  it('that cannot be kept leave their link as it was', async () => {
    const phone = destination('Phone')
    await stage.post('alpha')
    const { wanted } = answers().tokens(1, phone)
    const kept = stage.store.labels.put.bind(stage.store.labels)
    stage.store.labels.put = () => {
      throw new Error('disk full')
    }
    expect(() => answers().use(wanted)).toThrow('disk full')
    stage.store.labels.put = kept
    expect(answers().use(wanted).answered.answer).toBe('wanted')
  })

  it('snooze an alert: it is read until then, and told again where it was snoozed, unread', async () => {
    const [phone] = [destination('Phone'), destination('Desk')]
    await stage.post('alpha')
    sendAll()
    answers().use(answers().tokens(1, phone).snooze)
    expect(first()).toMatchObject({ read: true, snoozed_until: '2026-11-21T13:00:00.000Z' })
    stage.nowMs += HOUR - 1
    look()
    expect(waiting()).toEqual([])
    stage.reopen()
    stage.nowMs += 1
    look()
    expect([first().read, first().snoozed_until, waiting()]).toEqual([false, null, [[phone, 1]]])
    look()
    expect(waiting()).toHaveLength(1)
  })

  it('by the API are told again wherever the alert is heard, but not twice where it was not told yet', async () => {
    const [phone, desk] = [destination('Phone'), destination('Desk')]
    destination('Other', [beta])
    await stage.post('alpha')
    const [one] = stage.store.deliveries
      .list({ limit: 10, state: 'waiting' })
      .filter((each) => each.destinationId === phone)
    stage.store.deliveries.lease(one?.id ?? 0, stage.nowMs, stage.nowMs)
    stage.store.deliveries.end(one?.id ?? 0, 'sent', null, stage.nowMs)
    alerts().change(1, { snoozed_until: new Date(stage.nowMs + HOUR).toISOString() })
    stage.nowMs += HOUR
    look()
    expect(waiting()).toEqual([
      [phone, 1],
      [desk, 1],
    ])
  })

  it('hold what was not told yet until then, urgent or not, and let it go where the snooze is taken back', async () => {
    const desk = destination('Desk')
    const { store, bus, now } = stage
    const restraint = new Restraint({ store, bus, zone: () => 'UTC', now })
    const isHeld = () => {
      const next = store.deliveries.next(desk)
      return !next || next.dueAtMs > stage.nowMs || restraint.restrain(next)
    }
    await stage.post('alpha')
    restraint.set({ ...restraint.view, urgent: { min_score: 0, categories: [] } }, () => undefined)
    alerts().change(1, { snoozed_until: new Date(stage.nowMs + HOUR).toISOString() })
    expect([isHeld(), restraint.isHeldForBot(first())]).toEqual([true, true])
    alerts().change(1, { snoozed_until: null })
    expect([isHeld(), restraint.isHeldForBot(first()), first().snoozed_until]).toEqual([false, false, null])
  })

  it('end with a dismissal, and take no moment that is over or far away', async () => {
    await stage.post('alpha')
    const until = (ms: number) => ({ snoozed_until: new Date(stage.nowMs + ms).toISOString() })
    alerts().change(1, until(HOUR))
    expect(stage.store.alerts.list({ state: 'snoozed', limit: 5 }).map(({ id }) => id)).toEqual([1])
    expect(alerts().change(1, { dismissed: true }).snoozed_until).toBeNull()
    for (const ms of [0, -HOUR, 32 * DAY]) expect(() => alerts().change(1, until(ms))).toThrow('a moment to come')
  })

  it('have an address where the owner said under which name the page is reached', () => {
    expect(answers().url('x')).toBeNull()
    expect(answers('https://sentinel.example/tg/').url('x')).toBe('https://sentinel.example/tg/a/x')
  })
})
