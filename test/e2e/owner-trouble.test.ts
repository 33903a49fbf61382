import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SignInStage } from '../support/sign-in-stage'
import { until } from '../support/until'

const PHONE = '+12025550143'
const OTHER = '+12025550144'
const FULL_DISK = join(__dirname, '../support/full-disk.cjs')

let stage: SignInStage
let uploads = 0

afterEach(() => stage.close())

async function open(env: Record<string, string> = {}, preload?: string): Promise<void> {
  stage = await SignInStage.open(env, preload)
  await stage.control.createAccount({ firstName: 'Alex', phone: PHONE })
}

async function code(): Promise<string> {
  return (await stage.control.lastCode({ phone: PHONE })).code
}

async function sessionBytes(account?: number): Promise<Buffer> {
  const path = join(stage.sentinel.dataDir, `upload-${++uploads}.session`)
  await stage.control.writeSessionFile({ path, ...(account === undefined ? {} : { account }) })
  return readFileSync(path)
}

async function setDisk(state: 'full' | 'free'): Promise<void> {
  process.kill(stage.sentinel.pid, 'SIGUSR2')
  await until(`the disk to be ${state}`, () => stage.sentinel.stderr.trimEnd().endsWith(`the disk is ${state}`))
}

describe('a full disk', () => {
  it('at the promotion of an import leaves the former session in force, and connected', async () => {
    await open({ FAIL_ON: 'session_origin' }, FULL_DISK)
    await stage.signIn(PHONE)
    await setDisk('full')
    const { generation } = await stage.sentinel.api.importSession(await sessionBytes())
    const failed = await until('the failure', async () => {
      const status = await stage.sentinel.api.status()
      return status.import?.state === 'failed' && status
    })
    expect(failed.import).toMatchObject({ generation, code: 'STORAGE' })
    await until('the former session', async () => (await stage.sentinel.api.status()).connected)
    expect(await stage.sentinel.api.status()).toMatchObject({ authorized: true, session_generation: 1 })
    await setDisk('free')
    const next = await stage.sentinel.api.importSession(await sessionBytes())
    await until(
      'the next import',
      async () => (await stage.sentinel.api.status()).session_generation === next.generation,
    )
  })

  it('during a sign-in costs the mark alone', async () => {
    await open({ FAIL_ON: 'sign_in_pending' }, FULL_DISK)
    await setDisk('full')
    expect((await stage.step('', { phone: PHONE })).body.data.step).toBe('code_sent')
    expect((await stage.step('code', { code: await code() })).body.data.step).toBe('signed_in')
    expect((await stage.sentinel.api.status()).connected).toBe(true)
    await setDisk('free')
  })

  it('that cannot keep what was signed in signs it out again, and keeps the former session', async () => {
    await open({ FAIL_ON: 'session_origin' }, FULL_DISK)
    await stage.control.createAccount({ firstName: 'Bea', phone: OTHER })
    await stage.signIn(PHONE)
    await stage.step('', { phone: OTHER })
    const other = (await stage.control.lastCode({ phone: OTHER })).code
    await setDisk('full')
    const reply = await stage.step('code', { code: other })
    expect([reply.status, reply.body.code]).toEqual([503, 'STORAGE_UNAVAILABLE'])
    expect(await stage.view()).toMatchObject({ step: 'failed', code: 'STORAGE_UNAVAILABLE' })
    const { calls } = await stage.control.calls()
    expect(calls.filter(({ method }) => method === 'auth.logOut')).toHaveLength(1)
    await until('the former session', async () => (await stage.sentinel.api.status()).connected)
    expect((await stage.sentinel.api.status()).user_info?.first_name).toBe('Alex')
    await setDisk('free')
  })
})

describe('a sign-in', () => {
  it('cannot be cancelled once Telegram has been asked to let it in, and says so', async () => {
    await open()
    await stage.step('', { phone: PHONE })
    await stage.control.delayMethod({ method: 'auth.signIn', delayMs: 800, times: 1 })
    const submitted = stage.step('code', { code: await code() })
    await until('the call', async () => (await stage.sentinel.api.status()).queue.running === 'auth.signIn')
    const cancelled = await stage.sentinel.api.request<{ code: string }>('DELETE', '/api/session/sign-in')
    expect([cancelled.status, cancelled.body.code]).toEqual([409, 'WRONG_STEP'])
    expect((await submitted).body.data.step).toBe('signed_in')
    expect(await stage.sentinel.api.status()).toMatchObject({ authorized: true, sign_in: 'signed_in' })
  })

  it('takes the place of an import that is still being verified, which is told', async () => {
    await open()
    const bea = await stage.control.createAccount({ firstName: 'Bea', phone: OTHER })
    await stage.signIn(PHONE)
    await stage.control.floodWait({ method: 'users.getUsers', seconds: 5, times: 1 })
    await stage.sentinel.api.importSession(await sessionBytes(bea.id))
    await until('the wait', async () => (await stage.sentinel.api.status()).import?.code === 'FLOOD_WAIT')
    await stage.signIn(OTHER)
    expect((await stage.sentinel.api.status()).import).toMatchObject({ state: 'failed', code: 'REPLACED' })
  })

  it('does not hold up a stop at its last step, and is not told as interrupted when its session is in force', async () => {
    await open()
    await stage.step('', { phone: PHONE })
    await stage.control.delayMethod({ method: 'users.getUsers', delayMs: 3000, times: 3 })
    const submitted = stage.step('code', { code: await code() }).catch(() => null)
    await stage.reaches('finishing')
    await until('the session to be in force', async () => (await stage.sentinel.api.status()).session_generation === 1)
    expect(await stage.sentinel.stop()).toEqual({ code: 0, signal: null })
    await submitted
    await stage.control.clearTrouble()
    await stage.start()
    expect((await stage.view()).step).toBe('none')
    await until('the session', async () => (await stage.sentinel.api.status()).authorized)
  })
})

describe('the session in force', () => {
  it('is read by folder also after everything was erased', async () => {
    await open()
    const { chat } = await stage.control.createChannel({ title: 'News' })
    await stage.control.postMessage({ chat, text: 'first' })
    await stage.control.createFolder({ title: 'Work', include: [chat] })
    await stage.signIn(PHONE)
    const stored = async () => (await stage.sentinel.api.stats()).total_messages
    type List = { data: { read_at: string | null; total: number } }
    const list = async () => (await stage.sentinel.api.request<List>('GET', '/api/telegram/chats')).body.data
    await until('the list', async () => (await list()).read_at !== null)
    await stage.sentinel.api.request('PUT', '/api/telegram/watch', { json: { mode: 'picked', folders: [2] } })
    await stage.control.postMessage({ chat, text: 'second' })
    await until('the message', async () => (await stored()) === 1)
    await stage.sentinel.api.request('POST', '/api/data/erase', { json: { confirm: 'erase' } })
    await stage.control.postMessage({ chat, text: 'third' })
    await until('the next message', async () => (await stored()) === 1)
    await until('the list to be read anew', async () => (await list()).total === 1)
  })

  it('goes on writing elsewhere when one chat is in slow mode', async () => {
    await open({ TG_SEND_ALLOW: '@slow_group' })
    const { chat } = await stage.control.createSupergroup({ title: 'Slow', username: 'slow_group' })
    await stage.control.setChatRules({ chat, slowmodeSeconds: 600 })
    await stage.signIn(PHONE)
    const relay = async (to: string) =>
      stage.sentinel.api.request<{ code?: string }>('POST', '/api/telegram/relay', {
        json: { chat: to, text: 'x', limit: 0 },
      })
    expect((await relay('@slow_group')).status).toBe(200)
    const slow = await relay('@slow_group')
    expect([slow.status, slow.body.code]).toEqual([429, 'FLOOD_WAIT'])
    expect((await relay('me')).status).toBe(200)
    expect((await stage.sentinel.api.status()).flood_wait).toBeNull()
  })
})
