import { join } from 'node:path'
import { runService } from '@tgsentinel/kernel/lifecycle'
import { readConfig } from './config'
import { createSentinel } from './sentinel'

void runService(() => createSentinel(readConfig(process.env), join(__dirname, 'session-inspector.js')))
