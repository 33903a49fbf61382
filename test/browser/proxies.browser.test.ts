import type { Page } from 'playwright-core'
import { startHttpProxy, startSocks5, type ForeignProxy } from '../support/foreign-proxy'
import { until } from '../support/until'
import { PageStage } from './page-stage'

const PHONE = '+12025550147'

describe('the proxies on the page', () => {
  let stage: PageStage
  let socks: ForeignProxy
  let http: ForeignProxy

  beforeAll(async () => {
    stage = await PageStage.open()
    await stage.control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    socks = await startSocks5({ login: { username: 'ada', password: 'hidden-word' } })
    http = await startHttpProxy()
  })

  afterAll(async () => {
    await stage.close()
    await Promise.all([socks.stop(), http.stop()])
  })

  const card = (page: Page) => page.getByTestId('proxies-card')
  const said = (page: Page, text: string | RegExp) => card(page).getByText(text).first().waitFor()

  it('are tested, set before the sign-in, used for it, told of, and removed', async () => {
    const { page, misdeeds } = await stage.visit('Session')
    await said(page, 'None: Telegram is dialled directly.')
    await page.getByRole('button', { name: 'Test the direct way' }).click()
    await said(page, /Reached DC 2 in \d+ ms/)
    const area = page.getByLabel('Proxies', { exact: true })
    await area.fill(`${socks.link.replace('ada', 'eve')}\n${http.link}\n`)
    await page.getByRole('button', { name: 'Test before saving' }).click()
    await said(page, `The proxy (SOCKS5 127.0.0.1:${socks.port}) refuses the name or the password. Check them.`)
    await said(page, new RegExp(`HTTP 127.0.0.1:${http.port}: Reached DC 2 in`))
    await area.fill('nonsense')
    await page.getByTestId('proxy-form').getByRole('button', { name: 'Save' }).click()
    await said(page, /^The proxy is none of/)
    await area.fill(`${socks.link}\n${http.link}`)
    await page.getByTestId('proxy-form').getByRole('button', { name: 'Save' }).click()
    await page.getByTestId('proxies').getByText(`SOCKS5 127.0.0.1:${socks.port}`).waitFor()
    expect(await page.getByLabel('Other proxies').inputValue()).toBe('')
    await stage.telegram.signIn(PHONE)
    await page.getByTestId('proxies').getByText('in use').waitFor()
    expect(socks.asked.length).toBeGreaterThan(0)
    expect(await page.content()).not.toContain('hidden-word')
    await socks.stop()
    await said(page, `Nobody listens at the proxy (SOCKS5 127.0.0.1:${socks.port}). Check that it runs, and its port.`)
    await until('the other', async () => (await stage.telegram.sentinel.api.status()).proxy?.port === http.port)
    await page.getByTestId('proxies-remove').click()
    await said(page, 'None: Telegram is dialled directly.')
    // A browser writes down the refusal that was asked for.
    expect(misdeeds.filter((one) => !one.includes('400 (Bad Request)'))).toEqual([])
  })
})
