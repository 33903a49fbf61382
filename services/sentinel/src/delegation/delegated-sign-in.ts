import { failure, type SignInView } from '../model'
import type { SignIn } from '../telegram/sign-in'
import { isSealed, unseal } from './sealed-field'

type Payload = Record<string, unknown>
type Answer = Record<string, unknown>

/** Steps of a sign-in that another program takes through `tgsentinel:auth_queue`. Codes and passwords come sealed, never in clear. */
export class DelegatedSignIn {
  constructor(
    private readonly signIn: SignIn,
    private readonly token: string | undefined,
  ) {}

  /** @throws ApiError */
  async answer(payload: Payload): Promise<Answer> {
    switch (payload['action']) {
      case 'start':
        return this.sent(await this.signIn.startByPhone(this.field(payload, 'phone', false)))
      case 'resend':
        return this.sent(await this.signIn.resend())
      case 'verify':
        return this.verify(payload)
      case 'cancel':
        return { status: 'ok', message: (await this.signIn.cancel()).message }
      default:
        throw failure('INVALID_REQUEST', 'action must be start, resend, verify or cancel.')
    }
  }

  /** The code, and the password where it is asked for: both may come at once, or the password alone afterwards. */
  private async verify(payload: Payload): Promise<Answer> {
    this.refuseOtherCode(payload['phone_code_hash'])
    const isAtCode = this.signIn.view.step !== 'password_needed'
    const view = isAtCode ? await this.signIn.submitCode(this.field(payload, 'code', true)) : this.signIn.view
    if (view.step !== 'password_needed') return this.done(view)
    if (payload['password'] === undefined) {
      const hint = view.password_hint === null ? {} : { password_hint: view.password_hint }
      return { status: 'error', reason: 'PASSWORD_NEEDED', message: view.message, ...hint }
    }
    return this.done(await this.signIn.submitPassword(this.field(payload, 'password', true)))
  }

  private refuseOtherCode(hash: unknown): void {
    if (hash !== undefined && this.signIn.codeHash !== null && hash !== this.signIn.codeHash)
      throw failure('PHONE_CODE_EXPIRED', 'This code belongs to an earlier request. Use the latest one.')
  }

  private sent(view: SignInView): Answer {
    const waitMs = view.resend_at === null ? 0 : Date.parse(view.resend_at) - Date.now()
    return {
      status: 'ok',
      message: view.message,
      phone_code_hash: this.signIn.codeHash,
      timeout: Math.max(0, Math.ceil(waitMs / 1000)),
      type: view.code_type,
    }
  }

  private done({ message, generation }: SignInView): Answer {
    return { status: 'ok', message, ...(generation === null ? {} : { session_generation: generation }) }
  }

  /** @throws ApiError where a secret lies in Redis in clear, or the seal is not ours */
  private field(payload: Payload, name: string, isSecret: boolean): string {
    const value = payload[name]
    if (typeof value !== 'string' || value.length > 4096) throw failure('INVALID_REQUEST', `${name} must be a text.`)
    if (!isSealed(value)) {
      if (!isSecret) return value
      throw failure(
        'INVALID_REQUEST',
        `${name} must not lie in Redis in clear: seal it with SENTINEL_API_TOKEN, or use the HTTP API.`,
      )
    }
    const text = this.token === undefined ? null : unseal(value, this.token, String(payload['request_id']))
    if (text === null)
      throw failure(
        'INVALID_REQUEST',
        `${name} is not sealed for this request with the SENTINEL_API_TOKEN of the sentinel.`,
      )
    return text
  }
}
