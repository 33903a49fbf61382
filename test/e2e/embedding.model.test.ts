import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { components } from '../../openapi/generated/sentinel'
import { writeTinyModel } from '../embedding/tiny-model'
import { Conversation, usualCast } from '../support/conversation'
import { ROOT, SentinelProcess } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

type Schemas = components['schemas']

/** Words of one line mean the same to the model, and have nothing else in common. */
const MEANINGS = [
  ['leak', 'утечка', 'breach', 'выложили'],
  ['course', 'вебинар', 'training'],
]
const INTEREST = { positive_samples: ['leak utterly leak', 'breach'], negative_samples: ['training course'] }
const SLOW = join(__dirname, '../support/slow-model.cjs')
const WATCHED = join(__dirname, '../support/network-watch.cjs')
/** Where `npm test` installs the runtime; models beside it find it. */
const BESIDE_RUNTIME = join(ROOT, 'node_modules/.cache/sentence-model')

describe('a sentence model', () => {
  const folder = join(BESIDE_RUNTIME, `model-${process.pid}`)
  const elsewhere = makeTemporaryFolder()
  let talk: Conversation
  let cast: Awaited<ReturnType<typeof usualCast>>

  beforeAll(() => mkdirSync(folder, { recursive: true }))
  afterEach(async () => {
    await talk.close()
    if (talk.sentinel.dataDir !== elsewhere) removeFolder(talk.sentinel.dataDir)
  })
  afterAll(() => {
    rmSync(folder, { recursive: true })
    removeFolder(elsewhere)
  })

  async function begin(model: string): Promise<Schemas['EmbeddingView']> {
    const options = { preload: WATCHED, env: { EMBEDDING_MODEL: model }, dataDir: makeTemporaryFolder() }
    ;({ talk, cast } = await Conversation.open(usualCast, options))
    await talk.sentinel.api.createProfile({ name: 'Leaks', interest: INTEREST })
    return until('the model', async () => {
      const view = await state()
      return view.state === 'loading' ? undefined : view
    })
  }

  /** Stops within ten seconds, or fails. */
  async function restart(env: Record<string, string>): Promise<void> {
    const { dataDir } = talk.sentinel
    expect(await talk.sentinel.stop()).toEqual({ code: 0, signal: null })
    talk.sentinel = await SentinelProcess.start({ dataDir, env: { ...talk.stage.env, ...env } })
  }

  const state = async () =>
    (await talk.sentinel.api.request<{ data: Schemas['EmbeddingView'] }>('GET', '/api/embedding')).body.data
  const raised = async (text: string) => (await talk.alertsFor({ chat: cast.channel, text })).length

  /** What the process wanted of the network, but for the data centre and what it serves itself. */
  const wanted = () => {
    const all = [...talk.sentinel.output.matchAll(/network: (.*)/g)].map(([, what = '']) => what)
    const dataCentre = all.find((what) => what.startsWith('connect 127.0.0.1:'))
    expect(dataCentre).toBeDefined()
    return all.filter((what) => what !== dataCentre && what !== 'lookup 127.0.0.1')
  }

  it('judges likeness by meaning, in whatever words, and asks nothing of the network', async () => {
    writeTinyModel(folder, MEANINGS)
    expect(await begin(folder)).toMatchObject({ state: 'ready', dimensions: 3, problem: null })
    expect(await raised('базу выложили')).toBe(1)
    expect(await raised('вебинар training')).toBe(0)
    expect(await raised('С днём рождения, дорогая!')).toBe(0)
    expect((await state()).embedded).toBeGreaterThan(3)
    expect(wanted()).toEqual([])
  })

  it('is the same for a backtest and a preview of what is not saved, where no other profile has samples', async () => {
    writeTinyModel(folder, MEANINGS)
    await begin(folder)
    for (const { id } of await talk.sentinel.api.profiles()) await talk.sentinel.api.deleteProfile(id)
    await talk.post({ chat: cast.channel, text: 'утечка утечка' })
    await talk.post({ chat: cast.channel, text: 'обед в два' })
    const profile = { name: 'Tried', interest: { positive_samples: ['breach breach'] } }
    const { body } = await talk.sentinel.api.request<{ data: { id: number } }>('POST', '/api/backtests', {
      json: { profile },
    })
    const done = await until('the backtest', async () => {
      const path = `/api/backtests/${body.data.id}`
      const { data } = (await talk.sentinel.api.request<{ data: Schemas['Backtest'] }>('GET', path)).body
      return data.state === 'done' ? data : undefined
    })
    expect(done.added_examples.map(({ text }) => text)).toEqual(['утечка утечка'])
    const preview = await talk.sentinel.api.request<{ data: { matched: number } }>('POST', '/api/profile-preview', {
      json: profile,
    })
    expect(preview.body.data.matched).toBe(1)
  })

  it('is the same for a preview, and what was learned with it is not learned anew at the next start', async () => {
    writeTinyModel(folder, MEANINGS)
    await begin(folder)
    const { id } = await talk.sentinel.api.createProfile({
      name: 'Learner',
      interest: INTEREST,
      learning: { enabled: true },
    })
    const wanted = await talk.post({ chat: cast.channel, text: 'утечка утечка' })
    const json = { name: 'Tried', interest: INTEREST }
    const preview = await talk.sentinel.api.request<{ data: { matched: number } }>('POST', '/api/profile-preview', {
      json,
    })
    expect(preview.body.data.matched).toBe(1)
    await talk.sentinel.api.request('PUT', `/api/profiles/${id}/labels/${cast.channel}/${wanted}`, {
      json: { relevant: true },
    })
    const learned = async () => {
      const path = `/api/profiles/${id}/learning`
      const { data } = (await talk.sentinel.api.request<{ data: Schemas['LearningView'] }>('GET', path)).body
      return data.state === 'ready' && data.models[0]?.labels === 1
        ? data.models.map(({ version }) => version)
        : undefined
    }
    const versions = await until('what it learned', learned)
    await restart({ EMBEDDING_MODEL: folder })
    await until('the model', async () => (await state()).state === 'ready')
    await new Promise((resolve) => setTimeout(resolve, 3000))
    expect(await learned()).toEqual(versions)
  })

  it('that takes long to load keeps no stop waiting, and what it did not read is judged at the next start', async () => {
    writeTinyModel(folder, MEANINGS)
    const options = { preload: SLOW, env: { EMBEDDING_MODEL: folder }, dataDir: elsewhere }
    ;({ talk, cast } = await Conversation.open(usualCast, options))
    await talk.sentinel.api.createProfile({ name: 'Leaks', interest: INTEREST })
    await talk.send({ chat: cast.channel, text: 'базу выложили' })
    await until('it to be stored', async () => (await talk.sentinel.api.stats()).total_messages === 1)
    await restart({ EMBEDDING_MODEL: folder })
    await until('the alert', async () => (await talk.sentinel.api.alerts()).length === 1)
  })

  it('without one of its files says so, asks nobody for it, and words count', async () => {
    writeTinyModel(folder, MEANINGS)
    rmSync(join(folder, 'tokenizer.json'))
    expect(await begin(folder)).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('tokenizer') as string,
    })
    expect(await raised('a leak, utterly')).toBe(1)
    expect(await raised('базу выложили')).toBe(0)
    expect(wanted()).toEqual([])
  })

  it.each([
    ['that is not there', () => join(elsewhere, 'nothing'), /has no config\.json/],
    ['without what runs it', () => elsewhere, /npm install .*@huggingface\/transformers/],
  ])('%s is told, and words count', async (_what, path, problem) => {
    writeTinyModel(elsewhere, MEANINGS)
    const view = await begin(path())
    expect(view.state).toBe('failed')
    expect(view.problem).toMatch(problem)
    expect(await raised('a leak, utterly')).toBe(1)
  })
})
