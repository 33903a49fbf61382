import type { SentinelProcess } from '../support/sentinel-process'
import { json, refused, stranger, type Calls } from './contract-call'
import { whileAnotherIsRead } from './large-file'

const FILE = { content: 'version: 1\n' }

/** How each documented status of the settings file is brought about. */
export function settingsCalls(sentinel: SentinelProcess): Calls {
  return {
    exportSettings: {
      200: () => ({ query: { format: 'yaml' } }),
      400: () => ({ query: { format: 'xml' } }),
      401: () => stranger,
    },
    importSettings: {
      200: () => ({ json: FILE, query: { dry_run: 'true' }, headers: { 'X-Actor': 'page' } }),
      400: () => ({ json: { content: 'version: 2' } }),
      401: () => ({ json: FILE, ...stranger }),
      409: async () => {
        await whileAnotherIsRead(sentinel, '/api/settings/import')
        return { json: FILE, query: { dry_run: 'true' } }
      },
      413: () => ({ body: `{"content":"${'A'.repeat(7_000_000)}"}`, headers: json }),
      415: () => refused,
    },
  }
}
