import { DAY, SECOND } from '@tgsentinel/kernel/time'
import { AttentionStage } from '../../../../test/support/attention-stage'
import { DigestMaker } from '../digests/digest-maker'
import type { DestinationHears } from '../model'
import type { Store } from '../store/store'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const NO_COVERAGE = {
  ...{ chats: 0, open_gaps: 0, unfillable_gaps: 0, unreadable: 0, stale_chats: 0, closed_chats: 0 },
  ...{ is_hearing: true, worst_staleness_s: 0, bound_s: 60 },
}

describe('a message that several profiles match', () => {
  let stage: AttentionStage
  let store: Store
  let ids: { alpha: number; beta: number; gamma: number }

  beforeEach(() => {
    stage = new AttentionStage(NOW)
    store = stage.store
    const create = (name: string, word: string, weight: number) =>
      stage.profiles.create({ name, keywords: { general: { words: [word], weight } } }).id
    ids = { alpha: create('Alpha', 'alpha', 1), beta: create('Beta', 'beta', 3), gamma: create('Gamma', 'gamma', 2) }
  })

  afterEach(() => stage.close())

  function destination(name: string, hears: DestinationHears): number {
    const target = { kind: 'saved_messages' as const }
    const rules = { name, isEnabled: true, target, secrets: {}, hears, templateId: null, ratePerMinute: 20 }
    return store.destinations.add(rules, NOW)
  }
  const alerts = () => store.alerts.list({ limit: 10 })
  const profilesOf = (at = 0) => alerts()[at]?.profiles.map(({ name, score }) => [name, score])
  const eventsOf = (type: string) => store.events.beyond(0, 100).filter((event) => event.type === type)
  const toldTo = () =>
    store.deliveries.list({ limit: 10 }).map(({ destinationId, alertId }) => [destinationId, alertId])
  function digestOf(profileId: number) {
    const rules = { profileId, destinationId: null, topN: 10, minScore: 0, whenEmpty: 'skip' as const, isEnabled: true }
    const schedule = { kind: 'daily' as const, at: '09:00', weekday: 'monday' as const }
    const told = { toldUpTo: 0, toldAtMs: NOW - DAY, toldMessages: 0 }
    return store.digests.find(store.digests.add({ ...rules, schedule }, told, NOW))!
  }
  function madeFor(digest: ReturnType<typeof digestOf>) {
    const { deliveries } = stage
    const zone = () => 'UTC'
    return new DigestMaker({ store, deliveries, coverage: () => NO_COVERAGE, zone, now: stage.now }).make(digest)
  }

  it('makes one alert of all of them, the highest score first, with one event, counted once', async () => {
    await stage.post('alpha, beta and gamma')
    expect(alerts()).toHaveLength(1)
    expect(profilesOf()).toEqual([
      ['Beta', 3],
      ['Gamma', 2],
      ['Alpha', 1],
    ])
    expect(alerts()[0]).toMatchObject({ profile_name: 'Beta', score: 3, reasons: [{ label: 'beta' }] })
    expect(eventsOf('alert')).toHaveLength(1)
    expect(store.traffic.allTotals()).toMatchObject({ alerts: 1, unread: 1 })
    const stats = store.traffic.stats({ sinceHour: 0, chatId: null, profileId: null, bucketHours: 1 })
    expect([stats.alerts, stats.by_profile.map(({ alerts: each }) => each)]).toEqual([1, [1, 1, 1]])
  })

  it('is found by each of them, by the score that this one gave it', () => {
    return stage.post('alpha, beta').then(() => {
      const found = (profileId: number, minScore: number) =>
        store.alerts.list({ profileId, minScore, limit: 10 }).map(({ id }) => id)
      expect([found(ids.alpha, 1), found(ids.alpha, 2), found(ids.beta, 3), found(ids.gamma, 0)]).toEqual([
        [1],
        [],
        [1],
        [],
      ])
      expect(store.alerts.list({ profileId: ids.alpha, text: 'beta', limit: 10 })).toHaveLength(1)
    })
  })

  it('is told once to a destination, for the profiles that it hears', async () => {
    const all = destination('All', {})
    const one = destination('One', { profiles: [ids.alpha] })
    destination('Higher', { profiles: [ids.alpha], min_score: 2 })
    await stage.post('alpha, beta')
    expect(toldTo().sort()).toEqual([
      [all, 1],
      [one, 1],
    ])
  })

  it('stands once in a digest of each, with what that one found', async () => {
    const [alpha, gamma] = [digestOf(ids.alpha), digestOf(ids.gamma)]
    await stage.post('alpha, beta')
    expect(madeFor(alpha)).toMatchObject({ alerts: 1, upToAlert: 2 })
    expect(madeFor(alpha).content.body.text).toContain('1. [1]')
    expect(madeFor(gamma).alerts).toBe(0)
  })

  it('takes in the profiles that an edit adds: the alert says so, who hears them is told, their digests have them', async () => {
    const all = destination('All', {})
    const later = destination('Gamma only', { profiles: [ids.gamma] })
    await stage.post('alpha')
    const digest = { ...digestOf(ids.gamma), toldUpTo: store.alerts.lastFinding() }
    stage.nowMs += SECOND
    await stage.edit('alpha, now gamma')
    expect(alerts()).toHaveLength(1)
    expect(alerts()[0]?.profiles.map(({ name, raised_by: by }) => [name, by])).toEqual([
      ['Gamma', 'edit'],
      ['Alpha', 'post'],
    ])
    expect(toldTo().sort()).toEqual([
      [all, 1],
      [later, 1],
    ])
    // What is shown is what was found in; where the first one found it is true no longer.
    expect(alerts()[0]).toMatchObject({ text: 'alpha, now gamma', changes: [{ before: 'alpha' }] })
    expect(alerts()[0]?.profiles.map(({ reasons }) => reasons[0]?.matches)).toEqual([
      [{ offset: 11, length: 5 }],
      undefined,
    ])
    expect(JSON.parse(eventsOf('alert_changed').at(-1)?.data ?? '')).toMatchObject({
      id: 1,
      profile_name: 'Gamma',
      score: 2,
    })
    expect(madeFor(digest).alerts).toBe(1)
    expect(store.traffic.allTotals()).toMatchObject({ alerts: 1, unread: 1 })
  })

  it('is found by the words that it has after an edit, and no longer by those that it lost', async () => {
    await stage.post('alpha before')
    await stage.edit('alpha, now gamma')
    const found = (text: string) => store.alerts.list({ text, limit: 10 }).length
    expect(['alpha', 'now gamma', 'before', 'am'].map(found)).toEqual([1, 1, 0, 1])
  })

  it('keeps a repost of it with the one alert, counted once', async () => {
    const story =
      'alpha and beta: the payment gateway is out since nine in the morning, cards are declined in all shops'
    await stage.post(story)
    await stage.post(`Heard this? ${story}`)
    expect(alerts().map(({ id, copies }) => [id, copies])).toEqual([[1, 1]])
  })

  it('learns by each profile for itself', async () => {
    await stage.post('alpha, beta')
    const said = { chatId: -42, messageId: 1, source: 'page' as const, atMs: NOW }
    store.labels.put({ ...said, profileId: ids.alpha, relevant: true })
    store.labels.put({ ...said, profileId: ids.beta, relevant: false })
    expect(alerts()[0]?.profiles.map(({ name, label }) => [name, label])).toEqual([
      ['Beta', false],
      ['Alpha', true],
    ])
    expect(alerts()[0]?.label).toBe(false)
  })
})
