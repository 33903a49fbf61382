import type { Counter, Gauge, Registry } from 'prom-client'

export type Prometheus = typeof import('prom-client')
export interface MetricRegistry {
  prometheus: Prometheus
  registry: Registry
}

/** Gauges with the ending of a counter, which promtool refuses. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/**
 * The library, and a registry that has what a process tells of itself: processor, memory, files, the lag of its event loop. Loaded when
 * somebody asks first, since it costs 11 MB and most never ask.
 */
export async function openRegistry(): Promise<MetricRegistry> {
  const prometheus = await import('prom-client')
  const registry = new prometheus.Registry()
  prometheus.collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  return { prometheus, registry }
}

/** What one kind of metric is told when somebody asks: its values, each with its labels. */
export type Values = () => [labels: Record<string, string>, value: number][]

export function addGauge(to: MetricRegistry, name: string, help: string, labelNames: string[], values: Values): void {
  const fill = (gauge: Gauge) => values().forEach(([labels, value]) => gauge.set(labels, value))
  new to.prometheus.Gauge({ name, help, labelNames, registers: [to.registry], collect: refilled(fill) })
}

/** `values` are totals that somebody else keeps. */
export function addCounter(to: MetricRegistry, name: string, help: string, labelNames: string[], values: Values): void {
  const fill = (counter: Counter) => values().forEach(([labels, value]) => counter.inc(labels, value))
  new to.prometheus.Counter({ name, help, labelNames, registers: [to.registry], collect: refilled(fill) })
}

function refilled<M extends { reset(): void }>(fill: (metric: M) => void) {
  return function (this: M): void {
    this.reset()
    fill(this)
  }
}
