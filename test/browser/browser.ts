import { spawnSync } from 'node:child_process'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

/** Each window of a Chromium of today draws its address bar's list as two web pages of its own, which nobody sees: they take 1.7 s of the processor. */
const OMNIBOX = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup']
/** What playwright switches off: the last list on a command line is the one that counts. */
const PLAYWRIGHTS_OWN = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
]

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${[...PLAYWRIGHTS_OWN, ...OMNIBOX].join()}`,
]

/** Debian's Chromium, headless, with a profile of its own. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: QUIET })
}

/** The same with a profile that stays in a folder: what is no profile counts as a private window, which is neither told nor installed in. */
export function launchProfile(folder: string, args: string[] = []): Promise<BrowserContext> {
  const options = { executablePath: chromiumPath(), headless: true, args: [...QUIET, ...args] }
  return chromium.launchPersistentContext(folder, options)
}

function chromiumPath(): string {
  return spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim()
}

/** What a page did that it must not do: errors, and requests to another host. */
export function watch(page: Page, base: string): string[] {
  const misdeeds: string[] = []
  page.on('pageerror', (error) => misdeeds.push(`error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') misdeeds.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(base)) misdeeds.push(`request: ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    misdeeds.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return misdeeds
}

/** Headless tabs are always seen; what the browser would say is said for it. */
export async function show(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate(
    `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true })
     document.dispatchEvent(new Event('visibilitychange'))`,
  )
}
