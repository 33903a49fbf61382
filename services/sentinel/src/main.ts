import { join } from 'node:path'
import { runService } from '@tgsentinel/kernel/lifecycle'
import { limitAccess, tightenFolder } from '@tgsentinel/kernel/sqlite'
import { readConfig } from './config'
import { createSentinel } from './sentinel'
import { REBUILD, rebuildDatabase } from './store/rebuild'

limitAccess(process.env['FILE_ACCESS'] === 'group')
tightenFolder(join(process.env['DATA_DIR'] || 'data', 'sentinel'))
const [, , task, path] = process.argv
if (task === REBUILD && path !== undefined) rebuildDatabase(path)
else void runService(() => createSentinel(readConfig(process.env), join(__dirname, 'session-inspector.js'), __filename))
