import { join } from 'node:path'
import { runService } from '@tgsentinel/kernel/lifecycle'
import { readConfig } from './config'
import { createSentinel } from './sentinel'
import { REBUILD, rebuildDatabase } from './store/rebuild'

const [, , task, path] = process.argv
if (task === REBUILD && path !== undefined) rebuildDatabase(path)
else void runService(() => createSentinel(readConfig(process.env), join(__dirname, 'session-inspector.js'), __filename))
