// For `node --require`: each SIGUSR2 moves the wall clock by the next of CLOCK_JUMPS (milliseconds, parted by commas), as an operator or NTP would.
const RealDate = Date
const jumps = (process.env.CLOCK_JUMPS ?? '').split(',').map(Number)
let offsetMs = 0

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + offsetMs)
    else super(...parts)
  }

  static now() {
    return RealDate.now() + offsetMs
  }
}

process.on('SIGUSR2', () => {
  offsetMs += jumps.shift() ?? 0
  process.stderr.write(`the clock is off by ${offsetMs} ms\n`)
})
