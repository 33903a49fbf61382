import type { Status } from '../support/sentinel-api'
import { SentinelProcess } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { until } from '../support/until'

const SINCE = Date.UTC(2026, 10, 2) / 1000
const UNTIL = Date.UTC(2027, 0, 9) / 1000
const APPEAL = 'https://t.me/spambot?start=appeal'

let stage: TelegramStage
let sentinel: SentinelProcess

beforeEach(async () => {
  stage = await TelegramStage.open()
  sentinel = await SentinelProcess.start({ env: stage.env })
})

afterEach(async () => {
  await sentinel.stop()
  await stage.close()
})

const freeze = () => stage.control.freeze({ since: SINCE, until: UNTIL, appealUrl: APPEAL })

function frozen(): Promise<Status> {
  return until('the state frozen', async () => {
    const status = await sentinel.api.status()
    return status.state === 'frozen' && status
  })
}

describe('an account that Telegram freezes', () => {
  it('while it is connected is shown with the dates and the address, refuses by a sentence, and is left alone', async () => {
    const { chat } = await stage.control.createChannel({ title: 'News' })
    await stage.control.postMessage({ chat, text: 'welcome', push: 'none' })
    await stage.signIn(sentinel)
    await freeze()
    await stage.control.dropConnections()
    const status = await frozen()
    expect(status).toMatchObject({
      ...{ authorized: true, connected: false, user_info: { user_id: stage.account.id } },
      frozen: { since: '2026-11-02T00:00:00.000Z', until: '2027-01-09T00:00:00.000Z', appeal_url: APPEAL },
    })
    expect(status.state_message).toContain(`Appeal until 2027-01-09 at ${APPEAL}`)
    const { body, status: code } = await sentinel.api.request<{ error: { code: string; message: string } }>(
      'GET',
      `/api/telegram/chats/${chat}`,
    )
    expect([code, body.error.code]).toEqual([502, 'TELEGRAM_REFUSED'])
    expect(body.error.message).toContain('frozen')
    await until('the connection to be closed', async () => (await stage.control.state()).connections === 0)
    const { calls } = await stage.control.calls()
    expect(calls.filter(({ method }) => method === 'help.getAppConfig')).toHaveLength(1)
  })

  it('before it is imported counts as accepted, and is read once it is thawed and imported again', async () => {
    await freeze()
    const { generation } = await sentinel.api.importSession(await stage.sessionBytes())
    const status = await frozen()
    expect(status).toMatchObject({ authorized: true, session_generation: generation, import: { state: 'authorized' } })
    await stage.control.clearTrouble()
    await stage.signIn(sentinel)
    expect(await sentinel.api.status()).toMatchObject({ state: 'signed_in', frozen: null })
  })
})
