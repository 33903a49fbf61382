import { MAX_SESSION_BYTES, TOO_LARGE } from '@tgsentinel/session-codec/size-limit'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiFailure, apiUrl, call, codeOf, messageOf, unreachable, unwrap } from './api'
import { useLiveEvent, type Live } from './live'
import type { SessionFormat, Status, Uploaded } from './model'
import { doneAt, isPyrogram, lateSuccess, STAGES, type UploadState } from './upload-state'

export interface Uploading {
  upload: UploadState | undefined
  start: (file: File) => void
  /** Sends the file again, to be converted; only where it was refused as another tool's. */
  convert: (() => void) | undefined
  /** Only while it is under way. */
  cancel: (() => void) | undefined
}

/** One upload at a time: the bytes' way by XMLHttpRequest, which alone tells how far it is; the stages by events. */
export function useUpload(live: Live, status: Status | undefined): Uploading {
  const [upload, setUpload] = useState<UploadState | undefined>()
  const change = (part: Partial<UploadState>) => setUpload((before) => before && { ...before, ...part })
  const isRunning = upload?.result === 'running'
  // The stages are told once: a tab that is left meanwhile goes on listening.
  useEffect(() => (isRunning ? live.pin() : undefined), [isRunning])
  useLiveEvent(live, 'upload', ({ upload_id, stage, message, generation }) => {
    if (upload_id !== upload?.id || upload.result !== 'running') return
    if (generation !== undefined) change({ generation })
    if (stage !== 'failed') change({ done: doneAt(stage), message, sentShare: 1 })
  })
  useEffect(() => {
    const result = upload && status && lateSuccess(upload, status)
    if (result) change({ result, done: STAGES.length })
  }, [upload, status])
  const sent = useRef<File | undefined>(undefined)
  const request = useRef<XMLHttpRequest | undefined>(undefined)
  const begin = (file: File, format: SessionFormat) => {
    const id = randomId()
    sent.current = file
    setUpload({ ...BEGUN, id, fileName: file.name, format })
    request.current = new XMLHttpRequest()
    send(request.current, file, format, id, (sentShare) => change({ sentShare }))
      .then((result) => change({ result, done: STAGES.length, sentShare: 1, message: '' }))
      .catch((error: unknown) => change({ result: 'failed', message: messageOf(error), code: codeOf(error) }))
  }
  const convert = () => sent.current && begin(sent.current, 'pyrogram')
  const start = (file: File) => begin(file, 'telethon')
  const cancel = () => {
    if (upload?.generation === undefined) return request.current?.abort()
    // Where it is too late, the upload's own answer says how it ended.
    call('DELETE', `session/import?generation=${upload.generation}`).catch(() => undefined)
  }
  return {
    upload,
    start,
    convert: upload && isPyrogram(upload) ? convert : undefined,
    cancel: isRunning ? cancel : undefined,
  }
}

const BEGUN = { sentShare: 0, done: 0, message: '', code: '', generation: undefined, result: 'running' } as const

function send(
  request: XMLHttpRequest,
  file: File,
  format: SessionFormat,
  id: string,
  onProgress: (share: number) => void,
): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    if (file.size > MAX_SESSION_BYTES) throw new ApiFailure(413, 'FILE_TOO_LARGE', `${TOO_LARGE}.`)
    const form = new FormData()
    form.append('format', format)
    form.append('session_file', file)
    request.open('POST', apiUrl(`session/upload?upload_id=${id}`))
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onerror = () => reject(unreachable())
    request.onabort = () =>
      reject(new ApiFailure(0, 'IMPORT_CANCELLED', 'The upload was cancelled. Nothing has changed.'))
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
