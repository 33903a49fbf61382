import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { freshStatus, reply } from '../../services/ui/test/fake-sentinel'
import { UiHarness } from '../../services/ui/test/ui-harness'
import { ROOT } from '../support/sentinel-process'
import { until } from '../support/until'
import { launchBrowser } from './browser'

const SESSION = join(ROOT, 'test/fixtures/sessions/a01_minimal_v7.session')
const PYROGRAM = join(ROOT, 'test/fixtures/sessions/r26_pyrogram_v3.session')

/** The session view at moments that a sentinel is hard to bring to. */
describe('the session view', () => {
  let browser: Browser
  let context: BrowserContext
  let ui: UiHarness

  beforeAll(async () => {
    browser = await launchBrowser()
  })

  beforeEach(async () => {
    ui = await UiHarness.start({}, { webFolder: join(ROOT, 'services/ui/dist/web'), authorizationMs: 60_000 })
    context = await browser.newContext()
    await ui.setUp()
    const [name = '', value = ''] = ui.cookie.split(/=(.*)/s)
    await context.addCookies([{ name, value, url: ui.origin }])
  })

  afterEach(async () => {
    await context.close()
    await ui.stop()
  })

  afterAll(() => browser.close())

  async function open(): Promise<Page> {
    const page = await context.newPage()
    await page.goto(`${ui.origin}/#/session`)
    await page.getByTestId('sign-in').waitFor()
    return page
  }

  it('offers to convert a file of Pyrogram, and does', async () => {
    const page = await open()
    await page.setInputFiles('[data-testid=upload-input]', PYROGRAM)
    await page.getByTestId('upload-error').getByText('this is a Pyrogram session').waitFor()
    await page.getByTestId('convert').click()
    await page.waitForSelector('[data-testid=upload-stage-authorized][data-state=done]')
    const sent = ui.sentinel.heard.find(({ url }) => url === '/api/session/import')
    expect(sent?.body.toString('latin1')).toMatch(/name="format"\s+pyrogram/)
  })

  it('cancels an upload while it is verified, here and on a page that did not begin it', async () => {
    ui.sentinel.onImport = () => undefined
    const page = await open()
    await page.setInputFiles('[data-testid=upload-input]', SESSION)
    await page.waitForSelector('[data-testid=upload-stage-connecting][data-state=active]')
    await page.getByTestId('upload-cancel').click()
    await page.getByTestId('upload-error').getByText('cancelled').waitFor()
    expect(ui.sentinel.status.import).toMatchObject({ generation: 1, state: 'failed', code: 'CANCELLED' })

    await page.setInputFiles('[data-testid=upload-input]', SESSION)
    await page.waitForSelector('[data-testid=upload-stage-connecting][data-state=active]')
    const other = await open()
    await other.getByTestId('import-cancel').click()
    await page.getByTestId('upload-error').getByText('cancelled').waitFor()
    await other.getByTestId('import-verifying').waitFor({ state: 'detached' })
    expect(ui.sentinel.status.import).toMatchObject({ generation: 2, state: 'failed', code: 'CANCELLED' })
  })

  it('asks for the Telegram application first where there is none', async () => {
    ui.sentinel.status = { ...freshStatus(), app_configured: false, app_from_environment: false }
    const page = await open()
    await page.getByTestId('app-form').waitFor()
    await page.getByText('First enter the Telegram application above').first().waitFor()
    expect(await page.getByTestId('qr-form').count()).toBe(0)
    ui.sentinel.setStatus({ app_configured: true })
    await page.getByTestId('qr-form').waitFor()
  })

  it('takes no answer about the status that an event has overtaken, and asks again', async () => {
    const outdated = { ...freshStatus(), app_configured: false, app_from_environment: false }
    const held: ServerResponse[] = []
    const questions = () => ui.sentinel.heard.filter(({ url }) => url === '/api/status').length
    ui.sentinel.status = outdated
    const page = await open()
    await page.getByTestId('app-form').waitFor()
    await until('the ui to follow', () => ui.sentinel.streams.size > 0)
    ui.sentinel.answers.set('GET /api/status', (_heard, response) => void held.push(response))
    ui.sentinel.emit('reset', {})
    await until('a question', () => held.length > 0)
    ui.sentinel.setStatus({ app_configured: true })
    await page.getByTestId('qr-form').waitFor()
    ui.sentinel.answers.clear()
    const before = questions()
    for (const response of held) reply(response, outdated)
    await until('another question', () => questions() > before)
    expect(await page.getByTestId('app-form').count()).toBe(0)
    expect(await page.getByTestId('qr-form').isVisible()).toBe(true)
  })

  it('goes from tab to tab by arrows, and keeps what was typed', async () => {
    const page = await open()
    await page.getByTestId('tab-qr').focus()
    await page.keyboard.press('ArrowRight')
    await page.getByLabel('Phone number').fill('+49 30')
    await page.getByTestId('tab-phone').focus()
    await page.keyboard.press('ArrowRight')
    await page.getByTestId('string-form').waitFor()
    await page.keyboard.press('ArrowLeft')
    expect(await page.getByLabel('Phone number').inputValue()).toBe('+49 30')
  })

  it.each(['session_conflict', 'session_revoked', 'banned', 'session_invalid'] as const)(
    'says what ended the session (%s), and offers the ways to another',
    async (state) => {
      ui.sentinel.setStatus({ state, state_message: `It ended: ${state}.`, session_generation: 1 })
      const page = await open()
      await page.getByTestId('session-card').getByText(`It ended: ${state}.`).waitFor()
      expect(await page.getByRole('heading', { name: 'Sign in with another account' }).isVisible()).toBe(true)
      expect(await page.getByRole('button', { name: 'Forget session' }).isVisible()).toBe(true)
      expect(await page.getByRole('button', { name: 'Sign out of Telegram' }).count()).toBe(0)
    },
  )

  it('shows the calls that wait, as they come and go', async () => {
    ui.sentinel.authorize(1)
    const page = await open()
    const card = page.getByTestId('session-card')
    await card.getByText('none', { exact: true }).waitFor()
    ui.sentinel.status.queue = { ...ui.sentinel.status.queue, waiting: 7, running: 'messages.getHistory' }
    await card.getByText('7 of at most 1,000; messages.getHistory under way').waitFor()
  })

  it('lets whoever cancels a confirmation be where they were', async () => {
    ui.sentinel.authorize(1)
    const page = await open()
    await page.getByRole('button', { name: 'Sign out of Telegram' }).click()
    await until('the safe one to have the focus', async () => (await focused(page)) === 'No, keep it')
    await page.keyboard.press('Enter')
    await until('the button to have the focus', async () => (await focused(page)) === 'Sign out of Telegram…')
    expect(ui.sentinel.heard.some(({ url }) => url === '/api/session/sign-out')).toBe(false)
  })
})

const focused = (page: Page) => page.evaluate<string | null>('document.activeElement.textContent')
