import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSessionRow } from '@tgsentinel/session-codec/session-codec'
import type { Status } from '../support/sentinel-api'
import { SentinelProcess, TOKEN } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { PASSWORD, UiProcess } from '../support/ui-process'
import { until } from '../support/until'
import { formWith, UiClient } from './ui-client'
import { verdictOf } from './ui-stage'

const DEBUG = { LOG_LEVEL: 'debug' }

/** One owner's story, told in the order of the tests: each begins where the one before ended. */
describe('a session that is uploaded', () => {
  const dataDir = makeTemporaryFolder()
  /** Of every file that was uploaded. */
  const authKeys: Buffer[] = []
  let telegram: TelegramStage
  let sentinel: SentinelProcess
  let ui: UiProcess
  let client: UiClient
  let uiOutput = ''

  beforeAll(async () => {
    telegram = await TelegramStage.open()
    sentinel = await SentinelProcess.start({ env: { ...telegram.env, ...DEBUG } })
    await startUi()
    client.cookie = await client.signIn('/api/auth/setup', PASSWORD)
  })

  afterAll(async () => {
    await ui.stop()
    await sentinel.stop()
    await telegram.close()
    removeFolder(dataDir)
  })

  async function startUi(): Promise<void> {
    ui = await UiProcess.start(sentinel.baseUrl, { ...DEBUG, DATA_DIR: dataDir })
    const cookie = client?.cookie ?? ''
    client = new UiClient(ui.port, TOKEN)
    client.cookie = cookie
  }

  function upload(bytes: Buffer, query = '') {
    authKeys.push(authKeyOf(bytes))
    return client.owner('POST', `/api/session/upload${query}`, formWith(bytes))
  }

  /** What the owner sees. */
  async function status(): Promise<Status> {
    return (await client.owner('GET', '/api/status')).body.data as unknown as Status
  }

  it('is answered once the sentinel is authorized with it, and not before', async () => {
    await telegram.control.delayMethod({ method: 'users.getUsers', delayMs: 700, times: 1 })
    let isAnswered = false
    const answer = upload(await telegram.sessionBytes()).finally(() => (isAnswered = true))
    const waiting = await until('the import to begin', async () => (await status()).import)
    expect([waiting.state, (await status()).authorized, isAnswered]).toEqual(['verifying', false, false])
    const { status: code, body } = await answer
    const user = { username: 'alexmorgan', first_name: 'Alex', user_id: telegram.account.id }
    expect([code, body]).toEqual([
      200,
      {
        status: 'ok',
        message: 'Signed in as @alexmorgan',
        data: { redirect: '/', generation: waiting.generation, user_info: user },
        error: null,
      },
    ])
    const { generation } = waiting
    expect(await status()).toMatchObject({ authorized: true, session_generation: generation, user_info: user })
  })

  it('takes the place of another account’s', async () => {
    const { id } = await telegram.control.createAccount({ firstName: 'Grace', username: 'hopper' })
    const before = await status()
    const { status: code, body } = await upload(await telegram.sessionBytes({ account: id }))
    const user = { username: 'hopper', first_name: 'Grace', user_id: id }
    const generation = before.session_generation + 1
    expect([code, body.data]).toEqual([200, { redirect: '/', generation, user_info: user }])
    expect(await status()).toMatchObject({ authorized: true, session_generation: generation, user_info: user })
  })

  it('of which Telegram does not know the key is rejected, and the former one stays in force', async () => {
    const before = await status()
    const reply = await upload(withAnotherKey(await telegram.sessionBytes()))
    expect(verdictOf(reply)).toEqual([409, 'SESSION_REJECTED'])
    expect(reply.body.message).toMatch(/\w+ .*\.$/)
    const { session_generation: generation, user_info: user, import: rejected } = await status()
    expect([generation, user]).toEqual([before.session_generation, before.user_info])
    expect(rejected).toMatchObject({ state: 'failed', generation: before.session_generation + 1 })
    await until('the former session to be connected', async () => {
      const { authorized, connected } = await status()
      return authorized && connected
    })
  })

  it('that was rejected does not stand in the way of the next one', async () => {
    const { status: code, body } = await upload(await telegram.sessionBytes())
    expect([code, body.data['user_info']]).toEqual([200, expect.objectContaining({ username: 'alexmorgan' })])
  })

  it('of a program needs a token alone', async () => {
    const bytes = await telegram.sessionBytes()
    authKeys.push(authKeyOf(bytes))
    expect((await client.program('POST', '/api/session/upload', formWith(bytes))).status).toBe(200)
  })

  it('outlives the ui, and so does the browser’s sign-in', async () => {
    uiOutput += ui.output
    await ui.stop()
    await startUi()
    expect((await client.owner('GET', '/api/auth')).body.data).toEqual({ setup_needed: false, signed_in: true })
    expect(await status()).toMatchObject({ authorized: true, user_info: { username: 'alexmorgan' } })
    const sessions = (await client.owner('GET', '/api/auth/sessions')).body.data['sessions']
    expect(sessions).toMatchObject([{ current: true }])
  })

  it('is told of in the log of what was done', async () => {
    const entries = (await client.owner('GET', '/api/audit')).body.data['entries'] as { action: string }[]
    const uploads = entries.map(({ action }) => action).filter((action) => action.startsWith('session_'))
    const taken = 'session_uploaded'
    expect(uploads).toEqual([taken, taken, 'session_upload_failed', taken, taken])
  })

  it('leaves its key nowhere but in the sentinel’s own session file', () => {
    const files = filesUnder(dataDir)
    expect(files.map((path) => path.split('/').at(-1))).toEqual(expect.arrayContaining(['ui.db', 'secret.key']))
    const held = [
      ...files.map((path) => readFileSync(path)),
      ...filesUnder(ui.dataDir).map((path) => readFileSync(path)),
    ]
    const said = [uiOutput, ui.output, sentinel.output].map((text) => Buffer.from(text))
    expect(said.every((text) => text.length > 0)).toBe(true)
    expect(authKeys.filter((key) => [...held, ...said].some((bytes) => holds(bytes, key)))).toEqual([])
    expect(authKeys.some((key) => holds(readFileSync(sentinel.sessionPath), key))).toBe(true)
  })
})

function authKeyOf(bytes: Buffer): Buffer {
  const key = readSessionRow(bytes)?.authKey
  if (!Buffer.isBuffer(key) || !bytes.includes(key)) throw new Error('The session has no key')
  return key
}

function withAnotherKey(bytes: Buffer): Buffer {
  const key = authKeyOf(bytes)
  const changed = Buffer.from(bytes)
  randomBytes(key.length).copy(changed, changed.indexOf(key))
  return changed
}

/** Whether any part of a key is there, as it is or as text. */
function holds(bytes: Buffer, key: Buffer): boolean {
  const part = key.subarray(0, 24)
  const forms = [part, part.toString('hex'), part.toString('hex').toUpperCase(), part.toString('base64')]
  return [...forms, part.toString('base64url'), JSON.stringify([...part]).slice(1, -1)].some((form) =>
    bytes.includes(form),
  )
}

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
