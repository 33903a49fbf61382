import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { TestProcess } from '../support/child-process'
import { freePort } from '../support/free-port'
import { ROOT } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'
import { launchBrowser, watch } from './browser'

/** What a newcomer does with `npm run demo`, in a real browser, at two widths. */
describe('the first visit', () => {
  const folder = makeTemporaryFolder()
  let demo: TestProcess
  let browser: Browser
  let base = ''
  let session = ''

  beforeAll(async () => {
    const ports = { SENTINEL_API_PORT: String(await freePort()), UI_PORT: String(await freePort()) }
    const env = { PATH: process.env.PATH, HOME: folder, DATA_DIR: folder, ...ports }
    demo = new TestProcess(process.execPath, [join(ROOT, 'scripts/demo.mjs')], env, ROOT)
    browser = await launchBrowser()
    base = (await demo.said(/TG Sentinel is up:\s+(\S+)/, 60_000))[1] ?? ''
    session = (await demo.said(/upload\s+(\S+)/))[1] ?? ''
  })

  afterAll(async () => {
    await browser?.close()
    demo.kill('SIGTERM')
    await demo.exited
    removeFolder(folder)
  })

  it('leads from a password through an upload to alerts that arrive by themselves and say why', async () => {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
    const misdeeds = watch(page, base)
    await page.goto(base)
    await setPassword(page)
    await page.setInputFiles('[data-testid=upload-input]', session)
    await page.waitForSelector('[data-testid=alert-item]', { timeout: 20_000 })
    expect(await page.locator('[data-testid=status-state]').first().innerText()).toContain('Signed in')
    const reasons = await page.locator('[data-testid=alert-item] [data-testid=alert-reasons]').allInnerTexts()
    expect(reasons.length).toBeGreaterThan(0)
    expect(reasons.every((text) => /[+]\s*\d/.test(text))).toBe(true)
    await page.waitForSelector('[data-testid=alert-item] mark')
    expect(misdeeds).toEqual([])
  })

  it('shows more alerts without a reload as they are raised', async () => {
    const page = await (await browser.newContext({ viewport: { width: 360, height: 800 } })).newPage()
    const misdeeds = watch(page, base)
    await page.goto(base)
    await page.locator('[data-testid=login-form] input[type=password]').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-testid=alert-item]')
    const widest = await page.evaluate('document.documentElement.scrollWidth')
    expect(widest).toBeLessThanOrEqual(360)
    const before = await page.locator('[data-testid=alert-item]').count()
    await raiseAlert(page, before)
    expect(misdeeds).toEqual([])
  })

  it('is used by keyboard alone: the first alert is marked read, starred and found again', async () => {
    const page = await signedIn()
    const first = page.locator('[data-testid=alert-item]').first()
    await first.getByRole('button', { name: /star/i }).focus()
    await page.keyboard.press('Enter')
    const starred = page.getByRole('button', { name: /^starred$/i }).or(page.getByRole('radio', { name: /starred/i }))
    await starred.first().focus()
    await page.keyboard.press('Enter')
    await until('one alert to be listed', async () => (await page.locator('[data-testid=alert-item]').count()) === 1)
  })

  it('tells in words what is wrong with a file that is no session', async () => {
    const page = await signedIn()
    await page.getByRole('link', { name: 'Session' }).click()
    await page.setInputFiles(
      '[data-testid=upload-input]',
      join(ROOT, 'test/fixtures/sessions/r06_missing_sessions.session'),
    )
    const error = page.locator('[data-testid=upload-error]')
    await error.waitFor()
    expect(await error.innerText()).toContain('Missing required Telethon tables: sessions')
  })

  async function signedIn(): Promise<Page> {
    const page = await (await browser.newContext()).newPage()
    await page.goto(base)
    await page.locator('[data-testid=login-form] input[type=password]').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-testid=alert-item]')
    return page
  }
})

const PASSWORD = 'correct horse battery'

async function setPassword(page: Page): Promise<void> {
  const fields = page.locator('[data-testid=setup-form] input[type=password]')
  await fields.nth(0).fill(PASSWORD)
  await fields.nth(1).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-testid=upload-input]', { state: 'attached' })
}

/** A profile for whatever is posted: the demo's next message raises an alert. */
async function raiseAlert(page: Page, before: number): Promise<void> {
  const profile = {
    name: `Everything ${before}`,
    min_score: 0,
    detectors: {},
    keywords: { general: { words: COMMON } },
  }
  const status = await page.evaluate(
    `fetch('api/profiles', { method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(JSON.stringify(profile))} }).then((reply) => reply.status)`,
  )
  expect(status).toBe(201)
  await until('one more alert', async () => (await page.locator('[data-testid=alert-item]').count()) > before, 40_000)
}

const COMMON =
  'the a to is in of and for it we you i on this that und die der ist на и в не что я это з та は の に を が'.split(
    ' ',
  )
