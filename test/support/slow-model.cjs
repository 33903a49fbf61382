// For `node --require`: the thread of a sentence model takes twenty seconds to begin.
const { isMainThread, workerData } = require('node:worker_threads')

if (!isMainThread && workerData?.folder) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000)
