import { ok } from '@tgsentinel/kernel/errors'
import type { Handlers } from '@tgsentinel/kernel/contract'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Telegram } from '../telegram/telegram'

type Served = Pick<
  operations,
  | 'getSignIn'
  | 'startSignIn'
  | 'startQrSignIn'
  | 'resendSignInCode'
  | 'submitSignInCode'
  | 'submitSignInPassword'
  | 'cancelSignIn'
>

/** A step goes on when its caller hangs up: Telegram has been asked, and the state tells what came of it. */
export function signInHandlers({ signIn }: Telegram): Handlers<Served> {
  return {
    getSignIn: () => ok(signIn.view),
    startSignIn: async ({ body }) => ok(await signIn.startByPhone(body.phone)),
    startQrSignIn: async () => ok(await signIn.startByQr()),
    resendSignInCode: async () => ok(await signIn.resend()),
    submitSignInCode: async ({ body }) => ok(await signIn.submitCode(body.code)),
    submitSignInPassword: async ({ body }) => ok(await signIn.submitPassword(body.password)),
    cancelSignIn: async () => ok(await signIn.cancel(), 'Sign-in cancelled'),
  }
}
