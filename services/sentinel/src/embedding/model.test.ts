import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createLogger } from '@tgsentinel/kernel/log'
import { Embeddings } from './embeddings'
import { SentenceModel } from './model'

const folder = mkdtempSync(join(tmpdir(), 'tgsentinel-model-'))
const models: SentenceModel[] = []

afterEach(async () => {
  for (const model of models.splice(0)) await model.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A real thread with a program of ours in place of a model: a vector of a text is its length and the times it was started. */
function model(onRequest: string, atStart = "port.postMessage({ kind: 'ready', dimensions: 2 })"): SentenceModel {
  const threadPath = join(folder, `${models.length}-${Date.now()}.js`)
  const program = `
    const { parentPort: port } = require('node:worker_threads')
    const fs = require('node:fs')
    const starts = fs.existsSync(__filename + '.starts') ? Number(fs.readFileSync(__filename + '.starts')) : 0
    fs.writeFileSync(__filename + '.starts', String(starts + 1))
    const answer = ({ id, texts }) =>
      port.postMessage({ kind: 'vectors', id, vectors: Float32Array.from(texts.flatMap((text) => [text.length, starts])) })
    port.on('message', (request) => { ${onRequest} })
    ${atStart}`
  writeFileSync(threadPath, program)
  const made = new SentenceModel({ folder, threadPath, lookIn: [], log: createLogger('test', 'silent') })
  models.push(made)
  return made
}

const ANSWERS = 'answer(request)'
const lengths = (vectors: (Float32Array | null)[]) => vectors.map((vector) => vector?.[0])

describe('a sentence model in its thread', () => {
  it('reads as many texts as it is given, in their order', async () => {
    const texts = Array.from({ length: 40 }, (_, at) => 'x'.repeat(at + 1))
    const reader = model(ANSWERS)
    expect(lengths(await reader.read(texts, 'live'))).toEqual(texts.map(({ length }) => length))
    expect(reader.view).toMatchObject({ state: 'ready', dimensions: 2, embedded: 40, problem: null })
  })

  it('reads what is live before what is read over again', async () => {
    const reader = model(ANSWERS)
    const done: string[] = []
    const many = Array.from({ length: 200 }, (_, at) => `text ${at}`)
    const background = reader.read(many, 'background').then(() => done.push('background'))
    await reader.read(['now'], 'live').then(() => done.push('live'))
    await background
    expect(done).toEqual(['live', 'background'])
  })

  it('gives no vectors where its thread dies, and works again after a while', async () => {
    const reader = model(
      "starts === 0 ? process.exit(3) : request.texts[0] === 'refuse' ? refuse(request) : answer(request)",
    )
    expect(await reader.read(['lost'], 'live')).toEqual([null])
    expect(reader.isPassing).toBe(true)
    expect(reader.view).toMatchObject({ state: 'failed', problem: expect.stringMatching(/started again/) as string })
    for (let tries = 0; reader.view.state !== 'ready' && tries < 100; tries++) await delay(50)
    expect(lengths(await reader.read(['again'], 'live'))).toEqual([5])
  })

  it('refuses a text alone, and says so', async () => {
    const refuse = "port.postMessage({ kind: 'refused', id: request.id, problem: 'no' })"
    const reader = model(`request.texts.includes('bad') ? ${refuse} : answer(request)`)
    expect(lengths(await reader.read(['good', 'bad', 'better'], 'live'))).toEqual([4, undefined, 6])
    expect(reader.view).toMatchObject({ state: 'ready', problem: expect.stringContaining('(no)') as string })
  })

  it('says why it cannot be loaded, keeps nobody waiting, and is not tried again', async () => {
    const reader = model(ANSWERS, "port.postMessage({ kind: 'failed', problem: 'no file' }); port.close()")
    expect(await reader.read(['anything'], 'live')).toEqual([null])
    await delay(1500)
    expect(reader.isPassing).toBe(false)
    expect(reader.view).toMatchObject({ state: 'failed', problem: 'no file' })
    expect(await reader.read(['anything'], 'background')).toEqual([null])
  })

  it('lets go of whoever waits when it is closed', async () => {
    const reader = model('')
    const waiting = reader.read(['for ever'], 'live')
    await delay(300)
    await reader.close()
    expect(await waiting).toEqual([null])
  })
})

describe('vectors that were read', () => {
  it('are read once, and told when there is something new', async () => {
    const reader = model(ANSWERS)
    const embeddings = new Embeddings(reader)
    expect(await embeddings.read(['one', 'two', 'one', ' '], 'live')).toBe(true)
    expect(await embeddings.read(['one', 'two'], 'live')).toBe(false)
    expect(embeddings.of('one')?.[0]).toBe(3)
    expect(reader.view.embedded).toBe(2)
  })

  it('are none without a model', async () => {
    const embeddings = new Embeddings(null)
    expect(await embeddings.read(['one'], 'live')).toBe(false)
    expect(embeddings.of('one')).toBeUndefined()
    expect(embeddings.view).toMatchObject({ state: 'off', model: null })
  })
})
