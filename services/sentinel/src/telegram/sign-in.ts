import type { Logger } from '@tgsentinel/kernel/log'
import { MINUTE, SECOND, sleep } from '@tgsentinel/kernel/time'
import type { TelegramApp } from '../config'
import { failure, type ErrorCode, type SessionOrigin, type SignInStep, type SignInView } from '../model'
import type { AttemptThrottle } from './attempt-throttle'
import type { SentCode } from './sent-code'
import type { SessionServerRow } from './session-schema'
import { SignInAttempt, type Authorized, type OpenLink } from './sign-in-attempt'
import { atStep, hiddenPhone, INTERRUPTED, NO_SIGN_IN, withCode } from './sign-in-view'
import { TelegramError, toTelegramError } from './telegram-error'
import { toFailure } from './telegram-failure'

export interface SignInOptions {
  app: () => TelegramApp | undefined
  openLink: OpenLink
  throttle: AttemptThrottle
  log: Logger
  onChange: () => void
  /** Puts the session in force, and resolves once Telegram has accepted it, or after a while. */
  takeIn: (
    row: SessionServerRow,
    userId: bigint,
    origin: SessionOrigin,
  ) => Promise<{ generation: number; isAccepted: boolean }>
}

/** An attempt that nobody goes on with is dropped. */
const IDLE_MS = 15 * MINUTE
/** A new code is asked for so long before the shown one is over. */
const QR_MARGIN_MS = 3 * SECOND
const QR_RETRY_MS = 2 * SECOND
const UNDER_WAY: readonly SignInStep[] = ['connecting', 'code_sent', 'qr_waiting', 'password_needed', 'finishing']
/** After these a new attempt is needed; after any other refusal the same step can be tried again. */
const FATAL: readonly ErrorCode[] = [
  'PHONE_CODE_EXPIRED',
  'SIGN_UP_NEEDED',
  'SESSION_ENDED',
  'APP_REFUSED',
  'STORAGE_UNAVAILABLE',
]

/**
 * Signing in, step by step: phone -> code -> password, or a QR code -> password. One attempt at a time; everything of it is in memory
 * until Telegram has said yes, and then the session goes the way of an import.
 */
export class SignIn {
  private state: SignInView = NO_SIGN_IN
  private attempt: SignInAttempt | null = null
  private idle: NodeJS.Timeout | undefined
  /** Steps, one after another. */
  private turn: Promise<unknown> = Promise.resolve()

  constructor(private readonly options: SignInOptions) {}

  /** Once, at the start. */
  wake(wasInterrupted: boolean): void {
    if (wasInterrupted) this.state = INTERRUPTED
  }

  get view(): SignInView {
    return this.state
  }

  /** Telegram's name for the code that was sent; null where none was. */
  get codeHash(): string | null {
    return this.attempt?.sent?.hash ?? null
  }

  get isUnderWay(): boolean {
    return UNDER_WAY.includes(this.state.step)
  }

  /** Asks for a code. @throws ApiError */
  startByPhone(phone: string): Promise<SignInView> {
    return this.begin('phone', phone, async (attempt) => this.showCode(attempt, await attempt.requestCode()))
  }

  /** Asks for a QR code; renewing it and what follows go on by themselves. @throws ApiError */
  startByQr(): Promise<SignInView> {
    return this.begin('qr', null, (attempt) => this.showTokens(attempt))
  }

  /** @throws ApiError */
  resend(): Promise<SignInView> {
    return this.step('code_sent', 'sign_in_resend', async (attempt) => {
      refuseEarlyResend(attempt.sent)
      await this.showCode(attempt, await attempt.resendCode())
    })
  }

  /** @throws ApiError */
  submitCode(code: string): Promise<SignInView> {
    return this.step('code_sent', 'sign_in_code', async (attempt) =>
      this.finish(attempt, await attempt.enterCode(code.replace(/[\s-]/g, ''))),
    )
  }

  /** @throws ApiError */
  submitPassword(text: string): Promise<SignInView> {
    return this.step('password_needed', 'sign_in_password', async (attempt) => {
      if (text === '') throw failure('PASSWORD_EMPTY', 'Enter the password of two-step verification.')
      await this.finish(attempt, await attempt.enterPassword(text))
    })
  }

  /** Ends the attempt; Telegram is told where a code was sent. @throws ApiError where there is none */
  async cancel(): Promise<SignInView> {
    const { attempt } = this
    if (!attempt) throw this.nothingToDo()
    await attempt.settled
    if (this.attempt !== attempt || attempt.isAuthorized)
      throw failure('WRONG_STEP', 'Telegram has let this device in already. Sign out instead.')
    // Where Telegram is away the code simply expires.
    if (this.state.step === 'code_sent') await attempt.cancelCode().catch(() => undefined)
    await this.end(attempt, { ...NO_SIGN_IN, step: 'cancelled', message: 'The sign-in was cancelled.' })
    return this.state
  }

  /** What is asked from here on is dialled anew; the attempt goes on. */
  async dropLink(): Promise<void> {
    await this.attempt?.link.drop()
  }

  /** Idempotent. */
  async close(): Promise<void> {
    if (this.attempt) await this.end(this.attempt, this.state)
    await this.turn
  }

  private async begin(
    method: SignInAttempt['method'],
    phone: string | null,
    work: (attempt: SignInAttempt) => Promise<void>,
  ): Promise<SignInView> {
    const app = this.options.app()
    if (!app) throw toFailure(new TelegramError('NEEDS_APP', 0))
    this.options.throttle.take('sign_in_start')
    // What is under way must not hold up the new attempt, unless Telegram has let it in.
    await this.attempt?.settled
    if (this.attempt && !this.attempt.isAuthorized) await this.end(this.attempt, NO_SIGN_IN)
    return this.inTurn(async () => {
      if (this.attempt) await this.end(this.attempt, NO_SIGN_IN)
      const attempt = new SignInAttempt(method, phone, app, this.options.openLink)
      this.attempt = attempt
      this.idle = setTimeout(() => this.giveUp(attempt), IDLE_MS).unref()
      const blank = { ...NO_SIGN_IN, method, phone: phone && hiddenPhone(phone) }
      this.show(atStep(blank, 'connecting', 'Asking Telegram.'))
      await this.guard(attempt, work, true)
    })
  }

  private giveUp(attempt: SignInAttempt): void {
    const message = `Nobody went on with the sign-in for ${IDLE_MS / MINUTE} minutes. Start over.`
    attempt.settled
      .then(() => (attempt.isAuthorized ? undefined : this.end(attempt, { ...NO_SIGN_IN, step: 'cancelled', message })))
      .catch((error: unknown) => this.options.log.error({ err: error }, 'a sign-in could not be given up'))
  }

  /** One step of the attempt under way, when it is at `at`. */
  private step(at: SignInStep, action: string, work: (attempt: SignInAttempt) => Promise<void>): Promise<SignInView> {
    return this.inTurn(async () => {
      const { attempt } = this
      if (!attempt || this.state.step !== at) throw this.nothingToDo()
      this.options.throttle.take(action)
      this.idle?.refresh()
      await this.guard(attempt, work, false)
    })
  }

  private async guard(attempt: SignInAttempt, work: (attempt: SignInAttempt) => Promise<void>, isFirst: boolean) {
    try {
      await work(attempt)
    } catch (error) {
      await this.stumble(attempt, error, isFirst)
    }
  }

  /** The password is asked for; a mistake can be mended; anything fatal, and any refusal of the first step, ends the attempt. */
  private async stumble(attempt: SignInAttempt, error: unknown, isFatal: boolean): Promise<void> {
    const known = toFailure(error)
    const code = known.code as ErrorCode
    if (this.attempt !== attempt) throw known
    if (toTelegramError(error).type === 'SESSION_PASSWORD_NEEDED') return this.askPassword(attempt)
    if (isFatal || FATAL.includes(code))
      await this.end(attempt, { ...atStep(this.state, 'failed', known.message), code })
    else this.show({ ...this.state, code })
    throw known
  }

  private async showCode(attempt: SignInAttempt, authorized: Authorized | null): Promise<void> {
    if (authorized) return this.finish(attempt, authorized)
    if (attempt.sent) this.show(withCode(this.state, attempt.sent))
  }

  private async askPassword(attempt: SignInAttempt): Promise<void> {
    // The code is used up: a hint that cannot be had now must not cost it.
    const hint = await attempt.passwordHint().catch(() => null)
    if (this.attempt !== attempt) return
    const message = 'Enter the password of two-step verification.'
    this.show({ ...atStep(this.state, 'password_needed', message), password_hint: hint })
  }

  /** Resolves with the first code on show; the others, and what comes of them, follow by themselves. */
  private async showTokens(attempt: SignInAttempt): Promise<void> {
    const first = await attempt.exportToken()
    if (!('qr' in first)) return this.finish(attempt, first)
    this.showToken(first.qr)
    this.watchTokens(attempt, first)
      .then((authorized) => this.inTurn(() => this.guard(attempt, () => this.finish(attempt, authorized), true)))
      .catch((error: unknown) => this.inTurn(() => this.stumble(attempt, error, true)))
      // The state tells; nobody waits here.
      .catch(() => undefined)
  }

  /** Shows one token after another until a device of the account accepts one. */
  private async watchTokens(
    attempt: SignInAttempt,
    first: Exclude<Awaited<ReturnType<SignInAttempt['exportToken']>>, Authorized>,
  ): Promise<Authorized> {
    const { signal } = attempt.stop
    for (let shown = first; ;) {
      const pauseMs = Math.max(SECOND, shown.expiresMs - QR_MARGIN_MS - Date.now())
      await Promise.race([shown.accepted, sleep(Math.min(pauseMs, MINUTE), signal)])
      const next = await this.nextToken(attempt, signal)
      if (!('qr' in next)) return next
      shown = next
      this.showToken(next.qr)
    }
  }

  /** An outage is waited out: whoever holds the phone in his hand sees the next code. */
  private async nextToken(attempt: SignInAttempt, signal: AbortSignal): ReturnType<SignInAttempt['exportToken']> {
    for (;;) {
      try {
        return await attempt.exportToken()
      } catch (error) {
        if (!['NETWORK', 'TIMEOUT'].includes(toTelegramError(error).type)) throw error
        await sleep(QR_RETRY_MS, signal)
      }
    }
  }

  private showToken(qr: NonNullable<SignInView['qr']>): void {
    const message = 'Scan the code in Telegram on your phone: Settings, Devices, Link Desktop Device.'
    this.show({ ...atStep(this.state, 'qr_waiting', message), qr })
  }

  /** Telegram has said yes: the session goes to disk and takes its place. */
  private async finish(attempt: SignInAttempt, { row, userId }: Authorized): Promise<void> {
    this.show(atStep(this.state, 'finishing', 'Telegram said yes. Putting the session in force.'))
    await attempt.link.drop()
    const taken = await this.options.takeIn(row, userId, attempt.method).catch(async (error: unknown) => {
      this.options.log.error({ err: error }, 'a session that was signed in could not be kept')
      // What cannot be kept must not stay signed in at Telegram.
      await attempt.signOut().catch(() => undefined)
      throw new TelegramError('STORAGE', 0, null, { cause: error })
    })
    const done = { ...NO_SIGN_IN, method: attempt.method, generation: taken.generation }
    const message = taken.isAccepted ? 'Signed in.' : 'Signed in. The connection is still being made.'
    await this.end(attempt, { ...done, step: 'signed_in', message })
  }

  private async end(attempt: SignInAttempt, state: SignInView): Promise<void> {
    if (this.attempt !== attempt) return
    this.attempt = null
    clearTimeout(this.idle)
    try {
      this.show(state)
    } finally {
      await attempt.close()
    }
  }

  private show(state: SignInView): void {
    this.state = state
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

function refuseEarlyResend(sent: SentCode | null): void {
  if (sent?.resendAtMs == null) throw new TelegramError('SEND_CODE_UNAVAILABLE', 406)
  const leftS = Math.ceil((sent.resendAtMs - Date.now()) / SECOND)
  if (leftS > 0) throw failure('RESEND_TOO_EARLY', `The code can be sent again in ${leftS} seconds.`, undefined, leftS)
}
