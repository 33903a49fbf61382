import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { refuse, sampleAlert } from '../../services/ui/test/fake-sentinel'
import { PASSWORD, UiHarness } from '../../services/ui/test/ui-harness'
import { freePort } from '../support/free-port'
import { ROOT } from '../support/sentinel-process'
import { until } from '../support/until'
import { launchBrowser, show } from './browser'

const SESSION = join(ROOT, 'test/fixtures/sessions/a01_minimal_v7.session')
const ITEM = '[data-testid=alert-item]'

/** A page that stays open for days, in several tabs, while this and that goes away. */
describe('a page that is left open', () => {
  let browser: Browser
  let context: BrowserContext
  let ui: UiHarness
  let env: Record<string, string>
  const options = { webFolder: join(ROOT, 'services/ui/dist/web') }

  beforeAll(async () => {
    browser = await launchBrowser()
  })

  beforeEach(async () => {
    env = { UI_PORT: String(await freePort()) }
    ui = await UiHarness.start(env, options)
    context = await browser.newContext()
  })

  afterEach(async () => {
    await context.close()
    await ui.stop()
  })

  afterAll(() => browser.close())

  /** Signed in, and following the events. */
  async function openPage(): Promise<Page> {
    await ui.setUp()
    ui.sentinel.authorize(1)
    const [name = '', value = ''] = ui.cookie.split(/=(.*)/s)
    await context.addCookies([{ name, value, url: ui.origin }])
    return openTab()
  }

  async function openTab(): Promise<Page> {
    const page = await context.newPage()
    await page.goto(ui.origin)
    await page.waitForSelector('[data-testid=alert-list][aria-busy=false]', { state: 'attached' })
    await until('the ui to follow', () => ui.sentinel.streams.size > 0)
    return page
  }

  const countOf = (page: Page) => page.locator(ITEM).count()

  it('hears in each of four tabs, through one stream', async () => {
    const tabs = [await openPage()]
    while (tabs.length < 4) tabs.push(await openTab())
    ui.sentinel.raise(sampleAlert(1))
    for (const tab of tabs) await tab.waitForSelector(ITEM)
    expect(ui.sentinel.streams.size).toBe(1)
  })

  it('lets go of the stream while nobody sees it, and has what it missed once it is seen', async () => {
    const page = await openPage()
    await show(page, 'hidden')
    await until('the stream to end', () => ui.sentinel.streams.size === 0)
    ui.sentinel.raise(sampleAlert(1))
    expect(await countOf(page)).toBe(0)
    await show(page, 'visible')
    await page.waitForSelector(ITEM)
  })

  it('says that its own server is gone, and goes on by itself once it is back', async () => {
    const page = await openPage()
    await ui.ui.close()
    await page.waitForSelector('[data-testid=ui-away]')
    ui.sentinel.raise(sampleAlert(1))
    await ui.startUi(env, options)
    await page.waitForSelector('[data-testid=ui-away]', { state: 'detached' })
    await page.waitForSelector(ITEM)
  })

  it('shows itself with a word about it while the sentinel does not answer', async () => {
    for (const path of ['status', 'alerts', 'stats', 'profiles', 'events'])
      ui.sentinel.answers.set(`GET /api/${path}`, () => undefined)
    await ui.setUp()
    const [name = '', value = ''] = ui.cookie.split(/=(.*)/s)
    await context.addCookies([{ name, value, url: ui.origin }])
    const page = await context.newPage()
    await page.goto(ui.origin)
    await page.waitForSelector('[data-testid=sentinel-away]')
    expect(await page.getByRole('button', { name: 'Sign out' }).isVisible()).toBe(true)
  })

  it('keeps its list short however much arrives, and still shows older ones', async () => {
    const page = await openPage()
    for (let id = 1; id <= 450; id++) ui.sentinel.raise(sampleAlert(id))
    await page.waitForSelector(`${ITEM}[data-alert-id="450"]`)
    await until('the oldest to go', async () => (await countOf(page)) <= 200)
    const before = await countOf(page)
    await page.getByRole('button', { name: 'Show older' }).click()
    await until('older ones', async () => (await countOf(page)) > before)
  })

  it('stays signed in where the sign-out failed, and says so', async () => {
    const page = await openPage()
    await page.route('**/api/auth/logout', (route) => route.abort())
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are still signed in.').waitFor()
    await page.unroute('**/api/auth/logout')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForSelector('[data-testid=login-form]')
  })

  it('takes 2.5 for a score, and a search takes no other filter back', async () => {
    const page = await openPage()
    ui.sentinel.raise(sampleAlert(1, { score: 2.4 }))
    ui.sentinel.raise(sampleAlert(2, { score: 2.6 }))
    await until('both', async () => (await countOf(page)) === 2)
    const score = page.getByLabel('Score from')
    await score.pressSequentially('2.5')
    await until('one', async () => (await countOf(page)) === 1)
    expect(await score.inputValue()).toBe('2.5')
    await page.getByRole('searchbox').pressSequentially('zero')
    await page.getByRole('button', { name: 'Unread' }).click()
    await until('the question', () => /q=zero&min_score=2.5/.test(ui.sentinel.heard.at(-1)?.url ?? ''))
    expect(ui.sentinel.heard.at(-1)?.url).toContain('state=unread')
    await page.getByRole('searchbox').fill('nothing of the kind')
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await until('both again', async () => (await countOf(page)) === 2)
    expect(await score.inputValue()).toBe('')
  })

  it('keeps the focus of whoever dismisses by keyboard, and takes it back', async () => {
    const page = await openPage()
    ui.sentinel.raise(sampleAlert(1))
    await page.getByRole('button', { name: 'Dismiss', exact: true }).focus()
    await page.keyboard.press('Enter')
    await until('Undo to have the focus', async () => (await focused(page)) === 'Undo')
    await page.keyboard.press('Enter')
    await until('Dismiss to have the focus', async () => (await focused(page)) === 'Dismiss')
  })

  it('keeps an upload while its owner looks elsewhere, and credits it with its own import alone', async () => {
    ui.sentinel.onImport = () => undefined
    ui.sentinel.generation = 1
    const page = await openPage()
    await page.getByRole('link', { name: 'Session' }).click()
    await page.setInputFiles('[data-testid=upload-input]', SESSION)
    await page.waitForSelector('[data-testid=upload-stage-connecting][data-state=active]')
    await page.getByRole('link', { name: 'Security' }).click()
    await page.getByRole('link', { name: 'Session' }).click()
    await page.waitForSelector('[data-testid=upload-stage-connecting][data-state=active]')
    await page.waitForSelector('[data-testid=upload-error]')
    ui.sentinel.authorize(1)
    ui.sentinel.raise(sampleAlert(1))
    await page.waitForSelector(ITEM, { state: 'attached' })
    expect(await page.locator('[data-testid=upload-error]').count()).toBe(1)
    ui.sentinel.authorize(2)
    await page.waitForSelector('[data-testid=upload-stage-authorized][data-state=done]')
    expect(await page.locator('[data-testid=upload-error]').count()).toBe(0)
  })

  it('is set up in one of two tabs, and the other one goes on', async () => {
    const [first, second] = [await context.newPage(), await context.newPage()]
    for (const page of [first, second]) {
      await page.goto(ui.origin)
      await page.waitForSelector('[data-testid=setup-form]')
    }
    for (const page of [first, second]) {
      for (const field of await page.locator('input[type=password]').all()) await field.fill(PASSWORD)
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
    }
  })

  it('changes its password in the Session view', async () => {
    const page = await openPage()
    await page.getByRole('link', { name: 'Session' }).click()
    await page.getByLabel('Current password').fill(PASSWORD)
    await page.getByLabel('New password', { exact: true }).fill('another long one')
    await page.getByLabel('Repeat new password').fill('another long one')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('Changed. Every other browser').waitFor()
    expect((await ui.post('/api/auth/login', { password: 'another long one' }, { Cookie: '' })).status).toBe(200)
  })

  it('follows by itself where the browser shares no worker', async () => {
    await context.addInitScript('delete globalThis.SharedWorker')
    const page = await openPage()
    ui.sentinel.answers.set('GET /api/alerts', (_heard, response) => refuse(response, 500, 'INTERNAL', 'No.'))
    ui.sentinel.raise(sampleAlert(1))
    await page.waitForSelector(ITEM)
  })
})

const focused = (page: Page) => page.evaluate<string | null>('document.activeElement.textContent')
