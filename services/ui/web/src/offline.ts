import { applyTheme, storedTheme } from './theme'

const FIRST_MS = 2000
const LAST_MS = 30_000

/** Shown by the worker in the place of the page, at the page's own address: once somebody answers there, the page is loaded. */
const state = document.getElementById('state')
let waitMs = FIRST_MS
let timer = 0

applyTheme(storedTheme())
addEventListener('online', () => void tryAgain())
document.getElementById('again')?.addEventListener('click', () => void tryAgain())
waitOnce()

async function tryAgain(): Promise<void> {
  clearTimeout(timer)
  if (state) state.textContent = 'Trying…'
  const response = await fetch(new URL('api/health', document.baseURI)).catch(() => undefined)
  if (response?.ok) return location.reload()
  if (state) state.textContent = 'Not yet. This page tries again by itself.'
  waitOnce()
}

function waitOnce(): void {
  timer = window.setTimeout(() => void tryAgain(), waitMs)
  waitMs = Math.min(2 * waitMs, LAST_MS)
}
