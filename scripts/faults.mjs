// npm run faults -- --seeds N [--seed S] [--jobs J] [--patience seconds] [--[no-]too-long]: sentinels over a simulated Telegram that loses, repeats, reorders and
// withholds, with kill -9 at every step boundary; what is stored in the end has to be what was posted. Ends with 1 where it is not.
import { spawnSync } from 'node:child_process'
import { ensureBuilt, root } from './prepare.mjs'

ensureBuilt()
const args = ['--import', 'tsx', 'test/faults/main.ts', ...process.argv.slice(2)]
process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1
