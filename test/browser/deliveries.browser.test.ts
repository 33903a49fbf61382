import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { DestinationsClient } from '../support/destinations'
import { EventsClient } from '../support/events-client'
import { HttpReceiver } from '../support/http-receiver'
import { until } from '../support/until'
import { show } from './browser'
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
    await page.getByTestId('outbox').locator('[data-state=dead]').waitFor()
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

  it('keeps a destination off that was switched off while its form was open, and saves what follows on it', async () => {
    const client = new DestinationsClient(() => stage.telegram.sentinel.api)
    const { id } = await client.create({ name: 'Shaky', target: { kind: 'webhook', url: `${receiver.url}/shaky` } })
    const { page } = await stage.visit('Deliveries')
    await page.getByTestId('destination-list').getByRole('link', { name: 'Shaky' }).click()
    const save = async (rate: string) => {
      await page.getByLabel('Messages a minute').fill(rate)
      await page.getByRole('button', { name: 'Save destination' }).click()
    }
    await save('5')
    await page.getByText('Saved. It counts from the next alert on.').waitFor()
    receiver.answer = ({ path }) => ({ status: path === '/shaky' ? 410 : 200 })
    await stage.control.postMessage({ chat: news, text: 'alpha is gone' })
    await page.getByTestId('destination-state').getByText('Switched off.').waitFor()
    await page.getByTestId('stale').waitFor()
    await shot(page, 'stale-1280')
    await save('6')
    await page.getByText('This destination was changed meanwhile').waitFor()
    expect(await client.get(id)).toMatchObject({ enabled: false, rate_per_minute: 5 })
    await page.getByRole('button', { name: 'Show it as it is now' }).click()
    expect(await page.getByLabel('Switched on').isChecked()).toBe(false)
    await page.getByRole('button', { name: 'Make a new signing secret…' }).click()
    await page.getByRole('button', { name: 'Yes, make a new signing secret' }).click()
    await page.getByTestId('signing-secret').waitFor()
    await save('7')
    await page.getByText('Saved. It counts from the next alert on.').waitFor()
    expect(await page.getByTestId('stale').count()).toBe(0)
    expect(await client.get(id)).toMatchObject({ enabled: false, rate_per_minute: 7 })
    receiver.answer = { status: 200 }
  })

  it('shows what a hidden tab missed', async () => {
    const client = new DestinationsClient(() => stage.telegram.sentinel.api)
    const { id } = await client.create({ name: 'Seldom', target: { kind: 'webhook', url: `${receiver.url}/seldom` } })
    const { page } = await stage.visit('Deliveries')
    await page.getByTestId('destination-list').getByRole('link', { name: 'Seldom' }).click()
    await page.getByTestId('destination-form').waitFor()
    const events = await EventsClient.open(stage.telegram.sentinel)
    await show(page, 'hidden')
    await client.replace(id, { name: 'Often', target: { kind: 'webhook', url: `${receiver.url}/often` } })
    await events.next('delivery')
    await show(page, 'visible')
    await page.getByRole('heading', { name: 'Often' }).waitFor()
    await page.getByTestId('stale').waitFor()
    await page.getByRole('link', { name: 'Do not disturb' }).click()
    await page.getByTestId('restraint-state').getByText('You are told at once.').waitFor()
    await show(page, 'hidden')
    const pause = (all: boolean) =>
      client.take('PUT', '/api/restraint', {
        ...{ quiet_hours: [], urgent: { min_score: null, categories: [] }, caps: [], snoozes: [] },
        paused: { all, destinations: [] },
      })
    await pause(true)
    await events.next('delivery', 2)
    events.close()
    await show(page, 'visible')
    await page.getByTestId('restraint-state').getByText('Paused, until you go on.').waitFor()
    await pause(false)
  })

  it('says what it is that it does not find', async () => {
    const { page } = await stage.visit('Deliveries')
    for (const [address, noun] of [
      ['deliveries/9999', 'destination'],
      ['deliveries/template-9999', 'template'],
      ['digests/9999', 'digest'],
      ['profiles/9999', 'profile'],
      ['chats/9999', 'chat'],
    ]) {
      await page.evaluate(`location.hash = '#/${address}'`)
      await page.getByRole('heading', { name: `This ${noun}` }).waitFor()
    }
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
