import { existsSync, readFileSync } from 'node:fs'
import { readSessionFile } from '../support/session-reader'
import { SignInStage } from '../support/sign-in-stage'
import { until } from '../support/until'

const PHONE = '+12025550143'
let stage: SignInStage

beforeEach(async () => {
  stage = await SignInStage.open()
})

afterEach(() => stage.close())

/** The server and key that the file on disk has. */
function sessionRow() {
  const row = readSessionFile(stage.sentinel.sessionPath).server[0]
  return row && { dcId: Number(row.dc_id), address: row.server_address, port: Number(row.port), authKey: row.auth_key }
}

async function codeOf(phone = PHONE): Promise<string> {
  return (await stage.control.lastCode({ phone })).code
}

describe('signing in by phone', () => {
  it('takes the code, then the password, follows to the data centre of the number, and survives a restart', async () => {
    const account = await stage.control.createAccount({
      firstName: 'Alex',
      username: 'alexmorgan',
      phone: PHONE,
      homeDc: 4,
      password: 'correct horse',
      hint: 'animal',
    })
    const sent = (await stage.step('', { phone: '+1 (202) 555-0143' })).body.data
    expect(sent).toMatchObject({
      step: 'code_sent',
      code_type: 'app',
      code_length: 5,
      next_type: 'sms',
      method: 'phone',
    })
    expect(sent.phone).toBe('+•••••••••43')
    expect(Date.parse(sent.resend_at ?? '')).toBeGreaterThan(Date.now())
    expect((await stage.step('code', { code: await codeOf() })).body.data).toMatchObject({
      step: 'password_needed',
      password_hint: 'animal',
    })
    expect(existsSync(stage.sentinel.sessionPath)).toBe(false)
    expect((await stage.step('password', { password: 'correct horse' })).body.data).toMatchObject({
      step: 'signed_in',
      generation: 1,
    })
    const status = await stage.sentinel.api.status()
    expect(status).toMatchObject({ authorized: true, connected: true, session_generation: 1, sign_in: 'signed_in' })
    expect(status.user_info).toEqual({ user_id: account.id, username: 'alexmorgan', first_name: 'Alex' })
    expect(sessionRow()).toMatchObject({ dcId: 4, address: '127.0.0.1', port: stage.server.ports[4] })
    await stage.sentinel.crash()
    await stage.start()
    await until('the session to be back', async () => (await stage.sentinel.api.status()).connected)
    expect((await stage.view()).step).toBe('none')
  })

  it('begins a step anew, once, where Telegram asks for that', async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE })
    const restart = (method: string, times: number) =>
      stage.control.failMethod({ method, code: 500, type: 'AUTH_RESTART', times })
    await restart('auth.sendCode', 1)
    expect((await stage.step('', { phone: PHONE })).body.data.step).toBe('code_sent')
    await restart('auth.signIn', 1)
    const former = await codeOf()
    const again = await stage.step('code', { code: former })
    const signedIn = again.status === 200 ? again : await stage.step('code', { code: await codeOf() })
    expect(signedIn.body.data.step).toBe('signed_in')
    const { calls } = await stage.control.calls()
    expect(calls.filter(({ method }) => method === 'auth.sendCode')).toHaveLength(3)
  })

  it('says so where Telegram asks to begin anew again and again', async () => {
    await stage.control.failMethod({ method: 'auth.sendCode', code: 500, type: 'AUTH_RESTART', times: 5 })
    const reply = await stage.step('', { phone: PHONE })
    expect([reply.status, reply.body.code]).toEqual([504, 'TELEGRAM_TIMEOUT'])
    const { calls } = await stage.control.calls()
    expect(calls.filter(({ method }) => method === 'auth.sendCode')).toHaveLength(2)
  })

  it('names every refusal apart, and lets mistakes be mended', async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE, password: 'secret' })
    await stage.control.setCodeOptions({ bannedPhones: ['+12025550100'], floodedPhones: ['+12025550101'] })
    const refusals: [string, number, string][] = [
      ['12', 400, 'PHONE_NUMBER_INVALID'],
      ['', 400, 'PHONE_NUMBER_INVALID'],
      ['+1 202 555 0100', 403, 'PHONE_NUMBER_BANNED'],
      ['+1 202 555 0101', 429, 'PHONE_NUMBER_FLOOD'],
    ]
    for (const [phone, status, code] of refusals) {
      const reply = await stage.step('', { phone })
      expect([reply.status, reply.body.code]).toEqual([status, code])
      expect(await stage.view()).toMatchObject({ step: 'failed', code, message: reply.body.message })
    }
    await stage.step('', { phone: PHONE })
    expect((await stage.step('code', { code: ' ' })).body.code).toBe('PHONE_CODE_EMPTY')
    expect((await stage.step('code', { code: '1' })).body.code).toBe('PHONE_CODE_INVALID')
    expect((await stage.step('password', { password: 'early' })).body.code).toBe('WRONG_STEP')
    const code = await codeOf()
    expect((await stage.step('code', { code: `${code.slice(0, 2)} ${code.slice(2)}` })).body.data.step).toBe(
      'password_needed',
    )
    expect((await stage.step('password', { password: '' })).body.code).toBe('PASSWORD_EMPTY')
    expect((await stage.step('password', { password: 'wrong' })).body.code).toBe('PASSWORD_INVALID')
    expect((await stage.view()).code).toBe('PASSWORD_INVALID')
    expect((await stage.step('password', { password: 'secret' })).body.data.step).toBe('signed_in')
  })

  it('tells of too many wrong passwords with the wait', async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE, password: 'secret' })
    await stage.control.setCodeOptions({ passwordAttempts: 1, passwordFloodSeconds: 600 })
    await stage.step('', { phone: PHONE })
    await stage.step('code', { code: await codeOf() })
    expect((await stage.step('password', { password: 'wrong' })).body.code).toBe('PASSWORD_INVALID')
    const flooded = await stage.step('password', { password: 'secret' })
    expect([flooded.status, flooded.body.code]).toEqual([429, 'FLOOD_WAIT'])
    expect(Number(flooded.headers.get('retry-after'))).toBeGreaterThan(500)
    expect((await stage.sentinel.api.status()).flood_wait?.method).toBe('auth.checkPassword')
    await stage.control.clearCalls()
    expect((await stage.step('password', { password: 'secret' })).body.code).toBe('FLOOD_WAIT')
    const { calls } = await stage.control.calls()
    expect(calls.map(({ method }) => method)).not.toContain('auth.checkPassword')
  })

  it('throttles attempts before Telegram has to', async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE })
    await stage.control.setCodeOptions({ codeAttempts: 100 })
    await stage.step('', { phone: PHONE })
    const codes = []
    for (let attempt = 0; attempt < 16; attempt++) codes.push((await stage.step('code', { code: '1' })).body.code)
    expect(new Set(codes.slice(0, 15))).toEqual(new Set(['PHONE_CODE_INVALID']))
    expect(codes[15]).toBe('TOO_MANY_ATTEMPTS')
  })

  it('ends with an expired code, and tells where a number has no account', async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE })
    await stage.step('', { phone: PHONE })
    const code = await codeOf()
    await stage.control.expireCode({ phone: PHONE })
    expect((await stage.step('code', { code })).body.code).toBe('PHONE_CODE_EXPIRED')
    expect((await stage.view()).step).toBe('failed')
    expect((await stage.step('code', { code })).body.code).toBe('NO_SIGN_IN')
    const stranger = '+12025550199'
    await stage.step('', { phone: stranger })
    const reply = await stage.step('code', { code: await codeOf(stranger) })
    expect([reply.status, reply.body.code]).toEqual([409, 'SIGN_UP_NEEDED'])
    const { calls } = await stage.control.calls()
    expect(calls.map(({ method }) => method)).not.toContain('auth.signUp')
  })

  it('sends the code again by the next way, not before the countdown is over, and not for ever', async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE })
    await stage.step('', { phone: PHONE })
    const early = await stage.step('resend')
    expect([early.status, early.body.code]).toEqual([429, 'RESEND_TOO_EARLY'])
    expect(Number(early.headers.get('retry-after'))).toBeGreaterThan(0)
    await stage.control.setCodeOptions({ timeoutSeconds: 0, ways: ['app', 'sms'] })
    await stage.step('', { phone: PHONE })
    expect((await stage.step('resend')).body.data).toMatchObject({
      step: 'code_sent',
      code_type: 'sms',
      next_type: null,
    })
    const last = await stage.step('resend')
    expect([last.status, last.body.code]).toEqual([409, 'RESEND_UNAVAILABLE'])
    expect((await stage.step('code', { code: await codeOf() })).body.data.step).toBe('signed_in')
  })

  it('is cancelled, at Telegram too, and leaves nothing', async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE })
    await stage.step('', { phone: PHONE })
    const cancelled = await stage.sentinel.api.request<{ data: { step: string } }>('DELETE', '/api/session/sign-in')
    expect(cancelled.body.data.step).toBe('cancelled')
    await expect(stage.control.lastCode({ phone: PHONE })).rejects.toThrow('No code was sent')
    const again = await stage.sentinel.api.request<{ code: string }>('DELETE', '/api/session/sign-in')
    expect(again.body.code).toBe('NO_SIGN_IN')
    expect(existsSync(stage.sentinel.sessionPath)).toBe(false)
  })

  it('starts over after a restart in the middle, and says so', async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE, password: 'secret' })
    await stage.step('', { phone: PHONE })
    await stage.step('code', { code: await codeOf() })
    await stage.sentinel.crash()
    await stage.start()
    const view = await stage.view()
    expect(view.step).toBe('interrupted')
    expect(view.message).toMatch(/start over/)
    expect((await stage.step('password', { password: 'secret' })).body.code).toBe('NO_SIGN_IN')
    await stage.step('', { phone: PHONE })
    await stage.step('code', { code: await codeOf() })
    expect((await stage.step('password', { password: 'secret' })).body.data.step).toBe('signed_in')
  })

  it('goes on after the connection was lost between two steps', async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE })
    await stage.step('', { phone: PHONE })
    await stage.control.dropConnections()
    expect((await stage.step('code', { code: await codeOf() })).body.data.step).toBe('signed_in')
  })

  it('takes the place of a session in force only once it is authorized', async () => {
    const first = await stage.control.createAccount({ firstName: 'Alex', phone: PHONE })
    const second = await stage.control.createAccount({ firstName: 'Sam', phone: '+12025550144' })
    await stage.signIn(PHONE)
    await stage.step('', { phone: '+12025550144' })
    expect((await stage.sentinel.api.status()).user_info?.user_id).toBe(first.id)
    await stage.step('code', { code: await codeOf('+12025550144') })
    const status = await stage.sentinel.api.status()
    expect([status.user_info?.user_id, status.session_generation]).toEqual([second.id, 2])
  })

  it('keeps number, code and password out of the log and of the database', async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE, password: 'a-very-secret-password' })
    await stage.step('', { phone: PHONE })
    const code = await codeOf()
    await stage.step('code', { code })
    await stage.step('password', { password: 'a-very-secret-password' })
    await stage.sentinel.stop()
    const kept = stage.sentinel.output + readFileSync(stage.sentinel.databasePath, 'latin1')
    for (const secret of ['12025550143', 'a-very-secret-password', `"${code}"`]) expect(kept).not.toContain(secret)
    await stage.start()
  })

  it('needs a Telegram application first', async () => {
    await stage.sentinel.stop()
    const bare = await SignInStage.open({ TG_API_ID: '', TG_API_HASH: '' })
    const reply = await bare.step('', { phone: PHONE })
    expect([reply.status, reply.body.code]).toEqual([409, 'NEEDS_APP'])
    await bare.close()
  })
})

describe('signing in by a QR code', () => {
  it('renews the code before it expires, and comes in once it was scanned', async () => {
    const account = await stage.control.createAccount({ firstName: 'Alex' })
    await stage.control.setCodeOptions({ loginTokenSeconds: 4 })
    const first = (await stage.step('qr')).body.data
    expect(first).toMatchObject({ step: 'qr_waiting', method: 'qr' })
    expect(first.qr?.url).toMatch(/^tg:\/\/login\?token=[\w-]{20,}$/)
    const renewed = await until('another code', async () => {
      const { qr } = await stage.view()
      return qr !== null && qr.url !== first.qr?.url && qr
    })
    await stage.control.acceptLoginToken({ token: renewed.url })
    await stage.reaches('signed_in')
    expect((await stage.sentinel.api.status()).user_info?.user_id).toBe(account.id)
  })

  it('asks for the password, at the data centre of the account', async () => {
    await stage.control.createAccount({ firstName: 'Alex', homeDc: 4, password: 'secret', hint: 'the usual' })
    const { qr } = (await stage.step('qr')).body.data
    await stage.control.acceptLoginToken({ token: qr?.url ?? '' })
    expect((await stage.reaches('password_needed')).password_hint).toBe('the usual')
    expect((await stage.step('password', { password: 'nonsense' })).body.code).toBe('PASSWORD_INVALID')
    expect((await stage.step('password', { password: 'secret' })).body.data.step).toBe('signed_in')
    expect(sessionRow()).toMatchObject({ dcId: 4 })
  })

  it.each([3600, -3600])('renews the code in time by a clock that is off by %i s', async (seconds) => {
    await stage.control.createAccount({ firstName: 'Alex' })
    await stage.control.setCodeOptions({ loginTokenSeconds: 6 })
    await stage.control.setClockOffset({ seconds })
    const first = (await stage.step('qr')).body.data
    const leftMs = Date.parse(first.qr?.expires_at ?? '') - Date.now()
    expect(leftMs).toBeGreaterThan(2000)
    expect(leftMs).toBeLessThan(8000)
    const next = await until('another code', async () => {
      const { qr } = await stage.view()
      return qr !== null && qr.url !== first.qr?.url && qr
    })
    await stage.control.acceptLoginToken({ token: next.url })
    await stage.reaches('signed_in')
  })

  it('waits an outage out', async () => {
    await stage.control.createAccount({ firstName: 'Alex' })
    await stage.control.setCodeOptions({ loginTokenSeconds: 5 })
    const first = (await stage.step('qr')).body.data
    await stage.control.stopListening()
    await stage.control.dropConnections()
    await until('the sentinel to try again', async () => stage.sentinel.output.length > 0)
    await stage.control.startListening()
    const next = await until('another code', async () => {
      const { qr } = await stage.view()
      return qr !== null && qr.url !== first.qr?.url && qr
    })
    await stage.control.acceptLoginToken({ token: next.url })
    await stage.reaches('signed_in')
  })
})

describe('leaving', () => {
  beforeEach(async () => {
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE })
    await stage.signIn(PHONE)
  })

  const post = (path: string, json?: unknown) =>
    stage.sentinel.api.request<{ code?: string; data: Record<string, unknown> }>('POST', path, json ? { json } : {})

  it('signing out ends the session at Telegram and removes the key alone', async () => {
    expect((await post('/api/session/sign-out')).body.data).toEqual({ signed_out: true })
    const { calls } = await stage.control.calls()
    expect(calls.filter(({ method }) => method === 'auth.logOut')).toHaveLength(1)
    expect(await stage.sentinel.api.status()).toMatchObject({ authorized: false, state: 'signed_out', user_info: null })
    expect(sessionRow()?.authKey).toHaveLength(0)
    const again = await post('/api/session/sign-out')
    expect([again.status, again.body.code]).toEqual([409, 'NOT_SIGNED_IN'])
    await stage.sentinel.crash()
    await stage.start()
    expect((await stage.sentinel.api.status()).state).toBe('signed_out')
    await stage.signIn(PHONE)
    expect((await stage.sentinel.api.status()).session_generation).toBe(2)
  })

  it('signing out changes nothing where Telegram cannot be told', async () => {
    await stage.control.failMethod({ method: 'auth.logOut', code: 500, type: 'INTERDC_2_CALL_ERROR', times: 1 })
    const refused = await post('/api/session/sign-out')
    expect([refused.status, refused.body.code]).toEqual([502, 'TELEGRAM_REFUSED'])
    expect((await stage.sentinel.api.status()).authorized).toBe(true)
    expect(sessionRow()?.authKey).toHaveLength(256)
  })

  it('forgetting removes the file, after a confirmation, and tells nobody', async () => {
    expect((await post('/api/session/forget', { confirm: 'yes' })).status).toBe(400)
    expect((await post('/api/session/forget', { confirm: 'forget' })).body.data).toEqual({ forgotten: true })
    expect(existsSync(stage.sentinel.sessionPath)).toBe(false)
    expect((await stage.sentinel.api.status()).state).toBe('signed_out')
    const { calls } = await stage.control.calls()
    expect(calls.filter(({ method }) => method === 'auth.logOut')).toHaveLength(0)
    expect((await post('/api/session/forget', { confirm: 'forget' })).body.data).toEqual({ forgotten: false })
  })

  it('erasing removes what was captured, and capturing goes on', async () => {
    await until('the list of chats', async () =>
      (await stage.control.calls()).calls.some(({ method }) => method === 'messages.getDialogFilters'),
    )
    const { chat } = await stage.control.createChannel({ title: 'News' })
    await stage.control.postMessage({ chat, text: 'an incident that nobody may read about' })
    await until('the message', async () => (await stage.sentinel.api.stats()).total_messages === 1)
    expect((await post('/api/data/erase', { confirm: 'forget' })).status).toBe(400)
    expect((await post('/api/data/erase', { confirm: 'erase' })).body.data).toMatchObject({ messages: 1 })
    expect(await stage.sentinel.api.stats()).toMatchObject({ total_messages: 0, total_alerts: 0, by_chat: [] })
    expect(readFileSync(stage.sentinel.databasePath, 'latin1')).not.toContain('nobody may read about')
    await stage.control.postMessage({ chat, text: 'another one' })
    await until('the next message', async () => (await stage.sentinel.api.stats()).total_messages === 1)
    expect((await stage.sentinel.api.status()).authorized).toBe(true)
  })
})
