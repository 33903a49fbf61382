import type { components } from '../../openapi/generated/sentinel'
import { Conversation, usualCast } from '../support/conversation'
import { EventsClient } from '../support/events-client'
import { SentinelProcess } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

type Schemas = components['schemas']
type LearningView = Schemas['LearningView']

const FLATS = {
  positive_samples: ['Сдаётся двухкомнатная квартира у метро', 'Two-room flat to rent near the metro, no fee'],
  negative_samples: ['Курсы риелторов: как сдать квартиру дорого'],
}
const WANTED = ['for rent by the owner', 'for rent near the river', 'for rent from May', 'to rent, with a balcony']
const UNWANTED = ['sold, thanks everybody', 'with a flat tyre again', 'joke of the day', 'screen or curved screen']

describe('interest and learning', () => {
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>
  let profile: Schemas['Profile']

  const folder = makeTemporaryFolder()

  beforeAll(async () => {
    ;({ talk, cast } = await Conversation.open(usualCast, { dataDir: folder }))
  })

  afterAll(async () => {
    await talk.close()
    removeFolder(folder)
  })

  const ask = <T>(method: string, path: string, json?: object) =>
    talk.sentinel.api.request<{ data: T; code?: string }>(method, path, json ? { json } : {})
  const view = async (id = profile.id) => (await ask<LearningView>('GET', `/api/profiles/${id}/learning`)).body.data
  const alertOf = (text: string) =>
    until(`the alert of ${text}`, async () => (await talk.sentinel.api.alerts()).find((alert) => alert.text === text))
  const label = ({ chat, message_id }: Pick<Schemas['Alert'], 'chat' | 'message_id'>, relevant: boolean) =>
    ask<Schemas['Label']>('PUT', `/api/profiles/${profile.id}/labels/${chat.id}/${message_id}`, { relevant })

  it('finds what is like the samples, in any language that they have, and leaves unrelated text alone', async () => {
    profile = await talk.sentinel.api.createProfile({ name: 'Flats', interest: FLATS })
    await talk.post({ chat: cast.channel, text: 'С днём рождения, дорогая!' })
    await talk.post({ chat: cast.channel, text: 'Сдают двухкомнатную квартиру возле метро' })
    const alert = await alertOf('Сдают двухкомнатную квартиру возле метро')
    expect(alert).toMatchObject({ relevance: null, is_exploration: false, label: null, score: 2 })
    expect(alert.reasons).toEqual([{ kind: 'interest', label: FLATS.positive_samples[0], weight: 2 }])
    expect(await talk.sentinel.api.alerts()).toHaveLength(1)
  })

  it('keeps what is said of a message, tells it on the stream, and takes it back', async () => {
    const events = await EventsClient.open(talk.sentinel)
    const [alert] = await talk.sentinel.api.alerts()
    if (!alert) throw new Error('no alert')
    expect((await label(alert, true)).body.data).toMatchObject({ relevant: true, text: alert.text })
    await until('the event', () =>
      events.ofType<{ id: number; label: boolean }>('alert_changed').some((told) => told.label),
    )
    expect((await talk.sentinel.api.alert(alert.id)).label).toBe(true)
    expect(await view()).toMatchObject({ state: 'off', labels: 1, positives: 1, models: [] })
    await ask('DELETE', `/api/profiles/${profile.id}/labels/${alert.chat.id}/${alert.message_id}`)
    expect((await talk.sentinel.api.alert(alert.id)).label).toBe(null)
    expect((await label({ ...alert, message_id: 999_999 }, true)).status).toBe(404)
    events.close()
  })

  it('judges by what it learned once it is told to, and says why', async () => {
    await talk.sentinel.api.replaceProfile(profile.id, {
      name: 'Flats',
      keywords: { general: { words: ['flat'] } },
      learning: { enabled: true },
    })
    await until('the first model', async () => (await view()).models.length > 0)
    const seen = [...WANTED.map((text) => [text, true]), ...UNWANTED.map((text) => [text, false])] as [
      string,
      boolean,
    ][]
    for (const [text, relevant] of seen) {
      const message_id = await talk.post({ chat: cast.channel, text: `Flat ${text}` })
      await label({ chat: { id: String(cast.channel) } as Schemas['AlertChat'], message_id }, relevant)
    }
    const learned = await until('what it learned', async () => {
      const now = await view()
      return now.state === 'ready' && now.models[0]?.labels === seen.length ? now : undefined
    })
    expect(learned).toMatchObject({ labels: 8, positives: 4, is_pinned: false })
    expect(learned.models.filter(({ in_force: isInForce }) => isInForce)).toHaveLength(1)
  })

  it('stays with a former model that is chosen, over a restart too, until the newest is chosen again', async () => {
    const [newest] = (await view()).models
    if (!newest) throw new Error('no model')
    const restore = (version: number) =>
      ask<LearningView>('POST', `/api/profiles/${profile.id}/learning/${version}/restore`)
    expect((await restore(1)).body.data.is_pinned).toBe(true)
    await talk.sentinel.stop()
    talk.sentinel = await SentinelProcess.start({ dataDir: folder, env: talk.stage.env })
    const kept = await view()
    expect(kept.models.find((model) => model.in_force)?.version).toBe(1)
    expect((await restore(newest.version)).body.data).toMatchObject({ is_pinned: false })
    expect((await restore(4711)).status).toBe(404)
  })

  it('a profile takes its labels and models with it; erasing leaves none', async () => {
    expect(
      (await ask<{ labels: unknown[] }>('GET', `/api/profiles/${profile.id}/labels`)).body.data.labels,
    ).toHaveLength(8)
    expect((await ask('POST', '/api/data/erase', { confirm: 'erase' })).status).toBe(200)
    expect((await ask<{ labels: unknown[] }>('GET', `/api/profiles/${profile.id}/labels`)).body.data.labels).toEqual([])
    await ask('DELETE', `/api/profiles/${profile.id}`)
    expect((await ask('GET', `/api/profiles/${profile.id}/learning`)).status).toBe(404)
  })
})
