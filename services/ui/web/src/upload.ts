import { useState } from 'preact/hooks'
import { ApiFailure, apiUrl, messageOf, unreachable, unwrap } from './api'
import { useLiveEvent, type Live } from './live'
import type { Uploaded } from './model'

export const STAGES = ['checked', 'forwarded', 'connecting', 'authorized'] as const
export type Stage = (typeof STAGES)[number]

export interface UploadState {
  id: string
  fileName: string
  sentShare: number
  /** How many stages are behind us. */
  done: number
  message: string
  /** Of a failure. */
  code: string
  result: 'running' | 'failed' | Uploaded
}

const MAX_BYTES = 10 * 1024 * 1024

/** One upload at a time: the bytes' way by XMLHttpRequest, which alone tells how far it is; the stages by events. */
export function useUpload(live: Live) {
  const [upload, setUpload] = useState<UploadState | undefined>()
  const change = (part: Partial<UploadState>) => setUpload((before) => before && { ...before, ...part })
  useLiveEvent(live, 'upload', ({ upload_id, stage, message }) => {
    if (upload_id !== upload?.id || upload.result !== 'running') return
    if (stage !== 'failed') change({ done: doneAt(stage), message, sentShare: 1 })
  })
  useLiveEvent(live, 'status', ({ authorized, import: latest, session_generation: generation, user_info: user }) => {
    // It was only late: the latest import is this one.
    const isLate = upload?.result === 'failed' && upload.code === 'NOT_AUTHORIZED_IN_TIME'
    if (!isLate || !authorized || latest?.state !== 'authorized' || !user) return
    change({ result: { redirect: '', generation, user_info: user }, done: STAGES.length })
  })
  const start = (file: File) => {
    const id = randomId()
    setUpload({ id, fileName: file.name, sentShare: 0, done: 0, message: '', code: '', result: 'running' })
    send(file, id, (sentShare) => change({ sentShare }))
      .then((result) => change({ result, done: STAGES.length, sentShare: 1, message: '' }))
      .catch((error: unknown) => change({ result: 'failed', message: messageOf(error), code: codeOf(error) }))
  }
  return { upload, start }
}

function codeOf(error: unknown): string {
  return error instanceof ApiFailure ? error.code : ''
}

/** `connecting` is told when it begins, the others when they are done. */
function doneAt(stage: Stage): number {
  return stage === 'connecting' ? STAGES.indexOf('connecting') : STAGES.indexOf(stage) + 1
}

function send(file: File, id: string, onProgress: (share: number) => void): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    if (file.size > MAX_BYTES)
      throw new ApiFailure(
        413,
        'FILE_TOO_LARGE',
        'File too large (max 10 MB). A session file is rarely larger than 1 MB.',
      )
    const form = new FormData()
    form.append('session_file', file)
    const request = new XMLHttpRequest()
    request.open('POST', apiUrl(`session/upload?upload_id=${id}`))
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onerror = () => reject(unreachable())
    request.onload = () => {
      try {
        resolve(unwrap<Uploaded>(request.status, request.responseText))
      } catch (error) {
        reject(error as Error)
      }
    }
    request.send(form)
  })
}

/** crypto.randomUUID is missing where the page is served without TLS. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
