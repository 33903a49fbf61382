import { useState } from 'preact/hooks'
import { Notice } from './notice'
import type { Uploading } from './upload'
import { STAGES, type Stage, type UploadState } from './upload-state'

const LABELS: Record<Stage, string> = {
  checked: 'Check of the file',
  forwarded: 'Handover to the sentinel',
  connecting: 'Connection to Telegram',
  authorized: 'Authorized',
}

/** A file from the disk. A Pyrogram file is offered to be converted. */
export function SessionUpload({ uploading: { upload, start, convert, cancel } }: { uploading: Uploading }) {
  const isRunning = upload?.result === 'running'
  return (
    <>
      <p>
        A Telethon <code>.session</code> file of your account. It goes to the sentinel on your machine and nowhere else.
      </p>
      <Notice kind="warning">
        Stop the tool that used this file before you upload it. If two programs use one session at once, Telegram
        revokes it for both (AUTH_KEY_DUPLICATED).
      </Notice>
      <DropZone isBusy={isRunning} onFile={start} />
      {upload?.result === 'failed' && (
        <Notice kind="error" testId="upload-error">
          {upload.message}
        </Notice>
      )}
      {convert && (
        <div>
          <button class="button primary" data-testid="convert" onClick={convert}>
            Convert and import
          </button>
        </div>
      )}
      {upload && typeof upload.result === 'object' && (
        <Notice kind="good">Signed in as {nameOf(upload.result.user_info)}.</Notice>
      )}
      {upload && <Progress upload={upload} />}
      {cancel && (
        <div>
          <button class="button" data-testid="upload-cancel" onClick={cancel}>
            Cancel
          </button>
        </div>
      )}
    </>
  )
}

function DropZone({ isBusy, onFile }: { isBusy: boolean; onFile: (file: File) => void }) {
  const [isOver, setOver] = useState(false)
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0]
    if (file && !isBusy) onFile(file)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer?.files)
  }
  const over = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  return (
    <label class={`drop ${isOver ? 'is-over' : ''}`} onDrop={drop} onDragOver={over} onDragLeave={() => setOver(false)}>
      <input
        type="file"
        class="drop-input"
        data-testid="upload-input"
        disabled={isBusy}
        onChange={(event) => {
          take(event.currentTarget.files)
          // The same file chosen again is a new choice.
          event.currentTarget.value = ''
        }}
      />
      <span class="drop-title">{isBusy ? 'Uploading…' : 'Choose a session file'}</span>
      <span class="hint">{isBusy ? 'This can take up to a minute' : 'or drop it here, at most 10 MB'}</span>
    </label>
  )
}

function Progress({ upload }: { upload: UploadState }) {
  const percent = Math.round(upload.sentShare * 100)
  return (
    <div class="progress">
      <p class="progress-file">
        <span>{upload.fileName}</span> <span>{percent} % sent</span>
      </p>
      <progress max={100} value={percent} aria-label="Bytes sent" />
      <ol class="steps" aria-live="polite">
        {STAGES.map((stage, index) => (
          <Step key={stage} stage={stage} index={index} upload={upload} />
        ))}
      </ol>
    </div>
  )
}

function Step({ stage, index, upload }: { stage: Stage; index: number; upload: UploadState }) {
  const state = stateOf(index, upload)
  const name =
    stage === 'authorized' && typeof upload.result === 'object' ? ` as ${nameOf(upload.result.user_info)}` : ''
  return (
    <li class={`step step-${state}`} data-testid={`upload-stage-${stage}`} data-state={state}>
      {LABELS[stage]}
      {name}
      <span class="visually-hidden">: {state}</span>
    </li>
  )
}

function stateOf(index: number, { done, result }: UploadState): 'done' | 'active' | 'failed' | 'pending' {
  if (index < done) return 'done'
  if (index > done) return 'pending'
  return result === 'failed' ? 'failed' : 'active'
}

function nameOf(user: { username: string | null; first_name: string }): string {
  return user.username ? `@${user.username}` : user.first_name
}
