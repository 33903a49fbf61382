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
    private readonly ownsBrowser: boolean,
  ) {}

  /** A browser that is given stays open. */
  static async open(env: Record<string, string> = {}, browser?: Browser): Promise<PageStage> {
    // The same after a restart: the ui knows the sentinel by it.
    const telegram = await SignInStage.open({ ...env, SENTINEL_API_PORT: String(await freePort()) })
    const ui = await UiProcess.start(telegram.sentinel.baseUrl, { UI_ADMIN_PASSWORD: PASSWORD })
    return new PageStage(telegram, ui, browser ?? (await launchBrowser()), !browser)
  }

  get control(): Control {
    return this.telegram.control
  }

  /** A browser of its own, past the page's password, at a view. */
  async visit(view: string, options: BrowserContextOptions = {}): Promise<{ page: Page; misdeeds: string[] }> {
    const context = await this.browser.newContext(options)
    await context.addCookies([await signIn(this.ui.baseUrl)])
    const page = await context.newPage()
    const misdeeds = watch(page, this.ui.baseUrl)
    await page.goto(`${this.ui.baseUrl}#/${view.toLowerCase()}`)
    await page.getByRole('heading', { level: 1, name: view }).waitFor()
    return { page, misdeeds }
  }

  async close(): Promise<void> {
    if (this.ownsBrowser) await this.browser.close()
    await this.ui.stop()
    await this.telegram.close()
  }
}

interface PageCookie {
  name: string
  value: string
  url: string
}

/** The cookie of a page that is past its password; how that is typed, `app.browser.test` and `journey.browser.test` show. */
async function signIn(url: string): Promise<PageCookie> {
  const reply = await fetch(`${url}api/auth/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(url).origin },
    body: JSON.stringify({ password: PASSWORD }),
  })
  const [name = '', value = ''] = (reply.headers.get('set-cookie') ?? '').split(';')[0]?.split(/=(.*)/s) ?? []
  if (!reply.ok) throw new Error(`Signing in answers ${reply.status}`)
  return { name, value, url }
}

export async function widthOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth')
}
