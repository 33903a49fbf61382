import { ok } from '@tgsentinel/kernel/errors'
import { actorOf } from './actor'
import { Payload, type Call, type Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import { failure } from '../model'
import type { Settings } from '../settings/settings'
import { sentenceOf, textOf } from '../settings/wording'

type Served = Pick<operations, 'exportSettings' | 'importSettings'>

export function settingsHandlers(settings: Settings): Handlers<Served> {
  return {
    exportSettings: async ({ query: { format } }) =>
      format === 'yaml'
        ? new Payload('application/yaml', Buffer.from(await settings.exportYaml()))
        : ok(await settings.export()),
    importSettings: async (call) => {
      const { dry_run: isDryRun = false } = call.query
      const by = actorOf(call.request)
      const changes = await settings.import(contentOf(call), { by, isDryRun, signal: call.signal })
      return ok({ dry_run: isDryRun, changes }, sentenceOf(changes, isDryRun))
    },
  }
}

function contentOf({ file, body }: Call<operations['importSettings']>): string {
  if (file) return textOf(file.bytes)
  // A JSON body is always there once it is validated: without one it was a multipart without a file.
  if (body === undefined) throw failure('INVALID_IMPORT', 'No file was sent. Send it as the field settings_file.')
  return body.content
}
