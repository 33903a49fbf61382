import { join } from 'node:path'
import { runService } from '@tgsentinel/kernel/lifecycle'
import { readConfig } from './config'
import { createUi } from './ui'

/** Beside the bundled service and beside the sources alike. */
const WEB_FOLDER = join(__dirname, '../dist/web')

void runService(() =>
  createUi(readConfig(process.env), { webFolder: WEB_FOLDER, backupPath: join(__dirname, 'backup.js') }),
)
