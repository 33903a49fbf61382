import { join } from 'node:path'
import { BotApiServer } from '../bot-api/bot-api-server'
import { ADMIN } from '../bot-api/bot-stage'
import { startSocks5, type ForeignProxy } from '../support/foreign-proxy'
import { HttpReceiver } from '../support/http-receiver'
import { SentinelProcess } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { until } from '../support/until'

const WATCH = join(__dirname, '../support/network-watch.cjs')

/** PROXY_FOR names all that there is. */
describe('bot and deliveries through a proxy', () => {
  let telegram: TelegramStage
  let bot: BotApiServer
  let receiver: HttpReceiver
  let proxy: ForeignProxy
  let sentinel: SentinelProcess

  beforeAll(async () => {
    ;[telegram, bot, receiver, proxy] = await Promise.all([
      TelegramStage.open(),
      BotApiServer.start(),
      HttpReceiver.start(),
      startSocks5(),
    ])
    const own = bot.env(ADMIN)
    // A name that this machine knows: who looks it up by itself is seen to do so.
    const root = (own['TG_BOT_API_ROOT'] ?? '').replace('127.0.0.1', 'localhost')
    const env = { ...telegram.env, ...own, TG_BOT_API_ROOT: root, DELIVERY_ALLOW: receiver.place }
    sentinel = await SentinelProcess.start({
      env: { ...env, TG_PROXY: proxy.link, PROXY_FOR: 'telegram,bot,deliveries' },
      preload: WATCH,
    })
  })

  afterAll(async () => {
    await sentinel.stop()
    await Promise.all([telegram.close(), bot.stop(), receiver.stop(), proxy.stop()])
  })

  it('goes through it and nothing else, and names are looked up by the proxy', async () => {
    await telegram.signIn(sentinel)
    await until('the bot', async () => (await sentinel.api.status()).bot.state === 'running')
    const target = { kind: 'webhook', url: receiver.url }
    const { body } = await sentinel.api.request<{ data: { id: number } }>('POST', '/api/destinations', {
      json: { name: 'Hook', target },
    })
    await sentinel.api.request('POST', `/api/destinations/${body.data.id}/test`, { json: {} })
    await receiver.nth(1)
    const asked = new Set(proxy.asked)
    expect(asked).toContain(receiver.place)
    expect(asked).toContain(`127.0.0.1:${telegram.server.port}`)
    expect([...asked].filter((place) => place.startsWith('localhost:'))).toHaveLength(1)
    const wanted = [...sentinel.output.matchAll(/network: (.*)/g)].map(([, what]) => what)
    expect([...new Set(wanted)].sort()).toEqual([`connect 127.0.0.1:${proxy.port}`, 'lookup 127.0.0.1'])
  })

  it('stands still with a sentence where the proxy is gone', async () => {
    await proxy.stop()
    const message = `Nobody listens at the proxy (SOCKS5 127.0.0.1:${proxy.port}). Check that it runs, and its port.`
    await until('the bot to stand still', async () => {
      const { bot: now } = await sentinel.api.status()
      return now.state === 'waiting' && now.message === message
    })
  })
})
