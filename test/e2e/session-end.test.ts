import { readFileSync, statSync } from 'node:fs'
import type { AccountInfo } from '../telegram-server/control/control'
import { readSessionFile } from '../support/session-reader'
import { SentinelProcess } from '../support/sentinel-process'
import type { Status } from '../support/sentinel-api'
import { TelegramStage } from '../support/telegram-stage'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'

/** Longer than the first retry takes to begin: who would dial again has dialled by then. */
const QUIET_MS = 1500

let stage: TelegramStage
let sentinel: SentinelProcess
const dataDir = makeTemporaryFolder()

beforeAll(async () => {
  stage = await TelegramStage.open()
  sentinel = await SentinelProcess.start({ dataDir, env: stage.env })
})

afterAll(async () => {
  await sentinel.stop()
  await stage.close()
  removeFolder(dataDir)
})

async function signInAsNew(firstName: string): Promise<AccountInfo> {
  const account = await stage.control.createAccount({ firstName })
  const { generation } = await sentinel.api.importSession(await stage.sessionBytes({ account: account.id }))
  await until(`${firstName} to be signed in`, async () => {
    const status = await sentinel.api.status()
    return status.connected && status.user_info?.user_id === account.id && status.session_generation === generation
  })
  return account
}

function stateOf(state: Status['state']): Promise<Status> {
  return until(`the state ${state}`, async () => {
    const status = await sentinel.api.status()
    return status.state === state && status
  })
}

async function callsOf(account: number): Promise<number> {
  return (await stage.control.calls()).calls.filter((call) => call.account === account).length
}

describe('a session that Telegram ends', () => {
  const revocation = (
    type:
      'SESSION_REVOKED' | 'AUTH_KEY_UNREGISTERED' | 'AUTH_KEY_DUPLICATED' | 'USER_DEACTIVATED' | 'USER_DEACTIVATED_BAN',
  ) => [type, (account: number) => stage.control.revoke({ account, type })] as const
  const FATES: [string, (account: number) => Promise<void>, Status['state']][] = [
    [...revocation('SESSION_REVOKED'), 'session_revoked'],
    [...revocation('AUTH_KEY_UNREGISTERED'), 'session_revoked'],
    [...revocation('AUTH_KEY_DUPLICATED'), 'session_conflict'],
    [...revocation('USER_DEACTIVATED'), 'banned'],
    [...revocation('USER_DEACTIVATED_BAN'), 'banned'],
    ['-404', (account) => stage.control.forgetKey({ account }), 'session_revoked'],
  ]

  it.each(FATES)('(%s) shows it, keeps the file, and is not dialled again', async (name, end, state) => {
    const account = await signInAsNew(`Account ${name}`)
    await end(account.id)
    await stage.control.dropConnections()
    const status = await stateOf(state)
    expect(status).toMatchObject({ authorized: false, connected: false, user_info: null })
    expect(status.state_message.length).toBeGreaterThan(20)
    const calls = await callsOf(account.id)
    const { packets } = await stage.control.state()
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
    expect([await callsOf(account.id), (await stage.control.state()).connections]).toEqual([calls, 0])
    expect((await stage.control.state()).packets).toBeLessThanOrEqual(packets)
    expect(readSessionFile(sentinel.sessionPath).server[0]?.auth_key.toString('hex')).toBe(account.authKey)
    expect(statSync(sentinel.sessionPath).mode & 0o777).toBe(0o600)
  })

  it('is still ended after a restart, which asks Telegram once', async () => {
    const before = readFileSync(sentinel.sessionPath)
    const calls = (await stage.control.calls()).calls.length
    await sentinel.stop()
    sentinel = await SentinelProcess.start({ dataDir, env: stage.env })
    await stateOf('session_revoked')
    expect((await stage.control.calls()).calls.length - calls).toBeLessThanOrEqual(1)
    expect(readFileSync(sentinel.sessionPath).equals(before)).toBe(true)
  })
})
