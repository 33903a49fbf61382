import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import type { Control } from '../telegram-server/control/control'
import { freePort } from '../support/free-port'
import { SignInStage } from '../support/sign-in-stage'
import { PASSWORD, UiProcess } from '../support/ui-process'
import { launchBrowser, watch } from './browser'

/** A simulated Telegram, a sentinel that nobody is signed in to, the ui beside it, and a browser. */
export class PageStage {
  private constructor(
    readonly telegram: SignInStage,
    readonly ui: UiProcess,
    readonly browser: Browser,
  ) {}

  static async open(env: Record<string, string> = {}): Promise<PageStage> {
    // The same after a restart: the ui knows the sentinel by it.
    const telegram = await SignInStage.open({ ...env, SENTINEL_API_PORT: String(await freePort()) })
    const ui = await UiProcess.start(telegram.sentinel.baseUrl, { UI_ADMIN_PASSWORD: PASSWORD })
    return new PageStage(telegram, ui, await launchBrowser())
  }

  get control(): Control {
    return this.telegram.control
  }

  /** A browser of its own, past the page's password, at a view. */
  async visit(view: string, options: BrowserContextOptions = {}): Promise<{ page: Page; misdeeds: string[] }> {
    const page = await (await this.browser.newContext(options)).newPage()
    const misdeeds = watch(page, this.ui.baseUrl)
    await page.goto(this.ui.baseUrl)
    await page.locator('[data-testid=login-form] input[type=password]').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('navigation').getByRole('link', { name: view }).click()
    await page.getByRole('heading', { level: 1, name: view }).waitFor()
    return { page, misdeeds }
  }

  async close(): Promise<void> {
    await this.browser.close()
    await this.ui.stop()
    await this.telegram.close()
  }
}

export async function widthOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth')
}
