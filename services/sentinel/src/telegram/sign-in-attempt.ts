import { isoMoment } from '@tgsentinel/kernel/time'
import type { TelegramApp } from '../config'
import type { SignInView } from '../model'
import type { Api } from './gramjs'
import { readSentCode, type SentCode } from './sent-code'
import type { SessionServerRow } from './session-schema'
import type { SideLink } from './side-link'
import { TelegramError, toTelegramError } from './telegram-error'

/** What Telegram answers to one who may come in. */
export interface Authorized {
  row: SessionServerRow
  userId: bigint
}

/** A connection of its own, as yet without a key; `scope` says whose floods count. */
export type OpenLink = (
  app: TelegramApp,
  scope: string,
  onEnvelope: (envelope: unknown) => void,
  signal: AbortSignal,
) => SideLink

/** One attempt at signing in: the calls of it, and what they have brought so far. Each call fails with a TelegramError. */
export class SignInAttempt {
  sent: SentCode | null = null
  /** Whether Telegram has let us in. */
  isAuthorized = false
  /** No call that may let us in is under way. */
  settled: Promise<unknown> = Promise.resolve()
  readonly stop = new AbortController()
  readonly link: SideLink
  private tellAccepted: () => void = () => undefined

  constructor(
    readonly method: 'phone' | 'qr',
    readonly phone: string | null,
    private readonly app: TelegramApp,
    openLink: OpenLink,
  ) {
    const onEnvelope = (envelope: unknown) => {
      // core.telegram.org/constructor/updateLoginToken: another device has accepted the token.
      const { update } = envelope as { update?: { className?: string } }
      if (update?.className === 'UpdateLoginToken') this.tellAccepted()
    }
    this.link = openLink(app, phone === null ? 'qr' : phone.replace(/\D/g, ''), onEnvelope, this.stop.signal)
  }

  /** Asks for a code. A number that Telegram trusts already is let in without one. */
  async requestCode(): Promise<Authorized | null> {
    const { Api } = await import('./gramjs')
    const { phoneNumber, app } = this
    const settings = new Api.CodeSettings({})
    const request = () => new Api.auth.SendCode({ phoneNumber, ...app, settings })
    return this.takeCode(await this.orAgain(() => this.link.call('auth.sendCode', request)))
  }

  async resendCode(): Promise<Authorized | null> {
    const { Api } = await import('./gramjs')
    const { phoneNumber, phoneCodeHash } = this
    const request = () => new Api.auth.ResendCode({ phoneNumber, phoneCodeHash })
    return this.takeCode(await this.link.call('auth.resendCode', request))
  }

  async enterCode(phoneCode: string): Promise<Authorized> {
    if (phoneCode === '') throw new TelegramError('PHONE_CODE_EMPTY', 400)
    const { Api } = await import('./gramjs')
    const request = () => {
      const { phoneNumber, phoneCodeHash } = this
      return new Api.auth.SignIn({ phoneNumber, phoneCodeHash, phoneCode })
    }
    return this.decide(async () =>
      this.authorizedBy(await this.orFromTheStart(() => this.link.call('auth.signIn', request))),
    )
  }

  /** What helps to remember the password; null where nothing does. */
  async passwordHint(): Promise<string | null> {
    const { Api } = await import('./gramjs')
    const { hint } = await this.link.call('account.getPassword', () => new Api.account.GetPassword())
    return hint || null
  }

  /** Each try needs a fresh challenge; one that Telegram does not know any more is fetched again, once. */
  enterPassword(text: string): Promise<Authorized> {
    return this.decide(() => this.prove(text, false))
  }

  private async prove(text: string, isRepeat: boolean): Promise<Authorized> {
    const { Api, password } = await import('./gramjs')
    const challenge = await this.link.call('account.getPassword', () => new Api.account.GetPassword())
    const proof = await password.computeCheck(challenge, text)
    try {
      const request = () => new Api.auth.CheckPassword({ password: proof })
      return this.authorizedBy(await this.link.call('auth.checkPassword', request))
    } catch (error) {
      if (isRepeat || toTelegramError(error).type !== 'SRP_ID_INVALID') throw error
      return this.prove(text, true)
    }
  }

  /**
   * Asks for a login token and, where it was accepted, comes in; otherwise gives what to show, and a promise that is kept
   * when another device accepts it (core.telegram.org/api/qr-login).
   */
  async exportToken(): Promise<
    Authorized | { qr: NonNullable<SignInView['qr']>; expiresMs: number; accepted: Promise<void> }
  > {
    return this.decide(() => this.askForToken())
  }

  private async askForToken(): ReturnType<SignInAttempt['exportToken']> {
    const { Api } = await import('./gramjs')
    const { app } = this
    const accepted = new Promise<void>((resolve) => (this.tellAccepted = resolve))
    const request = () => new Api.auth.ExportLoginToken({ ...app, exceptIds: [] })
    const answer = await this.link.call('auth.exportLoginToken', request)
    if (answer instanceof Api.auth.LoginTokenSuccess) return this.authorizedBy(answer.authorization)
    if (answer instanceof Api.auth.LoginTokenMigrateTo) return this.importToken(answer)
    // By our clock: one of the two may be wrong by an hour.
    const expiresMs = answer.expires * 1000 - this.link.clockOffsetMs
    const url = `tg://login?token=${answer.token.toString('base64url')}`
    return { qr: { url, expires_at: isoMoment(expiresMs) }, expiresMs, accepted }
  }

  /** Tells Telegram that the code will not be used. */
  async cancelCode(): Promise<void> {
    const { Api } = await import('./gramjs')
    const { phoneNumber, phoneCodeHash } = this
    await this.link.call('auth.cancelCode', () => new Api.auth.CancelCode({ phoneNumber, phoneCodeHash }))
  }

  /** Gives up the key that Telegram has let in. */
  async signOut(): Promise<void> {
    const { Api } = await import('./gramjs')
    await this.link.call('auth.logOut', () => new Api.auth.LogOut())
  }

  /** Ends what is under way. Idempotent. */
  async close(): Promise<void> {
    this.stop.abort(new TelegramError('ABORTED', 0))
    await this.link.close()
  }

  /** core.telegram.org/api/errors: after AUTH_RESTART the step begins anew, once. */
  private async orAgain<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step()
    } catch (error) {
      if (toTelegramError(error).type !== 'AUTH_RESTART') throw error
      return step()
    }
  }

  /** The code that was entered may be good for the new start, too; where it is not, a new one is on its way. */
  private orFromTheStart<T>(step: () => Promise<T>): Promise<T> {
    let isFirst = true
    return this.orAgain(async () => {
      if (!isFirst) await this.requestCode()
      isFirst = false
      return step()
    })
  }

  private decide<T>(work: () => Promise<T>): Promise<T> {
    const deciding = work()
    this.settled = deciding.catch(() => undefined)
    return deciding
  }

  private get phoneNumber(): string {
    return this.phone ?? ''
  }

  private get phoneCodeHash(): string {
    return this.sent?.hash ?? ''
  }

  private async importToken({ dcId, token }: Api.auth.LoginTokenMigrateTo): Promise<Authorized> {
    const { Api } = await import('./gramjs')
    await this.link.moveTo(dcId)
    const moved = await this.link.call('auth.importLoginToken', () => new Api.auth.ImportLoginToken({ token }))
    if (!(moved instanceof Api.auth.LoginTokenSuccess)) throw new TelegramError('AUTH_TOKEN_INVALID', 400)
    return this.authorizedBy(moved.authorization)
  }

  private takeCode(answer: unknown): Authorized | null {
    const { className, authorization } = answer as { className: string; authorization?: unknown }
    if (className === 'auth.SentCodeSuccess') return this.authorizedBy(authorization)
    this.sent = readSentCode(answer, Date.now())
    return null
  }

  private authorizedBy(answer: unknown): Authorized {
    const { className, user } = answer as { className: string; user?: Api.User }
    if (className === 'auth.AuthorizationSignUpRequired') throw new TelegramError('PHONE_NUMBER_UNOCCUPIED', 400)
    const row = this.link.file.row()
    if (!row?.authKey || !user) throw new TelegramError('AUTH_KEY_UNREGISTERED', 401)
    this.isAuthorized = true
    return { row, userId: BigInt(user.id.toString()) }
  }
}
