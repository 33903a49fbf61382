// For `node --require`: kills the process just before or after a write to sentinel.db.
// CRASH_AT is before|after:<table>:<n>, or before|after:commit@<table>:<n>, the n-th commit of a transaction that wrote the table
// (commit alone: of any); counting begins with SIGUSR2, which is answered by a line on stderr.
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
  if (name !== 'commit') {
    if (name) written.add(name)
    return name === target
  }
  const isIt = target === 'commit' || (target.startsWith('commit@') && written.has(target.slice('commit@'.length)))
  written.clear()
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
