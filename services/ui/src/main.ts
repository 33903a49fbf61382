import { join } from 'node:path'
import { runService } from '@tgsentinel/kernel/lifecycle'
import { limitAccess, tightenFolder } from '@tgsentinel/kernel/sqlite'
import { readConfig } from './config'
import { createUi } from './ui'

/** Beside the bundled service and beside the sources alike. */
const WEB_FOLDER = join(__dirname, '../dist/web')

limitAccess(process.env['FILE_ACCESS'] === 'group')
tightenFolder(join(process.env['DATA_DIR'] || 'data', 'ui'))
void runService(() =>
  createUi(readConfig(process.env), { webFolder: WEB_FOLDER, backupPath: join(__dirname, 'backup.js') }),
)
