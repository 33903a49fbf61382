// npm run stress [-- seconds [concurrency]]: a minute of 1,000 callers at once against the built sentinel, while Telegram asks to wait,
// somebody signs in and a file is imported. Ends with 1 when a call was lost or met a lock, or calls overlapped.
import { spawnSync } from 'node:child_process'
import { ensureBuilt, root } from './prepare.mjs'

ensureBuilt()
const args = ['--import', 'tsx', 'test/stress/main.ts', ...process.argv.slice(2)]
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1
