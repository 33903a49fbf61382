import { HttpTally } from '@tgsentinel/kernel/http-tally'
import { Metrics } from './metrics'

const REPORT = { method: 'messages.getDialogs', priority: 'background' as const, outcome: 'ok', waitedMs: 40, ranMs: 7 }

function metricsOf(values: { depth?: number; floodMs?: number } = {}): Metrics {
  const { depth = 0, floodMs = 0 } = values
  return new Metrics(
    {
      queue: () => ({
        waiting: depth,
        interactive: depth,
        background: 0,
        running: null,
        capacity: 10,
        oldestWaitMs: depth * 1000,
      }),
      floodUntilMs: () => (floodMs === 0 ? null : Date.now() + floodMs),
      isConnected: () => true,
      backlog: () => 3,
      lastHeardAtMs: () => 1_700_000_000_000,
      totals: () => ({ messages: 12, alerts: 5 }),
      coverage: () => [
        { chat: { id: '-1001', title: 'News', kind: 'channel', username: null }, staleness_s: 7, bound_s: 60 },
        { chat: { id: '5', title: 'Mara', kind: 'private', username: null }, staleness_s: 7, bound_s: null },
      ],
      newestBackupAtMs: () => null,
      hasBackupFailed: () => false,
      summary: () => ({ open_gaps: 2, unfillable_gaps: 1, is_hearing: true }),
      deliveries: () => [{ destinationId: 3, state: 'dead', count: 4 }],
      unreadable: () => [{ chatId: '-1001', count: 2 }],
      internalErrors: () => 6,
      digests: () => [{ id: 8, state: 'scheduled', last_run: null }],
      status: () => ({ bot: { state: 'running', username: null, message: '' }, redis: 'up', import: null }),
      databaseBytes: () => 4096,
    },
    new HttpTally(),
  )
}

function valueOf(text: string, series: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `))
  return Number(line?.split(' ').at(-1))
}

describe('the metrics', () => {
  it('count every call, those before the first question as well', async () => {
    const metrics = metricsOf()
    for (let call = 0; call < 2500; call++) metrics.call(REPORT)
    metrics.call({ ...REPORT, outcome: 'FLOOD_WAIT', ranMs: 0 })
    const text = await metrics.render()
    const calls = 'tgsentinel_telegram_calls_total{method="messages.getDialogs"'
    expect(valueOf(text, `${calls},outcome="ok"}`)).toBe(2500)
    expect(valueOf(text, `${calls},outcome="FLOOD_WAIT"}`)).toBe(1)
    expect(valueOf(text, 'tgsentinel_telegram_call_wait_seconds_count{priority="background"}')).toBe(2501)
    expect(valueOf(text, 'tgsentinel_telegram_call_seconds_count{method="messages.getDialogs"}')).toBe(2500)
    metrics.call(REPORT)
    expect(valueOf(await metrics.render(), `${calls},outcome="ok"}`)).toBe(2501)
  })

  it('show totals that others keep as they are, however often they are asked for', async () => {
    const metrics = metricsOf()
    metrics.sessionEvent('session_imported')
    for (const outcome of ['accepted', 'truncated', 'truncated']) metrics.importEnd(outcome)
    await metrics.render()
    const text = await metrics.render()
    expect(valueOf(text, 'tgsentinel_internal_errors_total')).toBe(6)
    expect(valueOf(text, 'tgsentinel_session_events_total{event="session_imported"}')).toBe(1)
    expect(valueOf(text, 'tgsentinel_session_imports_total{outcome="truncated"}')).toBe(2)
    expect(valueOf(text, 'tgsentinel_database_bytes')).toBe(4096)
    expect(valueOf(text, 'tgsentinel_bot{state="running"}')).toBe(1)
    expect(valueOf(text, 'tgsentinel_redis{state="up"}')).toBe(1)
    expect(valueOf(text, 'tgsentinel_digests{digest="8",state="scheduled"}')).toBe(1)
    expect(valueOf(text, 'process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(text).toContain('nodejs_eventloop_lag_seconds ')
  })

  it('show what became of deliveries', async () => {
    expect(valueOf(await metricsOf().render(), 'tgsentinel_deliveries{destination="3",state="dead"}')).toBe(4)
  })

  it('show the queue and the flood as they are when they are asked for', async () => {
    const text = await metricsOf({ depth: 4, floodMs: 60_000 }).render()
    expect(valueOf(text, 'tgsentinel_telegram_queue_depth{priority="interactive"}')).toBe(4)
    expect(valueOf(text, 'tgsentinel_telegram_queue_oldest_wait_seconds')).toBe(4)
    expect(valueOf(text, 'tgsentinel_telegram_flood_wait_seconds')).toBeGreaterThan(50)
    expect(valueOf(text, 'tgsentinel_telegram_connected')).toBe(1)
    expect(valueOf(text, 'tgsentinel_backlog_messages')).toBe(3)
    expect(valueOf(text, 'tgsentinel_messages_stored_total')).toBe(12)
    expect(valueOf(text, 'tgsentinel_alerts_raised_total')).toBe(5)
  })

  it('say how stale each channel is, and how many gaps there are', async () => {
    const text = await metricsOf().render()
    expect(valueOf(text, 'tgsentinel_chat_staleness_seconds{chat="-1001"}')).toBe(7)
    expect(valueOf(text, 'tgsentinel_chat_staleness_bound_seconds{chat="-1001"}')).toBe(60)
    expect(text).not.toContain('{chat="5"}')
    expect(valueOf(text, 'tgsentinel_coverage_gaps{state="open"}')).toBe(2)
    expect(valueOf(text, 'tgsentinel_coverage_gaps{state="unfillable"}')).toBe(1)
    expect(valueOf(text, 'tgsentinel_hearing')).toBe(1)
  })
})
