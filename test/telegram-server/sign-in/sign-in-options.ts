export type CodeWay = 'app' | 'sms' | 'call'

/** How strict signing in is. */
export interface SignInOptions {
  /** The first is taken by sendCode, each next one by resendCode. */
  ways: CodeWay[]
  length: number
  /** What clients are told to wait before they ask for the next way. */
  timeoutSeconds: number
  /** Answers a resendCode before that time by FLOOD_WAIT. */
  isCountdownEnforced: boolean
  lifetimeSeconds: number
  /** Wrong codes until it expires. */
  codeAttempts: number
  bannedPhones: string[]
  floodedPhones: string[]
  /** Wrong passwords until FLOOD_WAIT. */
  passwordAttempts: number
  passwordFloodSeconds: number
  loginTokenSeconds: number
}

export const SIGN_IN_DEFAULTS: SignInOptions = {
  ways: ['app', 'sms', 'call'],
  length: 5,
  timeoutSeconds: 120,
  isCountdownEnforced: false,
  lifetimeSeconds: 300,
  codeAttempts: 5,
  bannedPhones: [],
  floodedPhones: [],
  passwordAttempts: 5,
  passwordFloodSeconds: 60,
  loginTokenSeconds: 30,
}
