// For `node --require`: how late timers are. LOOP_DELAY_FILE gets the greatest lateness in milliseconds, whenever it grows; SIGUSR2 begins anew.
const { writeFileSync } = require('node:fs')

const EVERY_MS = 10
let worst = 0
let due = performance.now() + EVERY_MS

function tick() {
  const late = performance.now() - due
  if (late > worst) {
    worst = late
    writeFileSync(process.env.LOOP_DELAY_FILE, String(worst))
  }
  due = performance.now() + EVERY_MS
  setTimeout(tick, EVERY_MS).unref()
}

setTimeout(tick, EVERY_MS).unref()
process.on('SIGUSR2', () => {
  worst = 0
  writeFileSync(process.env.LOOP_DELAY_FILE, '0')
})
