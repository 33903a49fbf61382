import { SseSplitter, type SseEvent } from '../src/sentinel/sse'
import { sampleAlert, TOKEN } from './fake-sentinel'
import { PASSWORD, sessionFile, UiHarness, until } from './ui-harness'

/** A browser's stream: what came, and whether it ended. */
class Listening {
  readonly events: SseEvent[] = []
  isOver = false
  private readonly abort = new AbortController()

  static async open(ui: UiHarness, headers: Record<string, string> = { Cookie: ui.cookie }): Promise<Listening> {
    const listening = new Listening()
    const response = await fetch(`${ui.origin}/api/events`, { headers, signal: listening.abort.signal })
    if (response.status !== 200 || !response.body) throw new Error(`the stream answered ${response.status}`)
    void listening
      .read(response.body)
      .catch(() => undefined)
      .finally(() => (listening.isOver = true))
    return listening
  }

  types(): string[] {
    return this.events.map(({ type }) => type)
  }

  close(): void {
    this.abort.abort()
  }

  private async read(body: AsyncIterable<Uint8Array>): Promise<void> {
    const splitter = new SseSplitter()
    const decoder = new TextDecoder()
    for await (const chunk of body) this.events.push(...splitter.push(decoder.decode(chunk, { stream: true })))
  }
}

let ui: UiHarness
beforeEach(async () => {
  ui = await UiHarness.start()
  await ui.setUp()
})
afterEach(() => ui.stop())

const ids = (listening: Listening) => listening.events.filter(({ id }) => id !== undefined).map(({ id }) => id)

test('the sentinel’s events arrive with their ids, after word that it is there', async () => {
  const page = await Listening.open(ui)
  await until(() => ui.sentinel.streams.size === 1, 'the ui listens')
  ui.sentinel.raise(sampleAlert(1))
  await until(() => page.events.length === 2, 'two events')
  expect(page.events[0]).toEqual({ id: undefined, type: 'sentinel', data: '{"reachable":true}' })
  expect(page.events[1]).toMatchObject({ id: 'e-1', type: 'alert' })
  page.close()
  await until(() => ui.sentinel.streams.size === 0, 'the ui lets go')
})

test('a stream that is cut in the middle of an event goes on after the last whole one, without loss or repeat', async () => {
  const page = await Listening.open(ui)
  await until(() => ui.sentinel.streams.size === 1, 'the ui listens')
  ui.sentinel.raise(sampleAlert(1))
  await until(() => ids(page).length === 1, 'the first')
  ui.sentinel.cutStreams()
  ui.sentinel.raise(sampleAlert(2))
  ui.sentinel.raise(sampleAlert(3))
  await until(() => ids(page).length === 3, 'the others')
  expect(ids(page)).toEqual(['e-1', 'e-2', 'e-3'])
  expect(ui.sentinel.heard.at(-1)?.headers['last-event-id']).toBe('e-1')
  page.close()
})

test('a stream that ends before its first event begins anew with word of it, as nothing tells what it missed', async () => {
  const page = await Listening.open(ui)
  await until(() => page.events.length === 1, 'the first word')
  for (const stream of ui.sentinel.streams) stream.end()
  await until(() => page.events.length === 2, 'another')
  expect(page.events[1]).toEqual({ id: undefined, type: 'sentinel', data: '{"reachable":true}' })
  page.close()
})

test('a page that comes back resumes at the sentinel where it stopped', async () => {
  for (const id of [1, 2, 3]) ui.sentinel.raise(sampleAlert(id))
  const page = await Listening.open(ui, { Cookie: ui.cookie, 'Last-Event-ID': 'e-1' })
  await until(() => ids(page).length === 2, 'what it missed')
  expect(ids(page)).toEqual(['e-2', 'e-3'])
  page.close()
})

test('the stream stays open while the sentinel is away, and says so', async () => {
  const page = await Listening.open(ui)
  await until(() => ui.sentinel.streams.size === 1, 'the ui listens')
  await ui.sentinel.stop()
  await until(() => page.events.some(({ data }) => data === '{"reachable":false}'), 'away')
  await ui.sentinel.start()
  await until(() => page.events.filter(({ data }) => data === '{"reachable":true}').length === 2, 'back')
  ui.sentinel.raise(sampleAlert(1))
  await until(() => page.types().includes('alert'), 'live again')
  page.close()
})

test('the stages of an upload are told in their order', async () => {
  const page = await Listening.open(ui)
  await until(() => page.events.length === 1, 'open')
  await ui.upload(sessionFile('a01_minimal_v7.session'), '?upload_id=mine')
  await ui.upload(sessionFile('r06_missing_sessions.session'), '?upload_id=other')
  const stages = () =>
    page.events
      .filter(({ type }) => type === 'upload')
      .map(({ data }) => JSON.parse(data) as { upload_id: string; stage: string; code?: string; generation?: number })
  await until(() => stages().length === 5, 'five stages')
  expect(stages().map(({ upload_id, stage }) => `${upload_id} ${stage}`)).toEqual([
    'mine checked',
    'mine forwarded',
    'mine connecting',
    'mine authorized',
    'other failed',
  ])
  expect(stages().at(-1)?.code).toBe('INVALID_SESSION_FILE')
  expect(stages().map(({ generation }) => generation)).toEqual([undefined, 1, undefined, undefined, undefined])
  page.close()
})

test('a stream ends with the browser’s session, and only that one', async () => {
  const first = await Listening.open(ui)
  const program = await Listening.open(ui, { Authorization: `Bearer ${TOKEN}` })
  await ui.post('/api/auth/login', { password: PASSWORD })
  const second = await Listening.open(ui)
  const sessions = (await ui.get('/api/auth/sessions')).body.data['sessions'] as unknown as {
    id: number
    current: boolean
  }[]
  await ui.send('DELETE', `/api/auth/sessions/${sessions.find(({ current }) => !current)?.id}`)
  await until(() => first.isOver, 'the first ends')
  expect(second.isOver).toBe(false)
  await ui.post('/api/auth/logout', undefined)
  await until(() => second.isOver, 'the second ends')
  expect(program.isOver).toBe(false)
  program.close()
})

test('there is a bound to the number of streams', async () => {
  const pages = await Promise.all(Array.from({ length: 100 }, () => Listening.open(ui)))
  expect((await ui.get('/api/events')).body.code).toBe('UNAVAILABLE')
  for (const page of pages) page.close()
})
