// For `node --require`: kills the process just before or after a write to sentinel.db.
// CRASH_AT is before|after:<table or commit>:<n>, or before|after:<table or commit>@<other table>:<n>, the n-th in transactions that
// have written the other table; counting begins with SIGUSR2, which is answered by a line on stderr.
const Database = require('@tgsentinel/sqlite-driver')

const [when, target, count] = (process.env.CRASH_AT ?? '').split(':')
const statements = Object.getPrototypeOf(new Database(':memory:').prepare('SELECT 1'))
const { run } = statements
let left = 0
/** Tables that the transaction under way has written. */
const written = new Set()

process.on('SIGUSR2', () => {
  left = Number(count)
  process.stderr.write('armed\n')
})

statements.run = function runOrCrash(...parameters) {
  if (left === 0 || !this.database.name.endsWith('sentinel.db') || !isTarget(targetOf(this.source))) {
    return run.apply(this, parameters)
  }
  left -= 1
  if (left === 0 && when === 'before') crash()
  const result = run.apply(this, parameters)
  if (left === 0) crash()
  return result
}

function isTarget(name) {
  const [table, beside] = target.split('@')
  if (name && name !== 'commit') written.add(name)
  const isIt = name === table && (beside === undefined || written.has(beside))
  if (name === 'commit') written.clear()
  return isIt
}

function targetOf(sql) {
  if (/^\s*COMMIT/i.test(sql)) return 'commit'
  return /^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)/i.exec(sql)?.[1]
}

function crash() {
  process.kill(process.pid, 'SIGKILL')
  // The signal is delivered at once; nothing of the program may run on until then.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000)
}
