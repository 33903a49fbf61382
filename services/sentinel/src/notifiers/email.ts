import type { DestinationTarget } from '../model'
import type { Outgoing } from '../outgoing/outgoing'
import { OutgoingError, timedOut, toOutgoingError } from '../outgoing/outgoing-error'
import type { StoredSecrets } from '../store/destinations'
import { later, SENT, type Notifier, type Outcome, type Told } from './notifier'
import { mailBy, type MailServer, type Refused } from './smtp'
import { HTML, plainText, write } from './writing'

const PORTS = { tls: 465, starttls: 587, none: 25 }

type EmailTarget = Extract<DestinationTarget, { kind: 'email' }>

/** Mail by the owner's server. The address that is dialled is the one that was judged; the certificate is still the name's. */
export class EmailNotifier implements Notifier {
  constructor(
    private readonly target: EmailTarget,
    private readonly secrets: StoredSecrets,
    private readonly outgoing: Outgoing,
  ) {}

  async send(told: Told, signal: AbortSignal): Promise<Outcome> {
    const { host, security, port = PORTS[security] } = this.target
    const place = `${host}:${port}`
    try {
      const refused = await endedBy(signal, this.mail(told, await this.wayTo(host, port, signal)), place)
      return refused.length === 0 ? SENT : refusedBy(place, refused)
    } catch (error) {
      return outcomeOf(error, place)
    }
  }

  /** The address to dial, or what is dialled already where that goes through a proxy. @throws OutgoingError and others */
  private async wayTo(host: string, port: number, signal: AbortSignal): Promise<MailServer['way']> {
    const { outgoing } = this
    if (outgoing.isTunnelled) return { host, port, connection: await outgoing.tunnel(host, port, signal) }
    const [first] = await outgoing.guard.addressesOf(host, port)
    if (!first) throw new OutgoingError('unreachable', `The name ${host} leads nowhere. Check it.`)
    return { host: first.address, port }
  }

  /** Whom of the receivers the server refused. */
  private mail({ messageId, title, body, atMs }: Told, way: MailServer['way']): Promise<Refused[]> {
    const { host: name, security, username, from, to } = this.target
    const login = username ? { user: username, pass: this.secrets.password ?? '' } : null
    return mailBy(
      { name, way, security, login },
      {
        ...{ from, to, subject: title, text: plainText(body), html: write(body, HTML) },
        // The same when it is sent again: who shows mails shows it once.
        ...{ messageId: `<${messageId}@tg-sentinel>`, date: new Date(atMs) },
        headers: { 'Auto-Submitted': 'auto-generated' },
      },
    )
  }
}

/** A mail under way cannot be called back; nobody waits for it any more. */
async function endedBy<T>(signal: AbortSignal, work: Promise<T>, place: string): Promise<T> {
  signal.throwIfAborted()
  let abort = () => {}
  const ended = new Promise<never>((_resolve, reject) => {
    abort = () => reject(timedOut(place))
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([work, ended])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** The others have it. Where all refusals may pass it goes to all of them again, under the same Message-ID. */
function refusedBy(place: string, refused: readonly Refused[]): Outcome {
  const names = refused.map(({ recipient, responseCode }) => `${recipient} (${responseCode ?? 'no code'})`).join(', ')
  const problem = `${place} does not take mail for ${names}; the others have it.`
  const isForGood = refused.some(({ responseCode = 0 }) => responseCode >= 500)
  return isForGood ? { type: 'rejected', problem } : later(problem)
}

/** By SMTP's own codes: 4xx may pass later, 5xx on the message itself never does. Its texts are not told. */
function outcomeOf(error: unknown, place: string): Outcome {
  const { code, originalCode, responseCode, command } = error as MailError
  if (error instanceof OutgoingError) return later(error.message)
  if (code === 'EAUTH') return later(`${place} refuses the username or the password. Check them.`)
  // What happened to the socket stands behind the name that the library gives it.
  const reason = toOutgoingError(originalCode === undefined ? error : { code: originalCode }, place)
  if (originalCode !== undefined || reason.type !== 'broken') return later(reason.message)
  if (code === 'ETLS') return later(`${place} offers no encryption (STARTTLS). Nothing was sent.`)
  if (responseCode === undefined) return later(reason.message)
  if (responseCode >= 500 && command === 'DATA')
    return { type: 'rejected', problem: `${place} does not take this mail (${responseCode}).` }
  if (command === 'RCPT TO')
    return later(`${place} takes no mail for any of the receivers (${responseCode}). Check them.`)
  if (command === 'MAIL FROM') return later(`${place} takes no mail from this sender (${responseCode}). Check it.`)
  return later(`${place} answered with ${responseCode} to ${command ?? 'the mail'}.`)
}

interface MailError {
  code?: string
  originalCode?: string
  responseCode?: number
  command?: string
}
