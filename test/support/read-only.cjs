// For `node --require`: after SIGUSR2, and until the next, sentinel.db takes no write, as where its volume became read-only.
const Database = require('@tgsentinel/sqlite-driver')

const probe = new Database(':memory:')
const statements = Object.getPrototypeOf(probe.prepare('SELECT 1'))
probe.close()
const { run } = statements
let isReadOnly = false
process.on('SIGUSR2', () => {
  isReadOnly = !isReadOnly
  process.stderr.write(`the volume is ${isReadOnly ? 'read-only' : 'writable'}\n`)
})
statements.run = function (...parameters) {
  if (isReadOnly && this.database.name.endsWith('sentinel.db') && !this.readonly)
    throw Object.assign(new Error('attempt to write a readonly database'), { code: 'SQLITE_READONLY' })
  return run.apply(this, parameters)
}
