import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { UiHarness } from '../../services/ui/test/ui-harness'
import { freePort } from '../support/free-port'
import { ROOT } from '../support/sentinel-process'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { until } from '../support/until'
import { launchBrowser } from './browser'

const WEB = join(ROOT, 'services/ui/dist/web')
const SHOTS = join(__dirname, '../reports/push')

/** The worker beside the page: what it shows where nobody answers, and how it makes room for its successor. */
describe.each(['/', '/sentinel/'])('the worker of a page at %s', (basePath) => {
  const folder = makeTemporaryFolder()
  let browser: Browser
  let context: BrowserContext
  let ui: UiHarness
  let env: Record<string, string>

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true })
    browser = await launchBrowser()
    env = { UI_PORT: String(await freePort()), BASE_PATH: basePath }
    ui = await UiHarness.start(env, { webFolder: WEB })
  })

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 360, height: 700 } })
  })

  afterEach(() => context.close())

  afterAll(async () => {
    await browser.close()
    await ui.stop()
    removeFolder(folder)
  })

  async function openPage(): Promise<Page> {
    const page = await context.newPage()
    await page.goto(ui.origin + basePath)
    await page.getByTestId('setup-form').waitFor()
    await until('the worker', () => page.evaluate<boolean>('navigator.serviceWorker.controller !== null'))
    return page
  }

  it('says that nobody answers, tries again by itself, and goes on where it was', async () => {
    const page = await openPage()
    await ui.ui.close()
    await page.goto(`${ui.origin}${basePath}#/search`)
    await page.reload()
    const offline = page.getByTestId('offline')
    await offline.getByRole('heading', { name: 'Not reached' }).waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    await page.screenshot({ path: join(SHOTS, 'offline-360.png') })
    await offline.getByRole('button', { name: 'Try again' }).click()
    await offline.getByText('Not yet.').waitFor()
    await ui.startUi(env, { webFolder: WEB })
    await page.getByTestId('setup-form').waitFor()
    expect(page.url()).toBe(`${ui.origin}${basePath}#/search`)
  })

  it('asks for an operation of the API as if it were not there', async () => {
    const page = await openPage()
    await ui.ui.close()
    await expect(page.evaluate(`fetch('api/health').then(({ status }) => status)`)).rejects.toThrow('Failed to fetch')
    await ui.startUi(env, { webFolder: WEB })
    expect(await page.evaluate(`fetch('api/health').then(({ status }) => status)`)).toBe(200)
  })

  it('takes the place of the one before as soon as the page is loaded from a newer build', async () => {
    const page = await openPage()
    const names = () => page.evaluate<string[]>('caches.keys()')
    const [before = ''] = await names()
    const newer = join(folder, 'web')
    cpSync(WEB, newer, { recursive: true })
    const [, version = ''] = / (\w+)$/.exec(before) ?? []
    const text = readFileSync(join(newer, 'worker.js'), 'utf8').replace(version, 'the-newer-one')
    writeFileSync(join(newer, 'worker.js'), text)
    for (const form of ['br', 'gz']) rmSync(join(newer, `worker.js.${form}`))
    await ui.ui.close()
    await ui.startUi(env, { webFolder: newer })
    await page.reload()
    await until('its shell alone', async () => String(await names()) === before.replace(version, 'the-newer-one'))
    await page.getByTestId('setup-form').waitFor()
    await ui.ui.close()
    await ui.startUi(env, { webFolder: WEB })
  })
})
