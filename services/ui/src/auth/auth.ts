import { DAY, MINUTE } from '@tgsentinel/kernel/time'
import type { IncomingHttpHeaders } from 'node:http'
import { failure, type AuditAction, type Caller } from '../model'
import type { Store } from '../store/store'
import { cookieValues, isSameText, issueCookie, openCookie } from './cookie'
import { hashPassword, isPassword } from './password'
import { Throttle } from './throttle'

export const IDLE_MS = 30 * DAY
const MAX_SESSIONS = 100
const TOUCH_EVERY_MS = MINUTE

interface Options {
  secretKey: string
  apiToken: string | undefined
  now: () => number
  /** A browser was signed out: what it still has open has to end. */
  onEnded: (sessionId: number | 'all') => void
}

/** The one admin's password, and the browsers that are signed in with it. */
export class Auth {
  private readonly throttle: Throttle
  private isFromEnvironment = false

  constructor(
    private readonly store: Store,
    private readonly options: Options,
  ) {
    this.throttle = new Throttle(options.now)
  }

  get isSetupNeeded(): boolean {
    return this.store.settings.get('password_hash') === undefined
  }

  /** Takes the environment's password: it wins over the stored one, and a change of it signs every browser out. */
  async adopt(password: string): Promise<void> {
    this.isFromEnvironment = true
    const stored = this.store.settings.get('password_hash')
    if (stored !== undefined && (await isPassword(password, stored))) return
    const hash = await hashPassword(password)
    this.store.transaction(() => {
      this.store.settings.set('password_hash', hash)
      this.store.sessions.deleteAll()
      this.store.audit.add('password_set', 'by the environment', '')
    })
    this.options.onEnded('all')
  }

  /** Sets the password, once, and signs in. Returns the cookie's value. */
  async setUp(password: string, caller: Caller): Promise<string> {
    if (!this.isSetupNeeded) throw alreadySetUp()
    const hash = await hashPassword(password)
    return this.store.transaction(() => {
      // Asked again: of two browsers that set a password at once the second one has to hear of it.
      if (!this.isSetupNeeded) throw alreadySetUp()
      this.store.settings.set('password_hash', hash)
      this.store.audit.add('password_set', 'on the page', caller.address)
      return this.openSession(caller)
    })
  }

  /** Signs in. Returns the cookie's value. */
  async signIn(password: string, caller: Caller): Promise<string> {
    const stored = this.store.settings.get('password_hash')
    if (stored === undefined) throw failure('SETUP_NEEDED', 'No password is set yet. Open the page and set one.')
    await this.checkPassword(password, stored, 'sign_in_failed', caller)
    return this.store.transaction(() => {
      this.checkUnchanged(stored)
      this.store.audit.add('signed_in', caller.userAgent, caller.address)
      return this.openSession(caller)
    })
  }

  /** Sets another password; of the browsers that are signed in only this one stays so. */
  async changePassword(sessionId: number, current: string, password: string, caller: Caller): Promise<void> {
    if (this.isFromEnvironment) throw setByEnvironment()
    const stored = this.store.settings.get('password_hash') ?? ''
    await this.checkPassword(current, stored, 'password_change_failed', caller)
    const hash = await hashPassword(password)
    const ended = this.store.transaction(() => {
      this.checkUnchanged(stored)
      this.store.settings.set('password_hash', hash)
      this.store.audit.add('password_changed', '', caller.address)
      return this.store.sessions.deleteOthers(sessionId)
    })
    for (const id of ended) this.options.onEnded(id)
  }

  signOut(sessionId: number, caller: Caller): void {
    this.endSession(sessionId)
    this.store.audit.add('signed_out', '', caller.address)
  }

  revoke(sessionId: number, caller: Caller): void {
    if (!this.endSession(sessionId)) throw failure('NOT_FOUND', `There is no signed-in browser ${sessionId}.`)
    this.store.audit.add('browser_revoked', `browser ${sessionId}`, caller.address)
  }

  /** Id of the browser's session that a request carries; undefined where it has none that is in force. */
  sessionOf(headers: IncomingHttpHeaders): number | undefined {
    return this.signInOf(headers)?.sessionId
  }

  /** The same with the cookie's value that bears it: of several by that name one may be somebody else's. */
  signInOf(headers: IncomingHttpHeaders): { sessionId: number; cookie: string } | undefined {
    for (const cookie of cookieValues(headers.cookie)) {
      const tokenHash = openCookie(cookie, this.options.secretKey)
      const session = tokenHash && this.store.sessions.find(tokenHash)
      if (session && this.isInForce(session.last_seen_at)) return { sessionId: session.id, cookie }
    }
    return undefined
  }

  isSessionInForce(id: number): boolean {
    const session = this.store.sessions.get(id)
    return session !== undefined && this.isInForce(session.last_seen_at)
  }

  /** Notes that a browser was seen, once a minute at the most. */
  touch(sessionId: number, caller: Caller): void {
    const now = this.options.now()
    const session = this.store.sessions.get(sessionId)
    if (session && now - session.last_seen_at >= TOUCH_EVERY_MS)
      this.store.sessions.touch(sessionId, now, caller.address)
  }

  hasToken(headers: IncomingHttpHeaders): boolean {
    const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
    return given !== undefined && this.options.apiToken !== undefined && isSameText(given, this.options.apiToken)
  }

  private isInForce(lastSeenAt: number): boolean {
    return this.options.now() - lastSeenAt < IDLE_MS
  }

  /** @throws ApiError when it is not the password, or there were too many that were not */
  private async checkPassword(password: string, stored: string, onWrong: AuditAction, caller: Caller): Promise<void> {
    this.checkThrottle(caller)
    if (!(await isPassword(password, stored))) {
      this.store.audit.add(onWrong, 'wrong password', caller.address)
      throw wrongPassword()
    }
    this.throttle.succeed(caller.address)
  }

  /** While a hash was computed somebody may have changed the password. */
  private checkUnchanged(stored: string): void {
    if (this.store.settings.get('password_hash') !== stored) throw wrongPassword()
  }

  private checkThrottle(caller: Caller): void {
    const verdict = this.throttle.begin(caller.address)
    if (verdict.waitMs === 0) return
    const retryAfterS = Math.ceil(verdict.waitMs / 1000)
    if ('isNew' in verdict && verdict.isNew)
      this.store.audit.add('sign_in_throttled', `for ${retryAfterS} s`, caller.address)
    throw failure('TOO_MANY_ATTEMPTS', `Too many wrong passwords. Try again in ${inWords(retryAfterS)}.`, {
      retryAfterS,
    })
  }

  private openSession(caller: Caller): string {
    const now = this.options.now()
    const { value, tokenHash } = issueCookie(this.options.secretKey)
    this.store.sessions.add(tokenHash, now, caller)
    this.store.sessions.prune(now - IDLE_MS, MAX_SESSIONS)
    return value
  }

  private endSession(sessionId: number): boolean {
    const existed = this.store.sessions.delete(sessionId)
    if (existed) this.options.onEnded(sessionId)
    return existed
  }
}

function alreadySetUp() {
  return failure('ALREADY_SET_UP', 'The password is already set. Sign in with it.')
}

function wrongPassword() {
  return failure('WRONG_PASSWORD', 'That is not the password. Try again.')
}

function setByEnvironment() {
  const message = 'UI_ADMIN_PASSWORD sets the password. Change it there, then restart TG Sentinel.'
  return failure('PASSWORD_SET_BY_ENVIRONMENT', message)
}

function inWords(seconds: number): string {
  return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
}
