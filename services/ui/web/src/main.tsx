import { render } from 'preact'
import { App } from './app'
import { applyTheme, storedTheme } from './theme'

const root = document.getElementById('app')
applyTheme(storedTheme())
if (root) render(<App />, root)
