import { render } from 'preact'
import { AnswerPage } from './answer-page'
import { App } from './app'
import { useAnswerToken } from './route'
import { applyTheme, storedTheme } from './theme'
import { followNotifications, startWorker } from './worker'

const root = document.getElementById('app')
applyTheme(storedTheme())
if (root) render(<Root />, root)
followNotifications()
// Without it the page works all the same; who needs it is told where it is needed.
if ('serviceWorker' in navigator) startWorker().catch(() => undefined)

/** Who follows the link of a notification need not be signed in. */
function Root() {
  const token = useAnswerToken()
  return token ? <AnswerPage key={token} token={token} /> : <App />
}
