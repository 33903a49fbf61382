import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { until } from '../support/until'
import { PageStage, widthOf } from './page-stage'

const PHONE = '+12025550147'
const SIGN_IN = '[data-testid=sign-in], [data-testid=upload-input], [data-testid=string-form]'

/** The sentinel is killed; what the ui kept of it goes on being shown, and nothing asks for a sign-in. */
describe('a page whose sentinel is away', () => {
  let stage: PageStage
  let news: number

  beforeAll(async () => {
    if (process.env.SHOTS) mkdirSync(process.env.SHOTS, { recursive: true })
    stage = await PageStage.open()
    await stage.control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    news = (await stage.control.createChannel({ title: 'News' })).chat
    await stage.telegram.signIn(PHONE)
    const { api } = stage.telegram.sentinel
    await until('the ledger', async () => (await api.coverage()).chats.length >= 1)
    const { id } = await api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } } })
    const digest = { profile_id: id, destination_id: 1, schedule: { kind: 'hourly' } }
    await api.request('POST', '/api/destinations', { json: { name: 'Saved', target: { kind: 'saved_messages' } } })
    await api.request('POST', '/api/digests', { json: digest })
  })

  afterAll(() => stage.close())

  const post = (text: string) => stage.control.postMessage({ chat: news, text })
  const item = (page: Page, text: string) => page.getByTestId('alert-item').filter({ hasText: text })
  const banner = (page: Page) => page.getByTestId('sentinel-away')

  async function shot(page: Page, name: string): Promise<void> {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true })
  }

  async function kill(): Promise<void> {
    const { sentinel } = stage.telegram
    sentinel.kill('SIGKILL')
    await sentinel.exited
  }

  it.each([1280, 360])(
    'shows its alerts after a reload at %i px, says since when, and goes on once it is back',
    async (width) => {
      const { page, misdeeds } = await stage.visit('Session', { viewport: { width, height: 800 } })
      await page.goto(`${stage.ui.baseUrl}#/alerts`)
      await post(`alpha at ${width}`)
      await item(page, `alpha at ${width}`).waitFor()
      await kill()
      await banner(page).waitFor()
      await page.reload()
      await item(page, `alpha at ${width}`).waitFor()
      await banner(page).getByText('The sentinel is away since').waitFor()
      await banner(page).getByText('this is what was known then').waitFor()
      await page.getByTestId('status-state').getByText('Signed in').waitFor()
      await shot(page, `away-alerts-${width}`)
      expect(await widthOf(page)).toBeLessThanOrEqual(width)
      await item(page, `alpha at ${width}`).getByRole('button', { name: 'Dismiss', exact: true }).click()
      await page.getByText('The sentinel is not reachable.').waitFor()
      await page.getByRole('link', { name: 'Session' }).click()
      await page.getByTestId('session-away').waitFor()
      expect(await page.locator(SIGN_IN).count()).toBe(0)
      await shot(page, `away-session-${width}`)
      await page.getByRole('link', { name: 'Digests' }).click()
      await page.getByTestId('digest-list').getByRole('link').first().click()
      await page.getByTestId('digest-runs').waitFor()
      await shot(page, `away-digests-${width}`)
      await page.getByRole('link', { name: 'Alerts' }).click()
      await stage.telegram.start()
      await banner(page).waitFor({ state: 'detached' })
      await post(`alpha again at ${width}`)
      await item(page, `alpha again at ${width}`).waitFor()
      await shot(page, `back-alerts-${width}`)
      expect(misdeeds.filter((one) => !one.includes('Failed to load resource'))).toEqual([])
    },
  )

  it('hides the sign-in that was open before', async () => {
    const { page } = await stage.visit('Session')
    await page.locator(SIGN_IN).first().waitFor({ state: 'attached' })
    await page.goto(`${stage.ui.baseUrl}#/alerts`)
    await kill()
    await banner(page).waitFor()
    await page.getByRole('link', { name: 'Session' }).click()
    await page.getByTestId('session-away').waitFor()
    for (const one of await page.locator(SIGN_IN).all()) expect(await one.isVisible()).toBe(false)
    await stage.telegram.start()
    await banner(page).waitFor({ state: 'detached' })
  })
})
