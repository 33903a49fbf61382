// For `node --require`: how late the event loop is. LOOP_LAG_FILE gets {p50, p99, max} in milliseconds, twice a second; SIGUSR2 begins anew.
const { writeFileSync } = require('node:fs')
const { monitorEventLoopDelay } = require('node:perf_hooks')

const RESOLUTION_MS = 10
const lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)

lag.enable()
setInterval(() => {
  const figures = { p50: late(lag.percentile(50)), p99: late(lag.percentile(99)), max: late(lag.max) }
  writeFileSync(process.env.LOOP_LAG_FILE, JSON.stringify(figures))
}, 500).unref()
process.on('SIGUSR2', () => lag.reset())
