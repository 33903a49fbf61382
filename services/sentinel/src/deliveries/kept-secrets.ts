import { isDeepStrictEqual } from 'node:util'
import { DAY } from '@tgsentinel/kernel/time'
import { httpError } from '@tgsentinel/kernel/errors'
import type { DestinationKind, DestinationSecrets, DestinationTarget } from '../model'
import { isPushKey } from '../notifiers/web-push'
import { newSigningSecret } from '../notifiers/webhook-signature'
import type { StoredSecrets } from '../store/destinations'

type SecretName = keyof DestinationSecrets

/** Which secrets a kind has; the first is needed where `needs` says so. */
const SECRETS: Record<DestinationKind, { names: SecretName[]; needs?: string }> = {
  saved_messages: { names: [] },
  chat: { names: [] },
  bot: { names: [] },
  webhook: { names: ['signing_secret'] },
  ntfy: { names: ['token'] },
  gotify: { names: ['token'], needs: "the application's token" },
  email: { names: ['password'] },
  discord: { names: ['url'], needs: 'the address of the webhook' },
  slack: { names: ['url'], needs: 'the address of the webhook' },
  matrix: { names: ['token'], needs: 'an access token' },
  apprise: { names: ['urls'] },
  web_push: { names: ['subscription'], needs: 'what PushManager.subscribe gave in the browser that is to be told' },
}
/** Blanks, line breaks, and what cannot be seen. */
const AROUND = /^[\s\p{C}]+|[\s\p{C}]+$/gu
/** After a rotation receivers have so long to take the new secret. */
const ROTATION_MS = DAY

/**
 * The secrets that a destination keeps: those that are given, and those it had, where they still belong to the same server.
 * @throws ApiError INVALID_REQUEST for a secret that the kind does not have, or one that is missing
 */
export function keptSecrets(
  target: DestinationTarget,
  given: DestinationSecrets,
  before: { target: DestinationTarget; secrets: StoredSecrets } | null,
): StoredSecrets {
  const { names, needs } = SECRETS[target.kind]
  const stray = Object.keys(given).find((name) => !names.includes(name as SecretName))
  if (stray) throw httpError('INVALID_REQUEST', `secrets.${stray} is not known to a destination of this kind.`)
  const kept = before && isSamePlace(target, before.target) ? before.secrets : {}
  const secrets: StoredSecrets = {
    ...kept,
    ...given,
    ...(given.token !== undefined && { token: headerValue(given.token) }),
  }
  for (const name of names) if (secrets[name] === '') delete secrets[name]
  if (given.subscription && !isPushKey(given.subscription.p256dh))
    throw httpError('INVALID_REQUEST', 'secrets.subscription.p256dh is no point of P-256. Subscribe anew.')
  if (target.kind === 'webhook') secrets.signing_secret ??= newSigningSecret()
  const [first] = names
  if (needs && first && !secrets[first])
    throw httpError(
      'INVALID_REQUEST',
      `secrets.${first} is missing: give ${needs}. It is asked for again where the server becomes another.`,
    )
  return secrets
}

/** As a header can carry it: what a copy brought along at both ends goes. @throws ApiError INVALID_REQUEST */
function headerValue(token: string): string {
  const value = token.replace(AROUND, '')
  if (/^[\x21-\x7e]*$/.test(value)) return value
  throw httpError(
    'INVALID_REQUEST',
    'secrets.token has a blank, a line break or a sign that is not of ASCII in it, and no header can carry that. Copy it again.',
  )
}

/** Which of its secrets a destination has, and which of those that it needs it lacks. */
export interface SecretsLeft {
  secrets: StoredSecrets
  missing: SecretName[]
}

/**
 * What is left of a destination's secrets where none is given: those that it had, if they still belong to the same server. It needs what its
 * kind always needs, and what `named` says. A webhook is not given a new secret: its receiver would not know it.
 */
export function secretsLeft(
  target: DestinationTarget,
  named: readonly string[],
  before: { target: DestinationTarget; secrets: StoredSecrets } | null,
): SecretsLeft {
  const { names, needs } = SECRETS[target.kind]
  const secrets = before && isSamePlace(target, before.target) ? before.secrets : {}
  const isNeeded = (name: SecretName) =>
    named.includes(name) || (name === names[0] && (needs !== undefined || target.kind === 'webhook'))
  return { secrets, missing: names.filter((name) => isNeeded(name) && !secrets[name]) }
}

/** A new secret to sign by; the former one signs, too, for a while. */
export function rotated(secrets: StoredSecrets, nowMs: number): StoredSecrets {
  const former = secrets.signing_secret
    ? { former_secret: secrets.signing_secret, former_until: nowMs + ROTATION_MS }
    : {}
  return { ...former, signing_secret: newSigningSecret() }
}

/** A secret that is kept must not be sent to another server than the one it was given for. */
function isSamePlace(target: DestinationTarget, before: DestinationTarget): boolean {
  return target.kind === before.kind && isDeepStrictEqual(placeOf(target), placeOf(before))
}

function placeOf(target: DestinationTarget): unknown {
  if (target.kind === 'email') return [target.host, target.port, target.security, target.username]
  return 'server' in target ? target.server : null
}
