import { ADMIN } from '../bot-api/bot-stage'
import { BotApiServer } from '../bot-api/bot-api-server'
import { formWith, UiClient, type Sent } from '../contract/ui-client'
import { RedisDelegate } from '../support/redis-delegate'
import { RedisProcess } from '../support/redis-process'
import { SentinelProcess, TOKEN } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { PASSWORD, UiProcess } from '../support/ui-process'
import { until } from '../support/until'

interface Line {
  level: string
  msg: string
}

/** Lines of the log as `docker logs … | grep` finds them: what people look for, at info, a line each. */
function linesWith(text: string, output: string): Line[] {
  const lines = output.split('\n').filter((line) => line.includes(text))
  return lines.map((line) => JSON.parse(line) as Line)
}

function withHeader({ headers, ...sent }: Sent, more: Record<string, string>): Sent {
  return { ...sent, headers: { ...headers, ...more } }
}

describe('the lines of the log that people look for', () => {
  let redis: RedisProcess
  let bot: BotApiServer
  let telegram: TelegramStage
  let sentinel: SentinelProcess
  let ui: UiProcess
  let client: UiClient

  beforeAll(async () => {
    redis = await RedisProcess.start()
    bot = await BotApiServer.start()
    telegram = await TelegramStage.open()
    sentinel = await SentinelProcess.start({ env: { ...telegram.env, ...redis.env, ...bot.env(ADMIN) } })
    ui = await UiProcess.start(sentinel.baseUrl)
    client = new UiClient(ui.port, TOKEN)
    client.cookie = await client.signIn('/api/auth/setup', PASSWORD)
  })

  afterAll(async () => {
    await ui.stop()
    await sentinel.stop()
    await telegram.close()
    await bot.stop()
    await redis.close()
  })

  async function says(process: SentinelProcess | UiProcess, text: string): Promise<void> {
    const [line] = await until(`the line ${text}`, () => {
      const found = linesWith(text, process.stdout)
      return found.length > 0 && found
    })
    expect(line).toMatchObject({ level: 'info' })
    expect(line?.msg.startsWith(text)).toBe(true)
  }

  /** As `curl -X POST … -F session_file=@my.session -H "Cookie: session=…"` sends it: no Origin, no Sec-Fetch-* header. */
  const uploadAsCurl = (bytes: Buffer) =>
    client.send('POST', '/api/session/upload', withHeader(formWith(bytes), { Cookie: client.cookie }))

  it.each([
    'HTTP API listening',
    'Using session file',
    'No Telegram session: waiting for sign-in',
    'Telegram Bot running',
  ])('the sentinel says at its start: %s', (text) => says(sentinel, text))

  it('an upload with a cookie and no header of a browser is taken, and both services say how it goes', async () => {
    const refused = await uploadAsCurl(Buffer.from('no session at all'))
    expect(refused.status).toBe(400)
    await says(ui, `Session upload: failed: ${refused.body.message}`)
    const json = { session_data: Buffer.alloc(4096).toString('base64') }
    expect((await sentinel.api.request('POST', '/api/session/import', { json })).status).toBe(400)
    await says(sentinel, 'Session import: failed')
    const taken = await uploadAsCurl(await telegram.sessionBytes())
    expect([taken.status, taken.body.data['redirect']]).toEqual([200, '/'])
    for (const text of ['checked', 'forwarded to sentinel', 'authorized']) await says(ui, `Session upload: ${text}`)
    for (const text of ['received', 'verified', 'in force']) await says(sentinel, `Session import: ${text}`)
    await says(sentinel, `Session loaded: @alexmorgan (${telegram.account.id})`)
  })

  it('the sentinel says that it answers a program that asks through Redis', async () => {
    const program = new RedisDelegate(redis.client(), TOKEN)
    expect(await program.request('get_dialogs')).toMatchObject({ status: 'ok' })
    await says(sentinel, 'Processing dialogs request')
  })

  it('a connection that is made anew says again whose session it is', async () => {
    const before = linesWith('Session loaded: @alexmorgan', sentinel.stdout).length
    await telegram.control.dropConnections()
    await until(
      'the session to be loaded again',
      () => linesWith('Session loaded: @alexmorgan', sentinel.stdout).length > before,
    )
  })
})
