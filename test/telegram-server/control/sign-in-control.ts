import type { Pusher } from '../pusher'
import { RpcError } from '../rpc/rpc-error'
import { readToken, type LoginTokens } from '../sign-in/login-tokens'
import { readPhone, type PhoneCodes } from '../sign-in/phone-codes'
import type { SignInOptions } from '../sign-in/sign-in-options'
import type { World } from '../world/world'
import type { Control } from './control'

type SignInControl = Pick<Control, 'lastCode' | 'expireCode' | 'setCodeOptions' | 'acceptLoginToken'>

export function signInControl(
  world: World,
  options: SignInOptions,
  codes: PhoneCodes,
  tokens: LoginTokens,
  pusher: Pusher,
): SignInControl {
  return {
    lastCode: async ({ phone }) => codes.last(readPhone(phone)),
    expireCode: async ({ phone }) => codes.forget(readPhone(phone)),
    setCodeOptions: async (changes) => void Object.assign(options, changes),
    async acceptLoginToken({ token, account }) {
      const { key } = accept(tokens, token, world.accountOf(account).user.id)
      pusher.sendToKey(key, { _: 'updateShort', update: { _: 'updateLoginToken' }, date: world.now() })
    },
  }
}

function accept(tokens: LoginTokens, token: string, account: number) {
  try {
    return tokens.accept(readToken(token), account)
  } catch (error) {
    throw error instanceof RpcError ? new Error(error.type, { cause: error }) : error
  }
}
