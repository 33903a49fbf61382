import type { SessionFormat, Status, Uploaded } from './model'

export const STAGES = ['checked', 'forwarded', 'connecting', 'authorized'] as const
export type Stage = (typeof STAGES)[number]

export interface UploadState {
  id: string
  fileName: string
  format: SessionFormat
  sentShare: number
  /** How many stages are behind us. */
  done: number
  message: string
  /** Of a failure. */
  code: string
  /** Of the import, once the sentinel has it. */
  generation: number | undefined
  result: 'running' | 'failed' | Uploaded
}

/** `connecting` is told when it begins, the others when they are done. */
export function doneAt(stage: Stage): number {
  return stage === 'connecting' ? STAGES.indexOf('connecting') : STAGES.indexOf(stage) + 1
}

/** Whether it was refused because another tool wrote it, one whose files can be converted. */
export function isPyrogram({ format, result, code, message }: UploadState): boolean {
  return (
    format === 'telethon' &&
    result === 'failed' &&
    code === 'INVALID_SESSION_FILE' &&
    message.includes('Pyrogram session')
  )
}

/** Failures after which it may take force all the same: it waits for an application, or could not be given up. */
const LATE = ['NEEDS_APP', 'NOT_AUTHORIZED_IN_TIME']

/** What came of an upload that was only late: the account is authorized with this very import, not just with any. */
export function lateSuccess(upload: UploadState, status: Status): Uploaded | undefined {
  const { authorized, session_generation: generation, user_info: user } = status
  const isLate = upload.result === 'failed' && LATE.includes(upload.code)
  if (!isLate || !authorized || !user || generation !== upload.generation) return undefined
  return { redirect: '', generation, user_info: user }
}
