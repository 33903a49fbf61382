import { refuse, sampleAlert, sampleDigest, sampleRun, type Alert } from './fake-sentinel'
import { until, UiHarness, type Reply } from './ui-harness'

let ui: UiHarness

beforeEach(async () => {
  ui = await UiHarness.start({}, { callMs: 500 })
  await ui.setUp()
})
afterEach(() => ui.stop())

type Page = { alerts: Alert[]; next_cursor: string | null; stale_since?: string }

const alertsOf = async (query = ''): Promise<Page> => (await ui.get(`/api/alerts${query}`)).body.data as unknown as Page
const idsOf = async (query: string) => ((await alertsOf(query))?.alerts ?? []).map(({ id }) => id)

/** The sentinel goes away once the ui keeps these of it: what is kept shows while it answers nonsense. */
async function away(...ids: number[]): Promise<void> {
  for (const path of ['alerts', 'time-zone'])
    ui.sentinel.answers.set(`GET /api/${path}`, (_heard, response) => void response.end('<html>'))
  await until(async () => (await ui.get('/api/time-zone')).status === 200, 'the rest kept')
  await until(async () => String(await idsOf('?limit=500')) === String(ids), `${ids.length} kept`)
  await ui.sentinel.stop()
  ui.sentinel.answers.clear()
}

/** Beside a sentinel that has these, newest first. */
async function restartWith(alerts: Alert[]): Promise<void> {
  await ui.ui.close()
  ui.sentinel.alerts = alerts
  await ui.startUi({}, { callMs: 500 })
}

test('what was heard last is served while the sentinel is away, and says since when', async () => {
  const before = Date.now()
  ui.sentinel.authorize(1)
  ui.sentinel.raise(sampleAlert(1))
  expect((await alertsOf()).stale_since).toBeUndefined()
  await away(1)
  for (const path of ['/api/status', '/api/stats', '/api/alerts', '/api/digests', '/api/time-zone']) {
    const { status, body } = await ui.get(path)
    const since = Date.parse(String(body.data['stale_since']))
    expect([path, status, since >= before, since <= Date.now()]).toEqual([path, 200, true, true])
  }
  expect((await ui.get('/api/status')).body.data).toMatchObject({ state: 'signed_in', user_info: { username: 'ada' } })
})

test('it is still served after a restart of the ui, since the same moment, and until the sentinel is back', async () => {
  ui.sentinel.raise(sampleAlert(1))
  await away(1)
  const since = (await alertsOf()).stale_since
  await ui.ui.close()
  await ui.startUi({}, { callMs: 500 })
  expect(await alertsOf()).toMatchObject({ alerts: [{ id: 1 }], stale_since: since })
  ui.sentinel.raise(sampleAlert(2))
  await ui.sentinel.start()
  expect(await alertsOf()).toEqual({ alerts: [expect.anything(), expect.anything()], next_cursor: null })
  await away(2, 1)
})

test('events change what is kept', async () => {
  const change = { id: 9, kind: 'deleted' as const, at: new Date().toISOString(), after_s: 1, before: 'a', after: null }
  await until(() => ui.sentinel.followers.size === 1, 'the ui follows')
  for (const id of [1, 2]) ui.sentinel.raise(sampleAlert(id))
  await ui.send('PATCH', '/api/alerts/1', { json: { starred: true } })
  ui.sentinel.emit('message_changed', { alert_id: 1, profile_id: 1, change: { ...change, removed: [], added: [] } })
  ui.sentinel.emit('alert_changed', { id: 77, read: true })
  ui.sentinel.emit('alert', sampleAlert(3))
  await away(3, 2, 1)
  const [kept] = (await alertsOf('?state=starred')).alerts
  expect(kept).toMatchObject({ id: 1, starred: true, changes: [{ id: 9, kind: 'deleted' }] })
})

test('the newest five hundred are kept, and found by the filters and pages of the sentinel', async () => {
  const all = Array.from({ length: 520 }, (_, at) => sampleAlert(520 - at, { score: at % 10, read: at % 2 === 0 }))
  await restartWith(all)
  await away(...all.slice(0, 500).map(({ id }) => id))
  const pages = [await alertsOf('?limit=200')]
  while (pages.at(-1)?.next_cursor) pages.push(await alertsOf(`?limit=200&cursor=${pages.at(-1)?.next_cursor}`))
  expect(pages.map(({ alerts }) => alerts.length)).toEqual([200, 200, 100])
  expect(new Set(pages.flatMap(({ alerts }) => alerts.map(({ id }) => id))).size).toBe(500)
  expect(await idsOf('?min_score=9&state=unread&limit=2')).toEqual([511, 501])
})

const KEPT = [
  sampleAlert(4, { created_at: '2026-11-21T08:00:00.000Z', dismissed: true, text: 'ÄRGER im Netz' }),
  sampleAlert(3, {
    created_at: '2026-11-21T07:00:00.000Z',
    profiles: [ofProfile(2, 2.5), ofProfile(3, 1)],
    score: 2.5,
  }),
  sampleAlert(2, { created_at: '2026-11-21T06:00:00.000Z', read: true, text: '100 % of it' }),
  sampleAlert(1, { created_at: '2026-11-21T05:00:00.000Z', starred: true, chat: chatOf('-42') }),
]

function ofProfile(id: number, score: number): Alert['profiles'][number] {
  const {
    profiles: [profile],
  } = sampleAlert(1)
  return { ...(profile as Alert['profiles'][number]), id, score }
}

function chatOf(id: string): Alert['chat'] {
  return { id, title: 'Another', kind: 'group', username: null }
}

test.each([
  ['', [4, 3, 2, 1]],
  ['?profile=2', [3]],
  ['?profile=3&min_score=2', []],
  ['?chat=-42', [1]],
  ['?since=2026-11-21T07:00:00Z', [4, 3]],
  ['?since=2026-11-21T08:30:00%2B02:00', [4, 3]],
  ['?min_score=2.6', [4, 2, 1]],
  ['?q=%C3%A4rger', [4]],
  ['?q=100%20%25', [2]],
  ['?state=unread', [3, 1]],
  ['?state=read', [2]],
  ['?state=starred', [1]],
  ['?state=dismissed', [4]],
  ['?cursor=3&limit=1', [2]],
])('the filter %s means of what is kept what it means of the rest', async (query, ids) => {
  await restartWith(KEPT)
  await away(4, 3, 2, 1)
  expect(await idsOf(query)).toEqual(ids)
})

test('what is not kept, or cannot be done, is told as it is', async () => {
  ui.sentinel.raise(sampleAlert(1))
  await away(1)
  const verdict = ({ status, body }: Reply) => [status, body.code]
  expect(verdict(await ui.send('PATCH', '/api/alerts/1', { json: { read: true } }))).toEqual([
    503,
    'SENTINEL_UNREACHABLE',
  ])
  for (const path of ['/api/stats?bucket=day', '/api/stats?profile=1', '/api/digests/7/runs', '/api/alerts/1'])
    expect([path, ...verdict(await ui.get(path))]).toEqual([path, 503, 'SENTINEL_UNREACHABLE'])
  for (const query of ['?limit=0', '?cursor=x', '?nonsense=1'])
    expect([query, ...verdict(await ui.get(`/api/alerts${query}`))]).toEqual([query, 400, 'INVALID_REQUEST'])
  expect((await ui.get('/api/stats?bucket=hour')).status).toBe(200)
  expect((await ui.get('/api/alerts', { Cookie: undefined })).status).toBe(401)
})

test('a sentinel that answers nonsense or nothing counts as away, one that refuses does not', async () => {
  ui.sentinel.raise(sampleAlert(1))
  await away(1)
  await ui.sentinel.start()
  for (const text of ['', '<html>']) {
    ui.sentinel.answers.set('GET /api/status', (_heard, response) => void (text && response.end(text)))
    expect((await ui.get('/api/status')).body.data['stale_since']).toBeDefined()
  }
  ui.sentinel.answers.set('GET /api/status', (_heard, response) => refuse(response, 401, 'UNAUTHORIZED', 'No.'))
  expect((await ui.get('/api/status')).body.code).toBe('SENTINEL_REFUSED_TOKEN')
  ui.sentinel.answers.set('GET /api/status', (_heard, response) => refuse(response, 503, 'UNAVAILABLE', 'Busy.'))
  expect((await ui.get('/api/status')).body).toMatchObject({ code: 'UNAVAILABLE', message: 'Busy.' })
})

test('nothing is made up where the sentinel was never heard', async () => {
  const stranger = new UiHarness()
  await stranger.startUi({ SENTINEL_API_BASE_URL: 'http://127.0.0.1:9/api' }, { callMs: 300 })
  await stranger.setUp()
  expect((await stranger.get('/api/alerts')).body.code).toBe('SENTINEL_UNREACHABLE')
  await stranger.ui.close()
})

test('an erasure empties what is kept', async () => {
  ui.sentinel.raise(sampleAlert(1))
  await until(() => ui.sentinel.followers.size === 1, 'the ui follows')
  const [follower] = ui.sentinel.followers
  ui.sentinel.answers.set('POST /api/data/erase', (_heard, response) => {
    ui.sentinel.alerts = []
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"status":"ok","data":{},"error":null}')
  })
  expect((await ui.post('/api/data/erase', { confirm: 'erase' })).status).toBe(200)
  await until(() => ui.sentinel.followers.size === 1 && !ui.sentinel.followers.has(follower as never), 'it begins anew')
  await away()
})

test('digests and their newest runs are kept', async () => {
  const runs = Array.from({ length: 30 }, (_, at) => sampleRun(30 - at))
  ui.sentinel.runs.set(4, runs)
  ui.sentinel.digests = [sampleDigest(4)]
  await until(() => ui.sentinel.followers.size === 1, 'the ui follows')
  ui.sentinel.emit('digest', {})
  const kept = async () => (await ui.get('/api/digests/4/runs')).body.data as unknown as { runs: { id: number }[] }
  await until(async () => (await kept()).runs.length === 30, 'all of them')
  ui.sentinel.answers.set('GET /api/digests/4', (_heard, response) => void response.end('<html>'))
  await until(async () => (await ui.get('/api/digests/4')).status === 200, 'one digest')
  await away()
  expect((await ui.get('/api/digests')).body.data).toMatchObject({
    digests: [{ id: 4 }],
    stale_since: expect.any(String),
  })
  expect((await kept()).runs.map(({ id }) => id)).toEqual(runs.slice(0, 20).map(({ id }) => id))
})
