import { ApiError } from '@tgsentinel/kernel/errors'
import type { Logger } from '@tgsentinel/kernel/log'
import { failure, type SessionFormat, type UserInfo } from '../model'
import type { CallOptions, SentinelClient } from '../sentinel/sentinel-client'
import type { Authorization } from './authorization'
import { checkUpload } from './session-check'

export type UploadStage = 'checked' | 'forwarded' | 'connecting' | 'authorized' | 'failed'

export interface UploadEvent {
  upload_id: string
  stage: UploadStage
  message: string
  code?: string
  /** Of the import, once the sentinel has it. */
  generation?: number
}

/** What the log says of a stage: people look for these lines. */
const LINES: Partial<Record<UploadStage, (message: string) => string>> = {
  checked: () => 'Session upload: checked',
  forwarded: () => 'Session upload: forwarded to sentinel',
  authorized: () => 'Session upload: authorized',
  failed: (message) => `Session upload: failed: ${message}`,
}

type Details = Pick<UploadEvent, 'code' | 'generation'>

/** What the browser sent. */
export interface Arrived {
  file: { readonly bytes: Buffer } | null
  /** The sentinel has it; while Telegram is asked it takes no room here. */
  onForwarded: () => void
  format: SessionFormat
  /** Names the progress events. */
  uploadId: string | undefined
}

export interface Uploaded {
  generation: number
  user: UserInfo
}

/** Takes a session file to the sentinel and waits until it is in force. The bytes live in memory alone. */
export class Upload {
  constructor(
    private readonly client: SentinelClient,
    private readonly authorization: Authorization,
    private readonly publish: (event: UploadEvent) => void,
    private readonly log: Logger,
  ) {}

  async run(arrived: Arrived, options: CallOptions): Promise<Uploaded> {
    const { uploadId } = arrived
    const tell = (stage: UploadStage, message: string, more: Details = {}) => {
      const line = LINES[stage]?.(message)
      if (line !== undefined) this.log.info({ upload_id: uploadId, ...more }, line)
      if (uploadId) this.publish({ upload_id: uploadId, stage, message, ...more })
    }
    try {
      return await this.take(arrived, options, tell)
    } catch (error) {
      if (error instanceof ApiError) tell('failed', error.message, { code: error.code })
      else tell('failed', 'Something went wrong here. The log tells more.', { code: 'INTERNAL' })
      throw error
    }
  }

  private async take(
    { file, format, onForwarded }: Arrived,
    options: CallOptions,
    tell: (stage: UploadStage, message: string, more?: Details) => void,
  ) {
    if (!file) throw failure('NO_SESSION_FILE', 'Choose a .session file: the field session_file is missing.')
    checkUpload(file.bytes, format)
    tell('checked', format === 'pyrogram' ? 'It is a Pyrogram session.' : 'It is a Telethon session.')
    // Also for a browser that goes away meanwhile: only who knows the generation can give the import up.
    const { signal } = new AbortController()
    const generation = await this.client.importSession(file.bytes, format, { ...options, signal })
    onForwarded()
    tell('forwarded', 'The sentinel has it.', { generation })
    tell('connecting', 'The sentinel signs in to Telegram with it.')
    const user = await this.authorization.wait(generation, options)
    tell('authorized', signedInAs(user))
    return { generation, user }
  }
}

export function signedInAs(user: UserInfo): string {
  return `Signed in as ${user.username ? `@${user.username}` : user.first_name}`
}
