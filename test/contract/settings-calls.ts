import type { SentinelProcess } from '../support/sentinel-process'
import { json, refused, stranger, type Calls } from './contract-call'

const FILE = { content: 'version: 1\n' }

/** How each documented status of the settings file is brought about. */
export function settingsCalls({ api }: SentinelProcess): Calls {
  async function refusedOne(content: string): Promise<void> {
    const { status } = await api.request('POST', '/api/settings/import', { json: { content } })
    if (status !== 409) throw new Error(`it was read: ${status}`)
  }

  /** Of two that come at once one is refused while the other, of which nothing can be used, is read for a second or two. */
  async function whileAnotherIsRead(): Promise<void> {
    const long = `version: 1\nnothing:\n${Array.from({ length: 40_000 }, (_, index) => `- word${index}`).join('\n')}\n`
    await Promise.any([refusedOne(long), refusedOne(long)])
  }

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
        await whileAnotherIsRead()
        return { json: FILE, query: { dry_run: 'true' } }
      },
      413: () => ({ body: `{"content":"${'A'.repeat(7_000_000)}"}`, headers: json }),
      415: () => refused,
    },
  }
}
