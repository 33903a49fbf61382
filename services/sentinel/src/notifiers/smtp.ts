import type { Socket } from 'node:net'
import { isIP } from 'node:net'
import type { MailComposerOptions } from 'nodemailer/lib/mail-composer'
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'
import { SECOND } from '@tgsentinel/kernel/time'

const STEP_TIMEOUT_MS = 10 * SECOND

/** Whom of the receivers the server refused. */
export interface Refused {
  recipient?: string | undefined
  responseCode?: number | undefined
}

export interface MailServer {
  /** Its name, which its certificate is for. */
  name: string
  /** What is dialled, or what is dialled already. */
  way: { host: string; port: number; connection?: Socket }
  security: 'tls' | 'starttls' | 'none'
  login: { user: string; pass: string } | null
}

/** Mails by one conversation, which ends with QUIT also where the server refuses: some count what is cut off. @throws errors of SMTP and of sockets */
export async function mailBy(server: MailServer, mail: MailComposerOptions): Promise<Refused[]> {
  const [{ default: MailComposer }, { default: Connection }] = await Promise.all([
    import('nodemailer/lib/mail-composer'),
    import('nodemailer/lib/smtp-connection'),
  ])
  const message = new MailComposer({ ...mail, disableFileAccess: true, disableUrlAccess: true }).compile()
  const connection = new Connection(optionsOf(server))
  const failed = new Promise<never>((_resolve, reject) => connection.once('error', reject))
  // Whoever waits for a step hears of it there.
  failed.catch(() => undefined)
  const step = <T>(work: (done: (error: Error | null | undefined, result?: T) => void) => void) =>
    Promise.race([
      failed,
      new Promise<T>((resolve, reject) => work((error, result) => (error ? reject(error) : resolve(result as T)))),
    ])
  try {
    await step<void>((done) => connection.connect(done))
    const { login } = server
    if (login) await step((done) => connection.login({ credentials: login }, done))
    const text = await message.build()
    const { rejectedErrors = [] } = await step<{ rejectedErrors?: Refused[] }>((done) =>
      connection.send(message.getEnvelope(), text, done as never),
    )
    return rejectedErrors
  } finally {
    connection.quit()
  }
}

function optionsOf({ name, way, security }: MailServer): SMTPConnectionOptions {
  return {
    ...way,
    ...{ secure: security === 'tls', requireTLS: security === 'starttls', ignoreTLS: security === 'none' },
    tls: isIP(name) ? {} : { servername: name },
    connectionTimeout: STEP_TIMEOUT_MS,
    greetingTimeout: STEP_TIMEOUT_MS,
    socketTimeout: STEP_TIMEOUT_MS,
  }
}
