import type { ErrorCode, Status, UserInfo } from '../model'

/** What an import came to, as the code of an answer. */
export type ImportFailureCode = Extract<
  ErrorCode,
  'SESSION_REJECTED' | 'IMPORT_CANCELLED' | 'NOT_AUTHORIZED_IN_TIME' | 'STORAGE_UNAVAILABLE' | 'NEEDS_APP'
>

export type ImportVerdict =
  | { state: 'authorized'; user: UserInfo }
  | { state: 'failed'; code: ImportFailureCode; message: string }
  | { state: 'waiting'; message: string }

/**
 * What a status says about the import of `generation`. That an older account is authorized says nothing about it, and a
 * newer import takes the place of this one.
 */
export function judgeImport(status: Status, generation: number): ImportVerdict {
  const { session_generation: inForce, user_info: user, import: latest } = status
  if (status.authorized && inForce === generation && user) return { state: 'authorized', user }
  const own = latest?.generation === generation ? latest : null
  if (own?.state === 'failed') return failed(codeOf(own.code), own.message)
  if (isNewer(status, generation)) return failed('SESSION_REJECTED', SUPERSEDED)
  if (own?.code === 'NEEDS_APP' || !status.app_configured) return failed('NEEDS_APP', NEEDS_APP)
  return { state: 'waiting', message: own?.message || status.state_message }
}

function failed(code: ImportFailureCode, message: string): ImportVerdict {
  return { state: 'failed', code, message }
}

/** Of the sentinel's reasons; whatever Telegram says against a session is a rejection. */
function codeOf(reason: string | null): ImportFailureCode {
  switch (reason) {
    case 'TIMEOUT':
      return 'NOT_AUTHORIZED_IN_TIME'
    case 'CANCELLED':
      return 'IMPORT_CANCELLED'
    case 'STORAGE':
      return 'STORAGE_UNAVAILABLE'
    default:
      return 'SESSION_REJECTED'
  }
}

function isNewer({ session_generation: inForce, import: latest }: Status, generation: number): boolean {
  return inForce > generation || (latest !== null && latest.generation > generation)
}

const SUPERSEDED = 'A newer upload took the place of this one.'
const NEEDS_APP =
  'The session is stored, but no Telegram application is set yet. Enter the API id and API hash on this page; the session connects then.'
