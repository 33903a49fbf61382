import type { AuthKey } from '../mtproto/auth-keys'
import type { LoginToken, LoginTokens } from '../sign-in/login-tokens'
import type { PasswordGate } from '../sign-in/password-gate'
import { readPhone, readValidPhone, type PhoneCodes } from '../sign-in/phone-codes'
import type { TlObject } from '../tl/codec'
import type { Account } from '../world/model'
import { renderUser } from '../world/rendering'
import type { World } from '../world/world'
import type { OpenMethod } from './dispatcher'
import { RpcError } from './rpc-error'

/** Signing in by code and password; these answer keys that nobody has signed in with. */
export function codeMethods(world: World, codes: PhoneCodes, gate: PasswordGate): Record<string, OpenMethod> {
  return {
    'auth.sendCode'(query, { key }) {
      if ((query['api_id'] as number) <= 0 || query['api_hash'] === '') throw new RpcError(400, 'API_ID_INVALID')
      return codes.send(phoneFor(world, key, query))
    },
    'auth.resendCode': (query, { key }) => codes.resend(phoneFor(world, key, query), hashOf(query)),
    'auth.cancelCode'(query, { key }) {
      codes.cancel(phoneFor(world, key, query), hashOf(query))
      return true
    },
    'auth.signIn': (query, { key }) => signIn(world, codes, key, query),
    'account.getPassword': (_query, { key }) => gate.describe(key, passwordOwner(world, key)),
    'auth.checkPassword'(query, { key }) {
      const account = passwordOwner(world, key)
      gate.check(key, account, query['password'] as TlObject)
      return authorize(key, account)
    },
  }
}

/** Signing in by a token that another device accepts. */
export function tokenMethods(world: World, tokens: LoginTokens): Record<string, OpenMethod> {
  return {
    'auth.exportLoginToken'(_query, { key }) {
      const token = tokens.export(key)
      if (token.acceptedBy === undefined) return { _: 'auth.loginToken', expires: token.expires, token: token.bytes }
      const account = world.accountOf(token.acceptedBy)
      if (account.homeDc === key.dc) return redeem(tokens, token, key, account)
      return { _: 'auth.loginTokenMigrateTo', dc_id: account.homeDc, token: token.bytes }
    },
    'auth.importLoginToken'(query, { key }) {
      const token = tokens.import(query['token'] as Buffer)
      const account = world.accountOf(token.acceptedBy)
      if (account.homeDc !== key.dc) throw new RpcError(400, 'AUTH_TOKEN_INVALID')
      return redeem(tokens, token, key, account)
    },
  }
}

/** A key that has given the code may be let in at once, or still owes the password. */
export function letIn(key: AuthKey, account: Account): TlObject {
  if (account.password === undefined) return authorize(key, account)
  key.owesPasswordOf = account.user.id
  throw new RpcError(401, 'SESSION_PASSWORD_NEEDED')
}

export function authorize(key: AuthKey, account: Account): TlObject {
  key.signIn(account.user.id)
  return { _: 'auth.authorization', user: renderUser(account.user, account) }
}

function signIn(world: World, codes: PhoneCodes, key: AuthKey, query: TlObject): TlObject {
  const phone = phoneFor(world, key, query)
  codes.check(phone, hashOf(query), (query['phone_code'] as string | undefined) ?? '')
  const account = accountWith(world, phone)
  if (!account) return { _: 'auth.authorizationSignUpRequired' }
  const authorization = letIn(key, account)
  codes.forget(phone)
  return authorization
}

function redeem(tokens: LoginTokens, token: Pick<LoginToken, 'bytes'>, key: AuthKey, account: Account): TlObject {
  tokens.forget(token)
  return { _: 'auth.loginTokenSuccess', authorization: letIn(key, account) }
}

/** Refuses a number that lives elsewhere, so that a client learns where to go. */
function phoneFor(world: World, key: AuthKey, query: TlObject): string {
  const phone = readValidPhone(query['phone_number'] as string)
  const home = accountWith(world, phone)?.homeDc
  if (home !== undefined && home !== key.dc) throw new RpcError(303, `PHONE_MIGRATE_${home}`)
  return phone
}

function accountWith(world: World, phone: string): Account | undefined {
  return [...world.accounts.values()].find(({ user }) => readPhone(user.phone ?? '') === phone)
}

function passwordOwner(world: World, key: AuthKey): Account {
  const account = world.accounts.get(key.owesPasswordOf ?? key.account)
  if (!account) throw new RpcError(401, 'AUTH_KEY_UNREGISTERED')
  return account
}

function hashOf(query: TlObject): string {
  return query['phone_code_hash'] as string
}
