import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SentinelProcess, ROOT } from '../support/sentinel-process'
import { readSessionFile } from '../support/session-reader'
import { TelegramStage } from '../support/telegram-stage'
import { until } from '../support/until'

type Imported = { data: { generation: number; size: number }; code?: string; message: string }

describe('a session of another program', () => {
  let stage: TelegramStage

  beforeAll(async () => {
    stage = await TelegramStage.open()
  })

  afterAll(() => stage.close())

  const key = () => Buffer.from(stage.account.authKey, 'hex')

  /** `>B 4s H 256s` */
  function telethonString(): string {
    const bytes = Buffer.concat([
      Buffer.from([2, 127, 0, 0, 1, stage.server.port >> 8, stage.server.port & 255]),
      key(),
    ])
    return `1${bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')}`
  }

  function gramJsString(): string {
    const address = Buffer.from('127.0.0.1')
    const head = Buffer.from([2, 0, address.length])
    const port = Buffer.from([stage.server.port >> 8, stage.server.port & 255])
    return `1${Buffer.concat([head, address, port, key()]).toString('base64')}`
  }

  it.each([
    ['Telethon', telethonString],
    ['GramJS', gramJsString],
  ])('a string of %s signs in', async (_name, make) => {
    const sentinel = await SentinelProcess.start({ env: stage.env })
    const text = make()
    const reply = await sentinel.api.request<Imported>('POST', '/api/session/import', {
      json: { session_string: ` ${text}\n` },
    })
    expect([reply.status, reply.body.message]).toEqual([200, 'Session imported successfully'])
    // The key counts as accepted a moment before the account's name is there.
    const whose = async () => (await sentinel.api.status()).user_info?.user_id
    expect(await until('the account', whose)).toBe(stage.account.id)
    expect(sentinel.output).not.toContain(text.slice(20, 60))
    await sentinel.stop()
  })

  it('that cannot be read is refused by name, and nothing of it is shown', async () => {
    const sentinel = await SentinelProcess.start({ env: stage.env })
    const refused = async (json: unknown) => {
      const { status, body } = await sentinel.api.request<Imported>('POST', '/api/session/import', { json })
      return { status, code: body.code, message: body.message }
    }
    const cut = telethonString().slice(0, -40)
    const reply = await refused({ session_string: cut })
    expect(reply).toMatchObject({ status: 400, code: 'INVALID_SESSION_FILE' })
    expect(reply.message).not.toContain(cut.slice(20, 40))
    expect(await refused({ session_string: '123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw' })).toMatchObject({
      status: 400,
      message: expect.stringMatching(/bot/i) as string,
    })
    expect(await refused({ session_string: 'x', session_data: 'QUJD' })).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
    })
    expect(await refused({ session_data: 'QUJD', format: 'excel' })).toMatchObject({
      status: 400,
      code: 'INVALID_REQUEST',
    })
    await sentinel.stop()
  })

  it('a file of Pyrogram is converted where one says that it is one, and refused by name otherwise', async () => {
    // Without an application nothing is dialled: the address is Telegram's own.
    const sentinel = await SentinelProcess.start()
    const bytes = readFileSync(join(ROOT, 'test/fixtures/sessions/r26_pyrogram_v3.session'))
    const send = (format?: string) => {
      const body = new FormData()
      body.append('session_file', new Blob([bytes]), 'pyrogram.session')
      if (format) body.append('format', format)
      return sentinel.api.request<Imported>('POST', '/api/session/import', { body })
    }
    const refused = await send()
    expect([refused.status, refused.body.code]).toEqual([400, 'INVALID_SESSION_FILE'])
    expect(refused.body.message).toMatch(/Pyrogram/)
    expect((await send('excel')).status).toBe(400)
    expect((await send('pyrogram')).status).toBe(200)
    await until('the state', async () => (await sentinel.api.status()).state === 'needs_app')
    const file = readSessionFile(sentinel.sessionPath)
    expect(file.server).toMatchObject([{ dc_id: 2n, server_address: '149.154.167.51', port: 443n }])
    expect(file.server[0]?.auth_key).toHaveLength(256)
    expect(file.entities.map(({ id }) => id)).toContain(-1001234567890n)
    expect(file.entities.find(({ id }) => id === 0n)?.hash).toBe(777000123n)
    await sentinel.stop()
  })
})
