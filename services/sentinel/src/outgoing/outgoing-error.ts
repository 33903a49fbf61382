import { DialError } from '../proxies/dial-error'

/** Why something could not be sent out, as data, with a sentence for people. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError'

  constructor(
    /** `refused`: the address is none that may be reached; `unreachable`: no connection; `timeout`; `certificate`; `broken`: it ended half way. */
    readonly type: 'refused' | 'unreachable' | 'timeout' | 'certificate' | 'broken',
    message: string,
  ) {
    super(message)
  }
}

/** An error of a socket in words; texts of the remote do not get here. */
export function toOutgoingError(error: unknown, place: string): OutgoingError {
  if (error instanceof OutgoingError) return error
  if (error instanceof DialError) return new OutgoingError('unreachable', error.message)
  const code = codeOf(error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new OutgoingError(
      'unreachable',
      `The name of ${place} is not known. Check it, or whether this machine is online.`,
    )
  if (code === 'ECONNREFUSED')
    return new OutgoingError('unreachable', `Nobody listens at ${place}. Check that it runs.`)
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return timedOut(place)
  if (/^(EPROTO$|ERR_SSL)/.test(code))
    return new OutgoingError(
      'certificate',
      `No encryption could be agreed on with ${place} (${code}). Check whether it speaks TLS there, and whether this is the right port.`,
    )
  if (/CERT|SELF_SIGNED|ISSUER|ERR_TLS/.test(code))
    return new OutgoingError('certificate', `The certificate of ${place} is not valid (${code}). Nothing was sent.`)
  if (/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(code))
    return new OutgoingError('unreachable', `There is no way to ${place} from here (${code}).`)
  return new OutgoingError('broken', `The connection to ${place} broke${code && ` (${code})`}.`)
}

export function timedOut(place: string): OutgoingError {
  return new OutgoingError('timeout', `${place} did not answer in time.`)
}

/** Of several attempts at one name, the first says what was wrong. */
function codeOf(error: unknown): string {
  const { code, errors } = (error ?? {}) as { code?: unknown; errors?: unknown[] }
  if (typeof code === 'string') return code
  return errors?.[0] === undefined ? '' : codeOf(errors[0])
}
