import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

export function newSigningSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64')
}

/** `v1,` signatures of a message by each of the secrets, as Standard Webhooks has them (standardwebhooks.com, version 1). */
export function signatureOf(
  secrets: readonly string[],
  messageId: string,
  timestampS: number,
  payload: string,
): string {
  const signed = `${messageId}.${timestampS}.${payload}`
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  })
  return signatures.join(' ')
}
