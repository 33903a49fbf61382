import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SignInStage } from '../support/sign-in-stage'
import type { TelegramStage } from '../support/telegram-stage'
import { large, refused, stranger, type Calls, type ContractCall } from './contract-call'

type Ask = (method: string, path: string, json?: unknown) => Promise<unknown>

const PHONE = '+12025550143'
/** TG_SEND_ALLOW names it, and nobody has it. */
export const ALLOWED_NOBODY = '@nobody_here'
const UNKNOWN = '-1009999999999'
const other = { withoutApp: true }
const signing = { signingIn: true }

/** How each documented status of what has to do with Telegram is brought about. */
export class TelegramCalls {
  private constructor(
    private readonly stage: TelegramStage,
    /** Asks the sentinel that is signed in. */
    private readonly ask: Ask,
    private readonly signIn: SignInStage,
    private readonly chat: number,
    private readonly closed: number,
    private readonly quiet: number,
  ) {}

  static async open(stage: TelegramStage, signIn: SignInStage, ask: Ask): Promise<TelegramCalls> {
    const { control } = stage
    const { chat } = await control.createSupergroup({ title: 'Contract' })
    const closed = (await control.createSupergroup({ title: 'Closed' })).chat
    const quiet = (await control.createSupergroup({ title: 'Without a photo' })).chat
    await control.setPhoto({ peer: chat })
    await signIn.control.createAccount({ firstName: 'Sam', phone: PHONE, password: 'secret' })
    await signIn.control.setCodeOptions({ bannedPhones: ['+12025550100'], codeAttempts: 100, passwordAttempts: 100 })
    return new TelegramCalls(stage, ask, signIn, chat, closed, quiet)
  }

  /** The account comes to know the chat, and may not enter it any more. */
  private async close(): Promise<void> {
    const member = { chat: this.closed, account: this.stage.account.id }
    await this.stage.control.setMember({ ...member, member: true })
    await this.ask('POST', '/api/telegram/chats/refresh')
    await this.stage.control.setMember({ ...member, member: false })
  }

  get calls(): Calls {
    const parts = [this.session(), this.signingIn(), this.lists(), this.chats(), this.coverage(), this.sending()]
    return Object.assign({}, ...parts) as Calls
  }

  private session(): Calls {
    const confirmed = (confirm: string) => ({
      200: () => ({ ...signing, json: { confirm } }),
      400: () => ({ json: { confirm: 'no' } }),
      401: () => ({ json: { confirm }, ...stranger }),
      413: () => large,
      415: () => refused,
    })
    return {
      getSession: { 200: () => ({}), 401: () => stranger },
      cancelImport: {
        200: async () => {
          await this.importThatHangs()
          return signing
        },
        400: () => ({ query: { generation: 0 } }),
        401: () => stranger,
        409: () => ({ query: { generation: 9999 } }),
      },
      signOut: {
        200: async () => {
          await this.passwordStep()
          await this.signIn.step('password', { password: 'secret' })
          return signing
        },
        401: () => stranger,
        409: () => other,
      },
      forgetSession: confirmed('forget'),
      eraseData: confirmed('erase'),
      getMetrics: { 200: () => ({}), 401: () => stranger },
    }
  }

  private signingIn(): Calls {
    const body = (right: unknown) => ({
      401: () => ({ json: right, ...stranger }),
      413: () => large,
      415: () => refused,
    })
    const flooded = async (method: string, call: ContractCall) => {
      await this.signIn.control.floodWait({ method, seconds: 1, times: 1 })
      return { ...signing, ...call }
    }
    return {
      getSignIn: { 200: () => ({}), 401: () => stranger },
      startSignIn: {
        ...body({ phone: PHONE }),
        200: () => ({ ...signing, json: { phone: PHONE } }),
        400: () => ({ ...signing, json: { phone: '12' } }),
        403: () => ({ ...signing, json: { phone: '+12025550100' } }),
        409: () => ({ ...other, json: { phone: PHONE } }),
        429: () => flooded('auth.sendCode', { json: { phone: PHONE } }),
      },
      cancelSignIn: {
        200: async () => {
          await this.signIn.step('qr')
          return signing
        },
        401: () => stranger,
        409: () => other,
      },
      startQrSignIn: {
        200: () => signing,
        401: () => stranger,
        409: () => other,
        429: () => flooded('auth.exportLoginToken', {}),
      },
      resendSignInCode: {
        200: async () => {
          await this.freshCode(0)
          return signing
        },
        401: () => stranger,
        409: () => other,
        429: async () => {
          await this.freshCode(120)
          return signing
        },
      },
      submitSignInCode: {
        ...body({ code: '12345' }),
        200: async () => {
          await this.freshCode()
          return { ...signing, json: { code: await this.code() } }
        },
        400: async () => {
          await this.freshCode()
          return { ...signing, json: { code: 'wrong' } }
        },
        409: () => ({ ...other, json: { code: '12345' } }),
        429: async () => {
          await this.freshCode()
          return flooded('auth.signIn', { json: { code: '12345' } })
        },
      },
      submitSignInPassword: {
        ...body({ password: 'secret' }),
        200: async () => {
          await this.passwordStep()
          return { ...signing, json: { password: 'secret' } }
        },
        400: async () => {
          await this.passwordStep()
          return { ...signing, json: { password: 'wrong' } }
        },
        409: () => ({ ...other, json: { password: 'secret' } }),
        429: async () => {
          await this.passwordStep()
          return flooded('auth.checkPassword', { json: { password: 'secret' } })
        },
      },
    }
  }

  private lists(): Calls {
    const list = { 200: () => ({}), 400: () => ({ query: { limit: 201 } }), 401: () => stranger }
    const rules = { mode: 'all' }
    return {
      listChats: list,
      listUsers: list,
      refreshChats: { 200: () => ({}), 401: () => stranger, 409: () => other },
      getWatch: { 200: () => ({}), 401: () => stranger },
      putWatch: {
        200: () => ({ json: rules }),
        400: () => ({ json: { mode: 'some' } }),
        401: () => ({ json: rules, ...stranger }),
        413: () => large,
        415: () => refused,
      },
    }
  }

  private chats(): Calls {
    const of = (id: number | string, part = '') => `/api/telegram/chats/${id}${part}`
    const asked = (part: string) => ({
      200: () => ({ path: of(this.chat, part) }),
      400: () => ({ path: of('zero', part) }),
      401: () => ({ path: of(this.chat, part), ...stranger }),
      403: async () => {
        await this.close()
        return { path: of(this.closed, part) }
      },
      404: () => ({ path: of(UNKNOWN, part) }),
      409: () => ({ ...other, path: of(this.chat, part) }),
    })
    return {
      getChat: asked(''),
      listParticipants: asked('/participants'),
      listChatMessages: asked('/messages'),
      getChatPhoto: {
        200: () => ({ path: of(this.chat, '/photo') }),
        304: () => ({ path: of(this.chat, '/photo'), headers: { 'If-None-Match': '*' } }),
        400: () => ({ path: of('zero', '/photo') }),
        401: () => ({ path: of(this.chat, '/photo'), ...stranger }),
        404: () => ({ path: of(this.quiet, '/photo') }),
      },
    }
  }

  private coverage(): Calls {
    const of = (id: number | string, part = '') => `/api/coverage/${id}${part}`
    const asked = (part: string, call: ContractCall = {}) => ({
      200: () => ({ path: of(this.chat, part), ...call }),
      400: () => ({ path: of('zero', part), ...call }),
      401: () => ({ path: of(this.chat, part), ...call, ...stranger }),
      404: () => ({ path: of('-42', part), ...call }),
    })
    const backfill = '/backfill'
    return {
      getCoverage: {
        200: () => ({ query: { show: 'trouble', limit: '1' } }),
        400: () => ({ query: { show: 'some' } }),
        401: () => stranger,
      },
      getChatCoverage: asked(''),
      startBackfill: {
        ...asked(backfill, { json: { messages: 5 } }),
        409: () => ({ ...other, path: of(this.chat, backfill), json: {} }),
        413: () => ({ path: of(this.chat, backfill), ...large }),
        415: () => ({ path: of(this.chat, backfill), ...refused }),
      },
      cancelBackfill: {
        ...asked(backfill),
        200: async () => {
          await this.stage.control.delayMethod({ method: 'messages.getHistory', delayMs: 2000, times: 2 })
          await this.ask('POST', of(this.quiet, backfill), {})
          return { path: of(this.quiet, backfill) }
        },
        409: () => ({ ...other, path: of(this.chat, backfill) }),
      },
    }
  }

  private sending(): Calls {
    const note = { chat: 'me', text: 'a note', limit: 0 }
    const bodies = (right: object) => ({
      200: () => ({ json: right }),
      400: () => ({ json: { chat: 'not a chat' } }),
      401: () => ({ json: right, ...stranger }),
      403: () => ({ json: { ...right, chat: '@stranger' } }),
      404: () => ({ json: { ...right, chat: ALLOWED_NOBODY } }),
      409: () => ({ ...other, json: right }),
      413: () => large,
      415: () => refused,
    })
    return { relayMessage: bodies(note), sendTestMessage: bodies({ chat: 'me' }) }
  }

  private async freshCode(timeoutSeconds = 120): Promise<void> {
    await this.signIn.control.clearTrouble()
    await this.signIn.control.setCodeOptions({ timeoutSeconds })
    await this.signIn.step('', { phone: PHONE })
  }

  private async passwordStep(): Promise<void> {
    await this.freshCode()
    await this.signIn.step('code', { code: await this.code() })
  }

  private async importThatHangs(): Promise<void> {
    const { control, sentinel } = this.signIn
    const path = join(sentinel.dataDir, 'hangs.session')
    await control.writeSessionFile({ path })
    await control.delayMethod({ method: 'users.getUsers', delayMs: 5000, times: 1 })
    await sentinel.api.importSession(readFileSync(path))
  }

  private async code(): Promise<string> {
    return (await this.signIn.control.lastCode({ phone: PHONE })).code
  }
}
