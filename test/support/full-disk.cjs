// Preloaded with --require: after SIGUSR2, and until the next, sentinel.db takes no write that has the value of FAIL_ON among its parameters,
// as on a full disk.
const Database = require('@tgsentinel/sqlite-driver')

const probe = new Database(':memory:')
const statements = Object.getPrototypeOf(probe.prepare('SELECT 1'))
probe.close()
const { run } = statements
let isFull = false
process.on('SIGUSR2', () => {
  isFull = !isFull
  process.stderr.write(`the disk is ${isFull ? 'full' : 'free'}\n`)
})
statements.run = function (...parameters) {
  if (isFull && this.database.name.endsWith('sentinel.db') && parameters.includes(process.env.FAIL_ON))
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  return run.apply(this, parameters)
}
