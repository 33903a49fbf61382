// npm run verify: format, lint, types, generated code and every test, from a fresh clone.
import { ensureInstalled, run } from './prepare.mjs'

ensureInstalled()
run(process.execPath, ['scripts/generate.mjs'])
run('npm', ['run', '--silent', 'format'])
run('npm', ['run', '--silent', 'lint'], { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' })
run(process.execPath, ['scripts/test.mjs'])
