import type { Browser } from 'playwright-core'
import { SentinelProcess } from '../support/sentinel-process'
import { TelegramStage } from '../support/telegram-stage'
import { PASSWORD, UiProcess } from '../support/ui-process'
import { launchBrowser, watch } from './browser'

const PAYLOAD = '<img src=x onerror="alert(document.domain)"><script>alert(1)</script>'

/** Whoever can write to a chat, or name one, writes to this page. */
describe('a hostile chat', () => {
  let stage: TelegramStage
  let sentinel: SentinelProcess
  let ui: UiProcess
  let browser: Browser

  beforeAll(async () => {
    stage = await TelegramStage.open()
    sentinel = await SentinelProcess.start({ env: stage.env })
    ui = await UiProcess.start(sentinel.baseUrl, { UI_ADMIN_PASSWORD: PASSWORD })
    browser = await launchBrowser()
    await stage.signIn(sentinel)
  })

  afterAll(async () => {
    await browser?.close()
    await ui?.stop()
    await sentinel?.stop()
    await stage?.close()
  })

  it('shows its name, its sender and its text as text, and nothing of it runs', async () => {
    const page = await (await browser.newContext()).newPage()
    const misdeeds = watch(page, ui.baseUrl)
    await page.goto(ui.baseUrl)
    await page.locator('[data-testid=login-form] input[type=password]').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-testid=alert-list]', { state: 'attached' })
    const { chat } = await stage.control.createSupergroup({ title: `Chat ${PAYLOAD}` })
    const { id: from } = await stage.control.createUser({ firstName: `Eve ${PAYLOAD}` })
    await stage.control.postMessage({ chat, from, text: `urgent ${PAYLOAD} javascript:alert(2)` })
    const item = page.locator('[data-testid=alert-item]').first()
    await item.waitFor()
    const shown = await item.innerText()
    expect(shown).toContain(`Chat ${PAYLOAD}`)
    expect(shown).toContain(`Eve ${PAYLOAD}`)
    expect(shown).toContain(`urgent ${PAYLOAD}`)
    expect(await item.locator('img, script').count()).toBe(0)
    expect(misdeeds).toEqual([])
  })
})
