import { ApiError, ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { Metrics } from '../metrics'
import { failure, type Operations, type SessionFormat } from '../model'
import type { AuditLog } from '../store/audit-log'
import { signedInAs, type Upload } from '../upload/upload'
import { callerOf } from './caller'

export function sessionHandlers(
  upload: Upload,
  audit: AuditLog,
  metrics: Metrics,
  basePath: string,
): Handlers<Pick<Operations, 'uploadSession'>> {
  return {
    uploadSession: async (call) => {
      const { address } = callerOf(call.request)
      try {
        const arrived = {
          file: call.file,
          onForwarded: call.releaseBody,
          format: formatOf(call.fields['format']),
          uploadId: call.query.upload_id,
        }
        const { generation, user } = await upload.run(arrived, call)
        metrics.upload('authorized')
        audit.add('session_uploaded', `generation ${generation}`, address)
        return ok({ redirect: basePath, generation, user_info: user }, signedInAs(user))
      } catch (error) {
        const code = error instanceof ApiError ? error.code : 'INTERNAL'
        metrics.upload(call.signal.aborted ? 'caller_gone' : code)
        audit.add('session_upload_failed', call.signal.aborted ? 'the browser went away' : code, address)
        throw error
      }
    },
  }
}

function formatOf(text: string | undefined): SessionFormat {
  if (text === undefined || text === 'telethon' || text === 'pyrogram') return text ?? 'telethon'
  throw failure('INVALID_REQUEST', 'format must be one of telethon, pyrogram.')
}
