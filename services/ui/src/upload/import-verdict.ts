import type { Status, UserInfo } from '../model'

export type ImportVerdict =
  | { state: 'authorized'; user: UserInfo }
  | { state: 'rejected'; message: string }
  | { state: 'needs_app'; message: string }
  | { state: 'waiting'; message: string }

/**
 * What a status says about the import of `generation`. That an older account is authorized says nothing about it, and a
 * newer import takes the place of this one.
 */
export function judgeImport(status: Status, generation: number): ImportVerdict {
  const { session_generation: inForce, user_info: user, import: latest } = status
  if (status.authorized && inForce === generation && user) return { state: 'authorized', user }
  const own = latest?.generation === generation ? latest : null
  if (own?.state === 'failed') return { state: 'rejected', message: own.message }
  if (isNewer(status, generation)) return { state: 'rejected', message: SUPERSEDED }
  if (own?.code === 'NEEDS_APP' || !status.app_configured) return { state: 'needs_app', message: NEEDS_APP }
  return { state: 'waiting', message: own?.message || status.state_message }
}

function isNewer({ session_generation: inForce, import: latest }: Status, generation: number): boolean {
  return inForce > generation || (latest !== null && latest.generation > generation)
}

const SUPERSEDED = 'A newer upload took the place of this one.'
const NEEDS_APP =
  'The session is stored, but no Telegram application is set yet. Enter the API id and API hash on this page; the session connects then.'
