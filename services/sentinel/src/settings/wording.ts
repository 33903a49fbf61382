import { failure, type SettingsChange } from '../model'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The text of a file. @throws ApiError INVALID_IMPORT */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw failure('INVALID_IMPORT', 'The file is not UTF-8 text.', cause)
  }
}

/** What a file changed, or would, in words. */
export function sentenceOf(changes: readonly SettingsChange[], isDryRun: boolean): string {
  const of = (action: SettingsChange['action']) => changes.filter((change) => change.action === action).length
  const [created, updated, skipped] = [of('create'), of('update'), of('skip')]
  const parts = [
    created > 0 && `${created} new`,
    updated > 0 && `${updated} changed`,
    skipped > 0 && `${skipped} skipped`,
  ]
  const said = parts.filter((part) => part !== false)
  const rest = of('unchanged')
  if (said.length === 0) return 'Nothing in it is new: all of it is so already.'
  return `${isDryRun ? 'It would be' : 'In force'}: ${said.join(', ')}${rest > 0 ? `; ${rest} as before` : ''}.`
}
