import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { HttpReceiver } from '../support/http-receiver'
import { until } from '../support/until'
import { PageStage, widthOf } from './page-stage'

const PHONE = '+12025550145'
const WIDTHS = [1280, 360]
const SHOTS = join(__dirname, '../reports/deliveries')

/** What each of the views shows once it is there. */
const TEST_IDS: Record<string, string> = {
  '': 'destination-list',
  new: 'destination-form',
  outbox: 'outbox',
  templates: 'template-list',
  'template-1': 'template-preview',
  '1': 'destination-state',
}

/** Deliveries in the page: a destination made, tested, mended; the outbox; templates with their preview. */
describe('the deliveries view', () => {
  let stage: PageStage
  let receiver: HttpReceiver
  let news = 0

  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true })
    receiver = await HttpReceiver.start()
    stage = await PageStage.open({ DELIVERY_ALLOW: receiver.place })
    const { control } = stage
    await control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    news = (await control.createChannel({ title: 'News' })).chat
    await stage.telegram.signIn(PHONE)
    const { api } = stage.telegram.sentinel
    await until('the ledger', async () => (await api.coverage()).chats.length >= 1)
    await api.createProfile({ name: 'Alpha', keywords: { general: { words: ['alpha'] } } })
  })

  afterAll(async () => {
    await stage.close()
    await receiver.stop()
  })

  async function shot(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true })
  }

  const outcome = (page: Page) => page.getByTestId('test-outcome')

  it('adds a webhook, shows its secret once, tests it, and is live', async () => {
    const { page, misdeeds } = await stage.visit('Deliveries')
    await page.getByText('Alerts are shown on this page only.').waitFor()
    await page.getByRole('link', { name: 'New destination' }).click()
    await page.getByLabel('Name').fill('My hook')
    await page.getByLabel('Kind').selectOption('webhook')
    await page.getByLabel('Address').fill(`${receiver.url}/hook`)
    await shot(page, 'new-1280')
    await page.getByRole('button', { name: 'Add destination' }).click()
    await page
      .getByTestId('signing-secret')
      .getByText(/whsec_/)
      .waitFor()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await outcome(page).getByText('“My hook” took the message.').waitFor()
    await page.getByTestId('destination-state').getByText('The last message arrived.').waitFor()
    await page.locator('summary', { hasText: 'What was sent there' }).click()
    await stage.control.postMessage({ chat: news, text: 'alpha has landed' })
    await page.getByTestId('outbox').getByText('Alpha: alpha has landed').waitFor()
    await page.getByTestId('outbox').locator('[data-state=sent]').nth(1).waitFor()
    await shot(page, 'details-1280')
    await page.reload()
    await page.getByTestId('destination-form').waitFor()
    expect(await page.getByTestId('signing-secret').count()).toBe(0)
    expect(misdeeds).toEqual([])
  })

  it('says in words what is wrong, and sends again by hand', async () => {
    const { page, misdeeds } = await stage.visit('Deliveries')
    await page.getByTestId('destination-list').getByRole('link', { name: 'My hook' }).click()
    receiver.answer = { status: 503 }
    await page.getByRole('button', { name: 'Send a test' }).click()
    await outcome(page).getByText('It answered with 503.').waitFor()
    await page.getByTestId('destination-list').getByText('Fails', { exact: true }).waitFor()
    receiver.answer = { status: 200 }
    await page.getByRole('link', { name: 'Outbox' }).click()
    await page.getByLabel('Show').selectOption('dead')
    await until('no others', async () => (await page.getByTestId('outbox').locator('[data-state=sent]').count()) === 0)
    await page.getByRole('button', { name: /^Send again: TG Sentinel/ }).click()
    await page.getByText('Nothing was sent yet, or it is too long ago.').waitFor()
    await page.getByLabel('Show').selectOption('sent')
    await page.getByTestId('outbox').locator('[data-state=sent]').nth(2).waitFor()
    await page.getByTestId('destination-list').getByText('Works', { exact: true }).waitFor()
    await shot(page, 'outbox-1280')
    expect(misdeeds).toEqual([])
  })

  it('names the variable that an address of one’s own network needs', async () => {
    const { page } = await stage.visit('Deliveries')
    await page.getByRole('link', { name: 'New destination' }).click()
    await page.getByLabel('Name').fill('At home')
    await page.getByLabel('Kind').selectOption('gotify')
    await page.getByLabel('Server').fill('http://192.168.1.7')
    await page.getByLabel('Application').fill('A.token')
    await page.getByRole('button', { name: 'Add destination' }).click()
    await page.getByRole('button', { name: 'Send a test' }).click()
    await outcome(page)
      .getByText(/DELIVERY_ALLOW/)
      .waitFor()
    await page.getByText('It is set, and not shown.').waitFor()
    await page.getByRole('button', { name: 'Delete this destination…' }).click()
    await page.getByRole('button', { name: 'Yes, delete this destination' }).click()
    await until('its end', async () => (await page.getByRole('link', { name: 'At home' }).count()) === 0)
  })

  it('writes a template with a live preview, tests it, and gives it to a destination', async () => {
    const { page, misdeeds } = await stage.visit('Deliveries')
    await page.getByRole('link', { name: 'Templates' }).click()
    await page.getByRole('link', { name: 'New template' }).click()
    await page.getByLabel('Name').fill('Loud')
    const preview = page.getByTestId('template-preview')
    await preview.getByText('alpha has landed').waitFor()
    await page.getByLabel('Text', { exact: true }).fill('{{ text | nonsense }}')
    await preview
      .getByRole('alert')
      .getByText(/nonsense/)
      .waitFor()
    await page.getByLabel('Text', { exact: true }).fill('<b>{{ text | upcase }}</b>')
    await preview.locator('b', { hasText: 'ALPHA HAS LANDED' }).waitFor()
    await page.getByRole('button', { name: 'Send a test to My hook' }).click()
    await outcome(page).getByText('took the message').waitFor()
    await shot(page, 'template-1280')
    await page.getByRole('button', { name: 'Add template' }).click()
    await page.getByRole('button', { name: 'Save template' }).waitFor()
    await page.getByTestId('destination-list').getByRole('link', { name: 'My hook' }).click()
    await page.getByTestId('destination-form').getByLabel('Template').selectOption('Loud')
    await page.getByRole('button', { name: 'Save destination' }).click()
    await page.getByText('Saved. It counts from the next alert on.').waitFor()
    expect(misdeeds.filter((misdeed) => !misdeed.includes('400'))).toEqual([])
  })

  it.each(WIDTHS)('fits %i px', async (width) => {
    const { page, misdeeds } = await stage.visit('Deliveries', { viewport: { width, height: 900 } })
    for (const view of Object.keys(TEST_IDS)) {
      await page.evaluate(`location.hash = '#/deliveries${view && `/${view}`}'`)
      await page.getByTestId(TEST_IDS[view] ?? '').waitFor()
      expect([view, await widthOf(page)]).toEqual([view, width])
      await shot(page, `${view || 'list'}-${width}`)
    }
    expect(misdeeds).toEqual([])
  })
})
