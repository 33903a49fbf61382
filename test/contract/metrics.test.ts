import { UiHarness, sessionFile } from '../../services/ui/test/ui-harness'
import { TOKEN } from '../../services/ui/test/fake-sentinel'
import { SentinelProcess } from '../support/sentinel-process'

interface Metric {
  name: string
  help: string
  type: string
  labels: string[]
}

/** What `promtool check metrics` refuses, as its promlint has it. */
const RULES: Record<string, (metric: Metric) => boolean> = {
  'has no help': ({ help }) => help.trim() === '',
  'is a counter without _total': ({ name, type }) => type === 'counter' && !name.endsWith('_total'),
  'is no counter and ends in _total': ({ name, type }) => type !== 'counter' && name.endsWith('_total'),
  'ends as parts of a histogram do': ({ name, type }) =>
    !['histogram', 'summary'].includes(type) && /_(bucket|count|sum)$/.test(name),
  'has a label that is reserved': ({ labels, type }) =>
    (labels.includes('le') && type !== 'histogram') || (labels.includes('quantile') && type !== 'summary'),
  'names its type': ({ name }) => /_(counter|gauge|histogram|summary|untyped)(_|$)/.test(name),
  'is not in snake_case': ({ name, labels }) => [name, ...labels].some((one) => !/^[a-z][a-z0-9_]*$/.test(one)),
  'has no base unit': ({ name }) =>
    /_(milliseconds|microseconds|nanoseconds|minutes|hours|days|weeks|kilobytes|megabytes|gigabytes|bits|percent)(_total)?$/.test(
      name,
    ),
  'has a unit that is cut short': ({ name }) => /_(s|ms|us|ns|sec|b|kb|mb|gb|tb|m|h|d)(_total)?$/.test(name),
}

const REQUIRED = {
  both: [
    ['tgsentinel_http_requests_total', 'counter'],
    ['tgsentinel_http_request_seconds', 'histogram'],
    ['process_cpu_seconds_total', 'counter'],
    ['process_resident_memory_bytes', 'gauge'],
    ['nodejs_eventloop_lag_seconds', 'gauge'],
  ],
  sentinel: [
    ['tgsentinel_database_bytes', 'gauge'],
    ['tgsentinel_bot', 'gauge'],
    ['tgsentinel_redis', 'gauge'],
    ['tgsentinel_digests', 'gauge'],
    ['tgsentinel_session_import', 'gauge'],
    ['tgsentinel_session_events_total', 'counter'],
    ['tgsentinel_session_imports_total', 'counter'],
    ['tgsentinel_unreadable_messages', 'gauge'],
  ],
  ui: [
    ['tgsentinel_ui_sentinel_reachable', 'gauge'],
    ['tgsentinel_ui_database_bytes', 'gauge'],
    ['tgsentinel_ui_uploads_total', 'counter'],
  ],
}

function metricsIn(text: string): Metric[] {
  const metrics = new Map<string, Metric>()
  for (const line of text.split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? []
    if (kind === undefined) continue
    const metric = metrics.get(name) ?? { name, help: '', type: 'untyped', labels: labelsOf(name, text) }
    metrics.set(name, kind === 'HELP' ? { ...metric, help: rest } : { ...metric, type: rest })
  }
  return [...metrics.values()]
}

function labelsOf(name: string, text: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name}_bucket{`))
  return [...new Set(lines.flatMap((line) => [...line.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label)))]
}

/** The series of a text that have a name, without what they count. */
function seriesOf(text: string, name: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(name))
}

describe('the metrics', () => {
  let sentinel: SentinelProcess
  let ui: UiHarness

  beforeAll(async () => {
    sentinel = await SentinelProcess.start()
    ui = await UiHarness.start({}, { authorizationMs: 300 })
    await ui.setUp()
  })

  afterAll(async () => {
    await ui.stop()
    await sentinel.stop()
  })

  async function textOf(service: 'sentinel' | 'ui', headers = { Authorization: `Bearer ${TOKEN}` }): Promise<string> {
    if (service === 'sentinel') return sentinel.metrics()
    return (await fetch(`${ui.origin}/metrics`, { headers })).text()
  }

  it.each(['sentinel', 'ui'] as const)('of the %s are named as promtool wants it, and all there', async (service) => {
    // The first question counts in the second answer.
    await textOf(service)
    const metrics = metricsIn(await textOf(service))
    const wrongs = metrics.flatMap((metric) =>
      Object.entries(RULES)
        .filter(([, isWrong]) => isWrong(metric))
        .map(([what]) => `${metric.name} ${what}`),
    )
    expect(wrongs).toEqual([])
    const types = new Map(metrics.map(({ name, type }) => [name, type]))
    for (const [name = '', type] of [...REQUIRED.both, ...REQUIRED[service]])
      expect([name, types.get(name)]).toEqual([name, type])
  })

  it('of the ui count requests by operation and status, its own, those that it forwards, and nobody’s', async () => {
    await ui.get('/api/profiles')
    await ui.get('/api/nothing')
    await ui.get('/api/auth', { Cookie: undefined })
    const text = await textOf('ui')
    for (const labels of ['operation="listProfiles",status="200"', 'operation="none",status="404"'])
      expect(seriesOf(text, `tgsentinel_http_requests_total{${labels}} `)).toHaveLength(1)
    expect(seriesOf(text, 'tgsentinel_http_requests_total{operation="getAuth",status="200"} ')).toHaveLength(1)
    expect(seriesOf(text, 'tgsentinel_http_request_seconds_bucket{operation="getAuth",le="+Inf"} ')).toHaveLength(1)
  })

  it('of the ui count uploads by what came of them, and tell whether the sentinel is there', async () => {
    await ui.upload(sessionFile('a01_minimal_v7.session'))
    await ui.upload(sessionFile('r06_missing_sessions.session'))
    const text = await textOf('ui')
    expect(text).toContain('tgsentinel_ui_uploads_total{outcome="authorized"} 1\n')
    expect(text).toContain('tgsentinel_ui_uploads_total{outcome="INVALID_SESSION_FILE"} 1\n')
    expect(text).toContain('tgsentinel_ui_sentinel_reachable 1\n')
  })

  it('of the ui are for its owner and for programs with the token; without one, for who is on this machine', async () => {
    const statusFor = async (harness: UiHarness, headers: Record<string, string>) =>
      (await fetch(`${harness.origin}/metrics`, { headers })).status
    expect(await statusFor(ui, {})).toBe(401)
    expect(await statusFor(ui, { Authorization: 'Bearer another' })).toBe(401)
    expect(await statusFor(ui, { Cookie: ui.cookie })).toBe(200)
    const open = await UiHarness.start({ SENTINEL_API_TOKEN: '' })
    await open.setUp()
    expect(await statusFor(open, {})).toBe(200)
    expect(await statusFor(open, { Origin: 'https://evil.example' })).toBe(401)
    expect(await statusFor(open, { 'X-Forwarded-For': '192.0.2.7' })).toBe(401)
    expect((await open.get('/api/audit', { Cookie: undefined })).status).toBe(401)
    await open.stop()
  })
})
