import sentinel from '../../../openapi/generated/sentinel.json'
import ui from '../../../openapi/generated/ui.json'
import { TOO_LARGE } from './size-limit'

it.each([
  ['the sentinel', sentinel.paths['/api/session/import'].post['x-too-large-hint']],
  ['the ui', ui.paths['/api/session/upload'].post['x-too-large-hint']],
])('the document of %s says the way out of a file that is too large in the same words', (_whose, hint) => {
  expect(`${TOO_LARGE}.`).toBe(`File too large (max 10 MB). ${hint}`)
})
