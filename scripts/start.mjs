// npm start: installs and builds what is missing, runs both services, says where to go. Node's own modules only.
import { ensureBuilt } from './prepare.mjs'
import { runTogether } from './run.mjs'

ensureBuilt()
await runTogether({})
