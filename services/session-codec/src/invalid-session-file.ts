/** What was wrong with an upload; a stable word for code to branch on. */
export type InvalidSessionReason =
  | 'base64'
  | 'too-large'
  | 'too-small'
  | 'not-sqlite'
  | 'header'
  | 'truncated'
  | 'corrupt'
  | 'schema'
  | 'missing-tables'
  | 'pyrogram'
  /** Something else that is known by name; the message has the next step. */
  | 'other-tool'
  | 'version'
  | 'auth-key'
  | 'data-centre'
  | 'port'
  | 'address'
  | 'integrity'
  | 'bot'
  | 'not-a-session'

/** The upload is not a session file that we take. `message` is one sentence for people, without any of the file's secrets. */
export class InvalidSessionFile extends Error {
  override readonly name = 'InvalidSessionFile'

  constructor(
    readonly reason: InvalidSessionReason,
    message: string,
  ) {
    super(message)
  }
}
