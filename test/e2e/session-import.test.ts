import { existsSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { Conversation, readRows, usualCast } from '../support/conversation'
import { readSessionFile } from '../support/session-reader'
import { SentinelProcess } from '../support/sentinel-process'
import type { Status } from '../support/sentinel-api'
import { APP, TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

const TELETHON_7 = {
  entities: ['id', 'hash', 'username', 'phone', 'name', 'date'],
  sent_files: ['md5_digest', 'file_size', 'type', 'id', 'hash'],
  sessions: ['dc_id', 'server_address', 'port', 'auth_key', 'takeout_id'],
  update_state: ['id', 'pts', 'qts', 'date', 'seq'],
  version: ['version'],
}

let stage: TelegramStage
let sentinel: SentinelProcess
let dataDir: string

beforeEach(async () => {
  stage = await TelegramStage.open()
  dataDir = makeTemporaryFolder()
})

afterEach(async () => {
  if (sentinel && !sentinel.end) await sentinel.stop()
  await stage.close()
  removeFolder(dataDir)
})

async function start(env = stage.env): Promise<SentinelProcess> {
  sentinel = await SentinelProcess.start({ dataDir, env })
  return sentinel
}

function importOf(state: string): Promise<NonNullable<Status['import']>> {
  return until(`the import to be ${state}`, async () => {
    const { import: current } = await sentinel.api.status()
    return current?.state === state && current
  })
}

describe('an imported session', () => {
  it('is signed in as its account, and its file serves Telethon with all it had', async () => {
    const cast = await usualCast(stage)
    await start()
    const generation = await stage.signIn(sentinel, { withEntities: true, withUpdateState: true })
    expect(await sentinel.api.status()).toMatchObject({
      state: 'signed_in',
      session_generation: generation,
      user_info: { username: 'alexmorgan', first_name: 'Alex', user_id: stage.account.id },
      import: { generation, state: 'authorized', code: null },
    })
    await sentinel.stop()
    await start()
    await stage.signedIn(sentinel)
    await stage.control.postMessage({ chat: cast.channel, text: 'after the restart' })
    await until('the message', async () => (await sentinel.api.stats()).total_messages === 1)
    await sentinel.stop()

    const session = readSessionFile(sentinel.sessionPath)
    const { users, channels, groups } = stage.server.world
    expect(session.columns).toEqual(TELETHON_7)
    expect(session.version).toEqual([7n])
    expect(session.server).toEqual([
      {
        dc_id: 2n,
        server_address: '127.0.0.1',
        port: BigInt(stage.server.port),
        auth_key: Buffer.from(stage.account.authKey, 'hex'),
        takeout_id: null,
      },
    ])
    const hashes = new Map(session.entities.map(({ id, hash }) => [Number(id), hash]))
    expect(hashes.get(0)).toBe(BigInt(stage.account.id))
    for (const user of users.values()) expect([user.id, hashes.get(user.id)]).toEqual([user.id, user.accessHash])
    for (const channel of channels.values())
      expect(hashes.get(-1_000_000_000_000 - channel.id)).toBe(channel.accessHash)
    for (const group of groups.values()) expect(hashes.has(-group.id)).toBe(true)
    const pts = new Map(session.updateStates.map((state) => [Number(state.id), Number(state.pts)]))
    const { box } = stage.server.world.accountOf()
    expect(pts.get(0)).toBe(box.pts)
    for (const channel of channels.values())
      expect([channel.title, pts.get(channel.id)]).toEqual([channel.title, channel.box.pts])
    expect(statSync(sentinel.sessionPath).mode & 0o777).toBe(0o600)
  })

  it("takes over where the file's own update_state stands", async () => {
    await usualCast(stage)
    const bytes = await stage.sessionBytes({ withUpdateState: true })
    await start()
    const { pts } = stage.server.world.accountOf().box
    const { generation } = await sentinel.api.importSession(bytes)
    await stage.signedIn(sentinel, generation)
    const cursors = readRows<{ box: number; pts: number }>(
      sentinel.databasePath,
      'SELECT box, pts FROM cursors ORDER BY box',
    )
    expect(cursors[0]).toEqual({ box: 0, pts })
    expect(cursors).toHaveLength(4)
  })

  it('waits for a Telegram application where the environment has none, and keeps the one it is given', async () => {
    const { TG_DC_ALLOW = '' } = stage.env
    await start({ TG_DC_ALLOW })
    await sentinel.api.importSession(await stage.sessionBytes())
    await until('the need of an application', async () => (await sentinel.api.status()).state === 'needs_app')
    expect(await sentinel.api.status()).toMatchObject({
      app_configured: false,
      import: { state: 'verifying', code: 'NEEDS_APP' },
    })
    const json = { api_id: Number(APP.TG_API_ID), api_hash: APP.TG_API_HASH }
    expect((await sentinel.api.request('PUT', '/api/telegram/app', { json })).status).toBe(200)
    await stage.signedIn(sentinel)
    expect((await importOf('authorized')).code).toBeNull()
    expect(JSON.stringify(await sentinel.api.status()) + sentinel.output).not.toContain(APP.TG_API_HASH)
    await sentinel.stop()
    await start({ TG_DC_ALLOW })
    await stage.signedIn(sentinel)
    expect(await sentinel.api.status()).toMatchObject({ app_configured: true, app_from_environment: false })
  })

  it('belongs to one process: a second one on it exits with a sentence', async () => {
    await start()
    await stage.signIn(sentinel)
    const second = SentinelProcess.spawn({ dataDir, env: { ...stage.env, DB_URI: `sqlite:///${dataDir}/second.db` } })
    expect((await second.exited).code).toBe(1)
    expect(second.stderr.trim().split('\n')).toEqual([expect.stringMatching(/in use by another process/)])
    expect(await sentinel.api.status()).toMatchObject({ authorized: true, connected: true })
    await sentinel.crash()
    await start()
    await stage.signedIn(sentinel)
  })
})

describe('with the session of A in force, an import of B', () => {
  let accountB: number
  let generationA: number

  beforeEach(async () => {
    accountB = (await stage.control.createAccount({ firstName: 'Bea', username: 'beabold' })).id
    await start()
    generationA = await stage.signIn(sentinel, { account: stage.account.id })
  })

  const importB = async () => sentinel.api.importSession(await stage.sessionBytes({ account: accountB }))

  const REFUSALS: [string, () => Promise<void>][] = [
    ['SESSION_REVOKED', () => stage.control.revoke({ account: accountB, type: 'SESSION_REVOKED' })],
    ['AUTH_KEY_UNREGISTERED', () => stage.control.revoke({ account: accountB, type: 'AUTH_KEY_UNREGISTERED' })],
    ['AUTH_KEY_DUPLICATED', () => stage.control.revoke({ account: accountB, type: 'AUTH_KEY_DUPLICATED' })],
    ['USER_DEACTIVATED_BAN', () => stage.control.revoke({ account: accountB, type: 'USER_DEACTIVATED_BAN' })],
    ['AUTH_KEY_NOT_FOUND', () => stage.control.forgetKey({ account: accountB })],
  ]

  it.each(REFUSALS)('that Telegram refuses (%s) fails with the reason, and A stays', async (code, refuse) => {
    await refuse()
    const before = readSessionFile(sentinel.sessionPath).server
    const { generation } = await importB()
    const failed = await importOf('failed')
    expect([failed.generation, failed.code]).toEqual([generation, code])
    expect(failed.message).toMatch(/former session stays/)
    expect(await sentinel.api.status()).toMatchObject({
      authorized: true,
      connected: true,
      session_generation: generationA,
      user_info: { user_id: stage.account.id },
    })
    expect(readSessionFile(sentinel.sessionPath).server).toEqual(before)
    const { id: mara } = await stage.control.createUser({ firstName: 'Mara' })
    await stage.control.postMessage({ chat: mara, account: stage.account.id, text: 'still heard' })
    await until('the message', async () => (await sentinel.api.stats()).total_messages === 1)
  })

  it('that Telegram accepts takes its place', async () => {
    const { generation } = await importB()
    expect(generation).toBe(generationA + 1)
    await until('B', async () => (await sentinel.api.status()).user_info?.user_id === accountB)
    expect(await sentinel.api.status()).toMatchObject({
      authorized: true,
      session_generation: generation,
      user_info: { username: 'beabold' },
      import: { generation, state: 'authorized' },
    })
    const key = Buffer.from((await stage.control.account({ id: accountB })).authKey, 'hex')
    expect(readSessionFile(sentinel.sessionPath).server[0]?.auth_key.equals(key)).toBe(true)
  })

  it.each(['SIGKILL', 'SIGTERM'] as const)('that is cut short by %s goes on after the restart', async (signal) => {
    await stage.control.delayMethod({ method: 'users.getUsers', delayMs: 60_000 })
    const { generation } = await importB()
    await until('the verification', async () => (await sentinel.api.status()).queue.running === 'users.getUsers')
    expect(await sentinel.api.status()).toMatchObject({ session_generation: generationA, authorized: true })
    sentinel.kill(signal)
    await sentinel.exited
    await start()
    await until('B', async () => (await sentinel.api.status()).user_info?.user_id === accountB)
    expect((await sentinel.api.status()).session_generation).toBe(generation)
  })

  it('that is cancelled is deleted, and A stays, whatever Telegram says later', async () => {
    await stage.control.delayMethod({ method: 'users.getUsers', delayMs: 1500, times: 1 })
    const { generation } = await importB()
    await until('the verification', async () => (await sentinel.api.status()).queue.running === 'users.getUsers')
    const cancel = (query = {}) =>
      sentinel.api.request<{ code: string; data: unknown }>('DELETE', '/api/session/import', { query })
    const other = await cancel({ generation: generation + 1 })
    expect([other.status, other.body.code]).toEqual([409, 'NO_IMPORT'])
    const { status, body } = await cancel({ generation })
    expect([status, body.data]).toEqual([200, { generation }])
    const { import: cancelled } = await sentinel.api.status()
    expect(cancelled).toMatchObject({ generation, state: 'failed', code: 'CANCELLED' })
    expect(existsSync(`${sentinel.sessionPath}.staged`)).toBe(false)
    expect((await cancel()).body.code).toBe('NO_IMPORT')
    await sentinel.stop()
    await start()
    await stage.signedIn(sentinel, generationA)
    expect(await sentinel.api.status()).toMatchObject({ user_info: { user_id: stage.account.id }, import: null })
  })

  it('whose caller goes away before the answer is given up', async () => {
    const json = JSON.stringify({ session_data: (await stage.sessionBytes({ account: accountB })).toString('base64') })
    const head = `POST /api/session/import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${sentinel.token}\r\n`
    const body = `Content-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json}`
    const caller = connect(sentinel.port, '127.0.0.1')
    await new Promise<void>((resolve) => caller.write(head + body, () => resolve()))
    caller.destroy()
    await sentinel.said(/"reason":"ABORTED","msg":"Session import: failed"/)
    expect(await sentinel.api.status()).toMatchObject({
      session_generation: generationA,
      import: { state: 'authorized' },
    })
    expect(sentinel.output).not.toContain('could not finish a step')
  })

  it('is overtaken by a later import', async () => {
    const third = (await stage.control.createAccount({ firstName: 'Cem', username: 'cemcan' })).id
    await stage.control.delayMethod({ method: 'users.getUsers', delayMs: 60_000 })
    await importB()
    await until('the verification', async () => (await sentinel.api.status()).queue.running === 'users.getUsers')
    const { generation } = await sentinel.api.importSession(await stage.sessionBytes({ account: third }))
    await until('C', async () => (await sentinel.api.status()).user_info?.user_id === third)
    expect(await sentinel.api.status()).toMatchObject({
      session_generation: generation,
      import: { state: 'authorized' },
    })
    expect(generation).toBe(generationA + 2)
  })
})

describe('a capture that changes hands', () => {
  it("keeps each account's messages apart", async () => {
    const { talk, cast } = await Conversation.open(usualCast)
    try {
      await talk.post({ chat: cast.group, from: cast.mara, text: 'to A' })
      const other = await talk.stage.control.createAccount({ firstName: 'Bea' })
      await talk.sentinel.api.importSession(await talk.stage.sessionBytes({ account: other.id }))
      await until('B', async () => (await talk.sentinel.api.status()).user_info?.user_id === other.id)
      await talk.stage.control.postMessage({ chat: cast.mara, account: other.id, text: 'to B' })
      talk.posted += 1
      await talk.settled()
      const rows = talk.rows<{ account_id: number; text: string }>('SELECT account_id, text FROM messages ORDER BY id')
      expect(rows).toEqual([
        { account_id: talk.stage.account.id, text: 'to A' },
        { account_id: other.id, text: 'to B' },
      ])
    } finally {
      await talk.close()
    }
  })
})
