import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE, SECOND, isoMoment } from '@tgsentinel/kernel/time'
import type { TelegramApp } from '../config'
import { failure, type ErrorCode, type SessionOrigin, type SignInStep, type SignInView } from '../model'
import type { AttemptThrottle } from './attempt-throttle'
import type { Api } from './gramjs'
import { waitForScan } from './qr-sign-in'
import { readSentCode, sentCodeMessage, type SentCode } from './sent-code'
import type { SessionServerRow } from './session-schema'
import type { SideLink } from './side-link'
import { TelegramError, toTelegramError } from './telegram-error'
import { toFailure } from './telegram-failure'

export interface SignInOptions {
  app: () => TelegramApp | undefined
  /** A connection of its own, as yet without a key. */
  openLink: (app: TelegramApp, onEnvelope: (envelope: unknown) => void, signal: AbortSignal) => SideLink
  throttle: AttemptThrottle
  log: Logger
  /** Whether the last sign-in was cut off by a restart. */
  wasInterrupted: boolean
  onChange: () => void
  /** Puts the session in force, and resolves with its generation once Telegram has accepted it. */
  takeIn: (row: SessionServerRow, userId: bigint, origin: SessionOrigin) => Promise<number>
}

interface Attempt {
  link: SideLink
  stop: AbortController
  method: 'phone' | 'qr'
  phone: string | null
  sent: SentCode | null
  timer: NodeJS.Timeout
  /** Told when another device has accepted the QR code. */
  onAccepted: () => void
}

/** An attempt that nobody goes on with is dropped. */
const IDLE_MS = 15 * MINUTE
const UNDER_WAY: readonly SignInStep[] = ['connecting', 'code_sent', 'qr_waiting', 'password_needed', 'finishing']
/** After these a new attempt is needed; after any other refusal the same step can be tried again. */
const FATAL: readonly ErrorCode[] = ['PHONE_CODE_EXPIRED', 'SIGN_UP_NEEDED', 'SESSION_ENDED', 'APP_REFUSED']

const NOTHING: SignInView = {
  step: 'none',
  method: null,
  message: 'No sign-in is under way.',
  code: null,
  phone: null,
  code_type: null,
  code_length: null,
  code_hint: null,
  next_type: null,
  resend_at: null,
  qr: null,
  password_hint: null,
  generation: null,
}

/**
 * Signing in, step by step: phone -> code -> password, or a QR code -> password. One attempt at a time; everything of it is in memory
 * until Telegram has said yes, and then the session goes the way of an import.
 */
export class SignIn {
  private state: SignInView = NOTHING
  private attempt: Attempt | null = null
  /** Steps, one after another. */
  private turn: Promise<unknown> = Promise.resolve()

  constructor(private readonly options: SignInOptions) {
    if (options.wasInterrupted)
      this.state = {
        ...NOTHING,
        step: 'interrupted',
        message: 'The sentinel was restarted in the middle of a sign-in. Nothing of it was kept: start over.',
      }
  }

  get view(): SignInView {
    return this.state
  }

  get isUnderWay(): boolean {
    return UNDER_WAY.includes(this.state.step)
  }

  /** Asks for a code. @throws ApiError */
  startByPhone(phone: string): Promise<SignInView> {
    return this.begin('phone', phone, async (attempt, app) => {
      const { Api } = await import('./gramjs')
      const request = () => new Api.auth.SendCode({ phoneNumber: phone, ...app, settings: new Api.CodeSettings({}) })
      await this.takeCode(attempt, await attempt.link.call('auth.sendCode', request))
    })
  }

  /** Asks for a QR code; renewing it and what follows go on by themselves. @throws ApiError */
  startByQr(): Promise<SignInView> {
    return this.begin('qr', null, (attempt, app) => this.showCodes(attempt, app))
  }

  /** @throws ApiError */
  resend(): Promise<SignInView> {
    return this.step('code_sent', 'sign_in_resend', async (attempt, sent) => {
      this.refuseEarlyResend(sent)
      const { Api } = await import('./gramjs')
      const request = () =>
        new Api.auth.ResendCode({ phoneNumber: attempt.phone ?? '', phoneCodeHash: sent?.hash ?? '' })
      await this.takeCode(attempt, await attempt.link.call('auth.resendCode', request))
    })
  }

  /** @throws ApiError */
  submitCode(code: string): Promise<SignInView> {
    const phoneCode = code.replace(/[\s-]/g, '')
    return this.step('code_sent', 'sign_in_code', async (attempt, sent) => {
      if (phoneCode === '') throw new TelegramError('PHONE_CODE_EMPTY', 400)
      const { Api } = await import('./gramjs')
      const [phoneNumber, phoneCodeHash] = [attempt.phone ?? '', sent?.hash ?? '']
      const request = () => new Api.auth.SignIn({ phoneNumber, phoneCodeHash, phoneCode })
      await this.finish(attempt, await attempt.link.call('auth.signIn', request))
    })
  }

  /** @throws ApiError */
  submitPassword(text: string): Promise<SignInView> {
    return this.step('password_needed', 'sign_in_password', async (attempt) => {
      if (text === '') throw failure('PASSWORD_EMPTY', 'Enter the password of two-step verification.')
      await this.finish(attempt, await this.checkPassword(attempt, text))
    })
  }

  /** Ends the attempt; Telegram is told where a code was sent. @throws ApiError where there is none */
  async cancel(): Promise<SignInView> {
    const { attempt } = this
    if (!attempt || this.state.step === 'finishing') throw this.nothingToDo()
    await this.cancelCode(attempt)
    await this.end(attempt, { ...NOTHING, step: 'cancelled', message: 'The sign-in was cancelled.' })
    return this.state
  }

  /** Idempotent. */
  async close(): Promise<void> {
    if (this.attempt) await this.end(this.attempt, this.state)
    await this.turn
  }

  private async begin(
    method: Attempt['method'],
    phone: string | null,
    work: (attempt: Attempt, app: { apiId: number; apiHash: string }) => Promise<void>,
  ): Promise<SignInView> {
    const app = this.options.app()
    if (!app) throw toFailure(new TelegramError('NEEDS_APP', 0))
    this.options.throttle.take('sign_in_start')
    if (this.attempt) await this.end(this.attempt, NOTHING)
    return this.inTurn(async () => {
      if (this.attempt) await this.end(this.attempt, NOTHING)
      const attempt = this.newAttempt(method, phone, app)
      this.attempt = attempt
      this.state = { ...NOTHING, method, phone: phone && hidden(phone) }
      this.show({ step: 'connecting', message: 'Asking Telegram.' })
      await this.guard(attempt, () => work(attempt, app), true)
    })
  }

  private newAttempt(method: Attempt['method'], phone: string | null, app: TelegramApp): Attempt {
    const stop = new AbortController()
    const onEnvelope = (envelope: unknown) => {
      if (isLoginAccepted(envelope)) attempt.onAccepted()
    }
    const link = this.options.openLink(app, onEnvelope, stop.signal)
    const timer = setTimeout(() => this.giveUp(attempt), IDLE_MS).unref()
    const attempt: Attempt = { link, stop, method, phone, sent: null, timer, onAccepted: () => undefined }
    return attempt
  }

  private giveUp(attempt: Attempt): void {
    const message = `Nobody went on with the sign-in for ${IDLE_MS / MINUTE} minutes. Start over.`
    void this.end(attempt, { ...NOTHING, step: 'cancelled', message })
  }

  /** One step of the attempt under way, when it is at `at`. */
  private async step(
    at: SignInStep,
    action: string,
    work: (attempt: Attempt, sent: SentCode | null) => Promise<void>,
  ): Promise<SignInView> {
    return this.inTurn(async () => {
      const { attempt } = this
      if (!attempt || this.state.step !== at) throw this.nothingToDo()
      this.options.throttle.take(action)
      attempt.timer.refresh()
      await this.guard(attempt, () => work(attempt, attempt.sent), false)
    })
  }

  /** Turns what went wrong into the next step, or into the end of the attempt. */
  private async guard(attempt: Attempt, work: () => Promise<void>, isFirst: boolean): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (isFirst && !isPasswordNeeded(error)) await this.fail(attempt, error)
      else await this.stumble(attempt, error)
    }
  }

  /** The password is asked for; a mistake can be mended; anything fatal ends the attempt. */
  private async stumble(attempt: Attempt, error: unknown): Promise<void> {
    if (this.attempt !== attempt) throw toFailure(error)
    if (isPasswordNeeded(error)) return this.askPassword(attempt)
    const known = toFailure(error)
    const isFatal = attempt.method === 'qr' && this.state.step !== 'password_needed'
    if (isFatal || FATAL.includes(known.code as ErrorCode)) return this.fail(attempt, error)
    this.show({ code: known.code as ErrorCode })
    throw known
  }

  private async fail(attempt: Attempt, error: unknown): Promise<never> {
    const known = toFailure(error)
    if (this.attempt === attempt)
      await this.end(attempt, {
        ...this.state,
        ...END,
        step: 'failed',
        code: known.code as ErrorCode,
        message: known.message,
      })
    throw known
  }

  /** Resolves with the first code; what comes of it is taken up when it comes. */
  private showCodes(attempt: Attempt, app: TelegramApp): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      let isShown = false
      const show = (qr: NonNullable<SignInView['qr']>) => {
        const message = 'Scan the code in Telegram on your phone: Settings, Devices, Link Desktop Device.'
        this.show({ step: 'qr_waiting', qr, message })
        isShown = true
        resolve()
      }
      waitForScan(attempt.link, app, attempt.stop.signal, show, (tell) => (attempt.onAccepted = tell))
        .then((authorization) => this.finish(attempt, authorization))
        .catch((error: unknown) => {
          if (!isShown) return reject(error as Error)
          this.inTurn(() => this.stumble(attempt, error)).catch(() => undefined)
        })
    })
  }

  private async takeCode(attempt: Attempt, answer: unknown): Promise<void> {
    const { className, authorization } = answer as { className: string; authorization?: unknown }
    // A number that Telegram trusts already is let in without a code.
    if (className === 'auth.SentCodeSuccess') return this.finish(attempt, authorization)
    const sent = readSentCode(answer, Date.now())
    attempt.sent = sent
    this.show({
      step: 'code_sent',
      message: sentCodeMessage(sent),
      code: null,
      code_type: sent.type,
      code_length: sent.length,
      code_hint: sent.hint,
      next_type: sent.nextType,
      resend_at: sent.resendAtMs === null ? null : isoMoment(sent.resendAtMs),
    })
  }

  private refuseEarlyResend(sent: SentCode | null): void {
    if (sent?.resendAtMs == null) throw new TelegramError('SEND_CODE_UNAVAILABLE', 406)
    const leftS = Math.ceil((sent.resendAtMs - Date.now()) / SECOND)
    if (leftS > 0)
      throw failure('RESEND_TOO_EARLY', `The code can be sent again in ${leftS} seconds.`, undefined, leftS)
  }

  private async askPassword(attempt: Attempt): Promise<void> {
    const { Api } = await import('./gramjs')
    const { hint } = await attempt.link.call('account.getPassword', () => new Api.account.GetPassword())
    const message = 'Enter the password of two-step verification.'
    this.show({ ...END, step: 'password_needed', code: null, message, password_hint: hint || null })
  }

  /** Each try needs a fresh challenge; one that Telegram does not know any more is fetched again, once. */
  private async checkPassword(attempt: Attempt, text: string, isRepeat = false): Promise<unknown> {
    const { Api, password } = await import('./gramjs')
    const challenge = await attempt.link.call('account.getPassword', () => new Api.account.GetPassword())
    const proof = await password.computeCheck(challenge, text)
    try {
      return await attempt.link.call('auth.checkPassword', () => new Api.auth.CheckPassword({ password: proof }))
    } catch (error) {
      if (isRepeat || toTelegramError(error).type !== 'SRP_ID_INVALID') throw error
      return this.checkPassword(attempt, text, true)
    }
  }

  /** Telegram has said yes: the session goes to disk and takes its place. */
  private async finish(attempt: Attempt, answer: unknown): Promise<void> {
    const { className, user } = answer as { className: string; user?: Api.User }
    if (className === 'auth.AuthorizationSignUpRequired') throw new TelegramError('PHONE_NUMBER_UNOCCUPIED', 400)
    const row = attempt.link.file.row()
    if (!row?.authKey || !user) throw new TelegramError('AUTH_KEY_UNREGISTERED', 401)
    this.show({ ...END, step: 'finishing', code: null, message: 'Telegram said yes. Putting the session in force.' })
    await attempt.link.drop()
    const generation = await this.keep(attempt, row, BigInt(user.id.toString()))
    await this.end(attempt, {
      ...NOTHING,
      method: attempt.method,
      step: 'signed_in',
      message: 'Signed in.',
      generation,
    })
  }

  /** What cannot be kept must not stay signed in at Telegram. */
  private async keep(attempt: Attempt, row: SessionServerRow, userId: bigint): Promise<number> {
    try {
      return await this.options.takeIn(row, userId, attempt.method)
    } catch (error) {
      this.options.log.error({ err: error }, 'a session that was signed in could not be kept')
      const { Api } = await import('./gramjs')
      await attempt.link.call('auth.logOut', () => new Api.auth.LogOut()).catch(() => undefined)
      return this.fail(attempt, new TelegramError('STORAGE', 0, null, { cause: error }))
    }
  }

  private async cancelCode(attempt: Attempt): Promise<void> {
    const { sent, phone } = attempt
    if (!sent || !phone || this.state.step !== 'code_sent') return
    const { Api } = await import('./gramjs')
    const request = () => new Api.auth.CancelCode({ phoneNumber: phone, phoneCodeHash: sent.hash })
    // Where Telegram is away the code simply expires.
    await attempt.link.call('auth.cancelCode', request).catch(() => undefined)
  }

  private async end(attempt: Attempt, state: SignInView): Promise<void> {
    if (this.attempt !== attempt) return
    this.attempt = null
    clearTimeout(attempt.timer)
    attempt.stop.abort(new TelegramError('ABORTED', 0))
    this.state = state
    this.options.onChange()
    await attempt.link.close()
  }

  private show(change: Partial<SignInView>): void {
    this.state = { ...this.state, ...change }
    this.options.onChange()
  }

  private nothingToDo(): Error {
    if (!this.isUnderWay) return failure('NO_SIGN_IN', 'No sign-in is under way. Start one.')
    return failure('WRONG_STEP', `The sign-in is at another step. ${this.state.message}`)
  }

  private inTurn(work: () => Promise<void>): Promise<SignInView> {
    const result = this.turn.then(work).then(() => this.state)
    this.turn = result.catch(() => undefined)
    return result
  }
}

/** What is of no use after a step was left. */
const END = { code_type: null, code_length: null, code_hint: null, next_type: null, resend_at: null, qr: null }

function isPasswordNeeded(error: unknown): boolean {
  return toTelegramError(error).type === 'SESSION_PASSWORD_NEEDED'
}

function isLoginAccepted(envelope: unknown): boolean {
  const { update } = envelope as { update?: { className?: string } }
  return update?.className === 'UpdateLoginToken'
}

/** All but the last two digits hidden. */
function hidden(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  return `+${'•'.repeat(Math.max(0, digits.length - 2))}${digits.slice(-2)}`
}
