import { render } from 'preact'
import { App } from './app'
import { applyTheme, storedTheme } from './theme'
import { followNotifications, startWorker } from './worker'

const root = document.getElementById('app')
applyTheme(storedTheme())
if (root) render(<App />, root)
followNotifications()
// Without it the page works all the same; who needs it is told where it is needed.
if ('serviceWorker' in navigator) startWorker().catch(() => undefined)
