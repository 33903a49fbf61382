import { AttentionStage } from '../../../../test/support/attention-stage'
import type { Store } from './store'

describe('what follows a transaction', () => {
  let stage: AttentionStage
  let store: Store
  let told: string[]

  beforeEach(() => {
    stage = new AttentionStage(Date.parse('2026-11-30T12:00:00Z'))
    store = stage.store
    told = []
  })

  afterEach(() => stage.close())

  const tell = (word: string) => store.afterCommit(() => told.push(word))
  const failing = (work: () => void) => () => {
    work()
    throw new Error('no')
  }

  it('comes at once where there is none', () => {
    tell('now')
    expect(told).toEqual(['now'])
  })

  it('comes once all of it is written, parts included, in order', () => {
    store.transaction(() => {
      tell('first')
      store.transaction(() => tell('part'))
      tell('last')
      expect(told).toEqual([])
    })
    expect(told).toEqual(['first', 'part', 'last'])
  })

  it('never comes where it fails, and the next one is as if it had not been', () => {
    expect(() => store.transaction(failing(() => tell('failed')))).toThrow('no')
    store.transaction(() => tell('next'))
    expect(told).toEqual(['next'])
  })

  it('goes with a part that fails alone, and so does what that wrote', () => {
    const writeInPart = () => {
      tell('part')
      store.settings.set('time_zone', 'Asia/Tokyo')
    }
    store.transaction(() => {
      store.settings.set('time_zone', 'UTC')
      tell('whole')
      expect(() => store.transaction(failing(writeInPart))).toThrow('no')
    })
    expect([told, store.settings.get('time_zone')]).toEqual([['whole'], 'UTC'])
  })

  it('rings for profiles that were taken over once they are there, and not for those that are not', () => {
    const rings: number[] = []
    stage.bus.onRing('events', () => rings.push(stage.profiles.names().length))
    const before = stage.profiles.names().length
    const draft = (name: string) => ({ present: null, name, json: JSON.stringify({ enabled: true, keywords: {} }) })
    expect(() => store.transaction(failing(() => stage.profiles.takeOver([draft('A')], 'api')))).toThrow('no')
    expect(rings).toEqual([])
    store.transaction(() => stage.profiles.takeOver([draft('A'), draft('B')], 'api'))
    expect(rings).toEqual([before + 2])
  })
})
