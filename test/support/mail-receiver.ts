import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface Mail {
  from: string
  to: string[]
  /** As it came, with its headers. */
  source: string
}

/** A mail server on loopback that keeps what it is sent, and refuses when it is told to. */
export class MailReceiver {
  readonly mails: Mail[] = []
  /** Answers to the next mails: an SMTP code, or 250. */
  answers: number[] = []
  /** Receivers that are refused, and with what code. */
  refused: Record<string, number> = {}
  private readonly server: SMTPServer

  private constructor(password: string | null) {
    this.server = new SMTPServer({
      disabledCommands: ['STARTTLS', ...(password === null ? ['AUTH'] : [])],
      allowInsecureAuth: true,
      authOptional: password === null,
      onAuth: (auth, _session, done) =>
        auth.password === password ? done(null, { user: auth.username }) : done(new Error('wrong password')),
      onRcptTo: ({ address }, _session, done) => {
        const responseCode = this.refused[address]
        return responseCode ? done(Object.assign(new Error('refused'), { responseCode })) : done()
      },
      onData: (stream, session, done) => {
        let source = ''
        stream.setEncoding('utf8').on('data', (chunk: string) => (source += chunk))
        stream.on('end', () => {
          const code = this.answers.shift() ?? 250
          if (code !== 250) return done(Object.assign(new Error('refused'), { responseCode: code }))
          const { mailFrom, rcptTo } = session.envelope
          this.mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), source })
          done()
        })
      },
    })
    this.server.on('error', () => undefined)
  }

  static async start(password: string | null = null): Promise<MailReceiver> {
    const receiver = new MailReceiver(password)
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', () => resolve()))
    return receiver
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()))
  }
}
