// npm run backup [-- --to DIR] and npm run restore -- FILE: what `tgsentinel` does in the images, with this clone's data folder.
import { ensureBuilt, root } from './prepare.mjs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

ensureBuilt()
const program = join(root, 'services/backup/dist/main.js')
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exitCode = status ?? 1
