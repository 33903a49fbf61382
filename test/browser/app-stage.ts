import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page, Worker } from 'playwright-core'
import type { components } from '../../openapi/generated/sentinel'
import { HttpReceiver } from '../support/http-receiver'
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder'
import { PASSWORD } from '../support/ui-process'
import { until } from '../support/until'
import { launchProfile, watch } from './browser'
import { PageStage } from './page-stage'

const PHONE = '+12025550146'
const SHOTS = join(__dirname, '../reports/push')
/** A name that leads to this machine, and by which a browser does not know that it does. */
export const NAME = 'sentinel.test'

/**
 * A signed-in sentinel, the ui, a browser with a profile of its own that may notify, and a receiver where a push service would be: none is
 * reached from here.
 */
export class AppStage {
  private constructor(
    readonly stage: PageStage,
    readonly receiver: HttpReceiver,
    readonly context: BrowserContext,
    readonly news: number,
    private readonly folder: string,
  ) {}

  static async open(): Promise<AppStage> {
    mkdirSync(SHOTS, { recursive: true })
    const receiver = await HttpReceiver.start()
    receiver.answer = { status: 201 }
    const stage = await PageStage.open({ DELIVERY_ALLOW: receiver.place })
    await stage.control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    const { chat } = await stage.control.createChannel({ title: 'News' })
    await stage.telegram.signIn(PHONE)
    const { api } = stage.telegram.sentinel
    await until('the ledger', async () => (await api.coverage()).chats.length >= 1)
    await api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } } })
    const folder = makeTemporaryFolder()
    const context = await launchProfile(folder, [`--host-resolver-rules=MAP ${NAME} 127.0.0.1`])
    await context.grantPermissions(['notifications'], { origin: stage.ui.baseUrl })
    return new AppStage(stage, receiver, context, chat, folder)
  }

  get base(): string {
    return this.stage.ui.baseUrl
  }

  /** Past the page's password, at a view. */
  async visit(view = 'Deliveries', base = this.base): Promise<{ page: Page; misdeeds: string[] }> {
    const page = await this.context.newPage()
    const misdeeds = watch(page, base)
    await page.goto(base)
    await page.locator('[data-testid=login-form] input[type=password]').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('navigation').getByRole('link', { name: view, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: view }).waitFor()
    return { page, misdeeds }
  }

  /** Tabs are closed and nobody is signed in; what the browser keeps stays. */
  async tidy(): Promise<void> {
    for (const page of this.context.pages().slice(1)) await page.close()
    await this.context.clearCookies()
    this.receiver.received.length = 0
    this.receiver.answer = { status: 201 }
  }

  async shot(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true })
  }

  async destinations(): Promise<components['schemas']['Destination'][]> {
    const { api } = this.stage.telegram.sentinel
    const { body } = await api.request<{ data: { destinations: components['schemas']['Destination'][] } }>(
      'GET',
      '/api/destinations',
    )
    return body.data.destinations
  }

  worker(): Promise<Worker> {
    return until('the worker', () => this.context.serviceWorkers().find((one) => one.url().startsWith(this.base)))
  }

  async close(): Promise<void> {
    await this.context.close()
    await this.stage.close()
    await this.receiver.stop()
    removeFolder(this.folder)
  }
}
