import type { Status } from './model'
import { Notice } from './notice'
import { PasswordForm } from './password-form'
import { SessionUpload } from './session-upload'
import { StatusCard } from './status-card'
import { TelegramAppForm } from './telegram-app'
import type { Uploading } from './upload'

export function SessionView({ uploading, status }: { uploading: Uploading; status: Status | undefined }) {
  const failed = status?.import?.state === 'failed' ? status.import : undefined
  return (
    <div class="stack">
      <h1>Session</h1>
      {failed && status?.state !== 'signed_in' && (
        <Notice kind="error">The last import failed: {failed.message}</Notice>
      )}
      {status && !status.app_from_environment && !status.app_configured && <TelegramAppForm />}
      <SessionUpload uploading={uploading} hasSession={status?.authorized ?? false} />
      <StatusCard status={status} />
      <PasswordForm />
    </div>
  )
}
