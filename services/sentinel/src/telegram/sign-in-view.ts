import { isoMoment } from '@tgsentinel/kernel/time'
import type { SignInStep, SignInView } from '../model'
import { sentCodeMessage, type SentCode } from './sent-code'

export const NO_SIGN_IN: SignInView = {
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

export const INTERRUPTED: SignInView = {
  ...NO_SIGN_IN,
  step: 'interrupted',
  message: 'The sentinel was restarted in the middle of a sign-in. Nothing of it was kept: start over.',
}

/** What is of no use after a step was left. */
const OVER = { code_type: null, code_length: null, code_hint: null, next_type: null, resend_at: null, qr: null }

/** Another step: what the former one showed is gone. */
export function atStep(view: SignInView, step: SignInStep, message: string): SignInView {
  return { ...view, ...OVER, code: null, step, message }
}

export function withCode(view: SignInView, sent: SentCode): SignInView {
  return {
    ...atStep(view, 'code_sent', sentCodeMessage(sent)),
    code_type: sent.type,
    code_length: sent.length,
    code_hint: sent.hint,
    next_type: sent.nextType,
    resend_at: sent.resendAtMs === null ? null : isoMoment(sent.resendAtMs),
  }
}

/** A number with all but its last two digits hidden. */
export function hiddenPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  return `+${'•'.repeat(Math.max(0, digits.length - 2))}${digits.slice(-2)}`
}
