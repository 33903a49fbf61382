import { isIP } from 'node:net'
import type { Options } from 'nodemailer/lib/smtp-transport'
import { SECOND } from '@tgsentinel/kernel/time'
import type { DestinationTarget } from '../model'
import type { Outgoing } from '../outgoing/outgoing'
import { OutgoingError, timedOut, toOutgoingError } from '../outgoing/outgoing-error'
import type { StoredSecrets } from '../store/destinations'
import { later, SENT, type Notifier, type Outcome, type Told } from './notifier'
import { HTML, plainText, write } from './writing'

const PORTS = { tls: 465, starttls: 587, none: 25 }
const STEP_TIMEOUT_MS = 10 * SECOND

interface Refused {
  recipient?: string | undefined
  responseCode?: number | undefined
}

type Way = Pick<Options, 'host' | 'port' | 'getSocket'>
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
  private async wayTo(host: string, port: number, signal: AbortSignal): Promise<Way> {
    const { outgoing } = this
    if (outgoing.isTunnelled) {
      const connection = await outgoing.tunnel(host, port, signal)
      return { host, port, getSocket: (_options, callback) => callback(null, { connection }) }
    }
    const [first] = await outgoing.guard.addressesOf(host, port)
    if (!first) throw new OutgoingError('unreachable', `The name ${host} leads nowhere. Check it.`)
    return { host: first.address, port }
  }

  /** Whom of the receivers the server refused. */
  private async mail({ messageId, title, body, atMs }: Told, way: Way): Promise<Refused[]> {
    const { createTransport } = await import('nodemailer')
    const { host, security, username, from, to } = this.target
    const transport = createTransport({
      ...{ ...way, secure: security === 'tls', requireTLS: security === 'starttls' },
      ...{ ignoreTLS: security === 'none', tls: isIP(host) ? {} : { servername: host } },
      ...(username && { auth: { user: username, pass: this.secrets.password ?? '' } }),
      connectionTimeout: STEP_TIMEOUT_MS,
      greetingTimeout: STEP_TIMEOUT_MS,
      socketTimeout: STEP_TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    const { rejectedErrors = [] } = await transport.sendMail({
      ...{ from, to, subject: title, text: plainText(body), html: write(body, HTML) },
      // The same when it is sent again: who shows mails shows it once.
      ...{
        messageId: `<${messageId}@tg-sentinel>`,
        date: new Date(atMs),
        headers: { 'Auto-Submitted': 'auto-generated' },
      },
    })
    return rejectedErrors
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
  const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string }
  if (error instanceof OutgoingError) return later(error.message)
  if (code === 'EAUTH') return later(`${place} refuses the username or the password. Check them.`)
  if (code === 'ETLS')
    return later(`${place} offers no encryption (STARTTLS), or its certificate is not valid. Nothing was sent.`)
  if (responseCode === undefined) return later(toOutgoingError(error, place).message)
  if (responseCode >= 500 && command === 'DATA')
    return { type: 'rejected', problem: `${place} does not take this mail (${responseCode}).` }
  return later(`${place} answered with ${responseCode} to ${command ?? 'the mail'}.`)
}
