import { until } from '../support/until'
import { show } from './browser'
import { PageStage, widthOf } from './page-stage'

const PHONE = '+12025550147'
const LONG = 'The price of the tickets is now 100 EUR, and the doors open at nine in the evening. '

/** What becomes of a message after its alert, as the page shows it while it happens. */
describe('alerts whose messages change', () => {
  let stage: PageStage
  let news = 0

  beforeAll(async () => {
    stage = await PageStage.open()
    await stage.control.createAccount({ firstName: 'Alex', phone: PHONE })
    news = (await stage.control.createChannel({ title: 'News' })).chat
    await stage.telegram.signIn(PHONE)
    await until('the ledger', async () => (await stage.telegram.sentinel.api.coverage()).chats.length >= 1)
  })

  afterAll(() => stage.close())

  const post = async (text: string) => (await stage.control.postMessage({ chat: news, text }))[0]?.messageId ?? 0

  it('are asked for in a profile, with numbers of reactions and answers, and the form keeps it', async () => {
    const { page, misdeeds } = await stage.visit('Profiles', { viewport: { width: 360, height: 800 } })
    await page.getByRole('link', { name: 'New profile' }).click()
    await page.getByLabel('Name').fill('Tickets')
    await page.locator('summary', { hasText: 'General' }).click()
    await page.getByLabel('General words').fill('tickets')
    await page.getByLabel('Reactions from').fill('3')
    await page.getByLabel('Tell when the message of an alert is edited').check()
    expect(await widthOf(page)).toBeLessThanOrEqual(360)
    await page.getByRole('button', { name: 'Create profile' }).click()
    await page.getByRole('button', { name: 'Save profile' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Save profile' }).waitFor()
    expect(await page.getByLabel('Reactions from').inputValue()).toBe('3')
    expect(await page.getByLabel('Tell when it is deleted').isChecked()).toBe(false)
    await page.getByLabel('Answers from').fill('12')
    await page.getByRole('button', { name: 'Save profile' }).click()
    await page.getByText('Saved. It counts from the next message on.').waitFor()
    const [profile] = (await stage.telegram.sentinel.api.profiles()).filter(({ name }) => name === 'Tickets')
    expect(profile).toMatchObject({
      thresholds: { reactions: 3, replies: 12, weight: 1 },
      tell_changes: { edits: true, deletions: false },
    })
    expect(misdeeds).toEqual([])
  })

  it.each([1280, 360])('show old and new by themselves, and a deletion: %d px', async (width) => {
    const { page, misdeeds } = await stage.visit('Alerts', { viewport: { width, height: 800 } })
    const messageId = await post(`${LONG}${width}`)
    const alert = page.getByTestId('alert-item').filter({ hasText: `evening. ${width}` })
    await alert.waitFor()
    await stage.control.editMessage({ chat: news, messageId, text: `${LONG.replace('100 EUR', '90 EUR')}${width}` })
    const changes = alert.getByTestId('message-changes')
    await changes.locator('del', { hasText: /^100$/ }).waitFor()
    await changes.locator('ins', { hasText: /^90$/ }).waitFor()
    await stage.control.deleteMessages({ chat: news, messageIds: [messageId] })
    await changes.getByText(/^Deleted \d+ s after posting$/).waitFor()
    expect(await changes.locator('li').count()).toBe(2)
    expect(await widthOf(page)).toBeLessThanOrEqual(width)
    await page.reload()
    await changes.getByText(/^Deleted/).waitFor()
    expect(await changes.locator('li').count()).toBe(2)
    expect(misdeeds).toEqual([])
  })

  it('show it where the address names the alert, also what a hidden tab missed', async () => {
    const text = 'A boat around the islands: tickets for 100 EUR from the office in the harbour'
    const messageId = await post(text)
    const { api } = stage.telegram.sentinel
    const alert = await until('the alert', async () => (await api.alerts({ q: 'islands' }))[0])
    const { page, misdeeds } = await stage.visit('Alerts')
    await page.evaluate(`location.hash = '#/alerts/${alert.id}'`)
    const opened = page.getByTestId('opened-alert')
    await opened.getByTestId('alert-item').waitFor()
    await stage.control.editMessage({ chat: news, messageId, text: text.replace('100', '80') })
    await opened.locator('ins', { hasText: /^80$/ }).waitFor()
    await show(page, 'hidden')
    await stage.control.deleteMessages({ chat: news, messageIds: [messageId] })
    await until('the deletion', async () => (await api.alert(alert.id)).changes.length === 2)
    await show(page, 'visible')
    await opened.getByText(/^Deleted \d+ s after posting$/).waitFor()
    expect(misdeeds).toEqual([])
  })

  it('say that an edit raised them, or reactions', async () => {
    const { page } = await stage.visit('Alerts')
    const silent = await post('Nothing to see here')
    const loved = await post('A photo of the sea')
    await until('both', async () => (await stage.telegram.sentinel.api.status()).backlog === 0)
    await stage.control.editMessage({ chat: news, messageId: silent, text: 'Here are tickets to see' })
    await page.getByTestId('alert-item').filter({ hasText: 'Here are' }).getByTestId('raised-by').waitFor()
    const reactions = [{ emoticon: '🌊', count: 4 }]
    await stage.control.setReactions({ chat: news, messageId: loved, reactions, how: 'update' })
    const alert = page.getByTestId('alert-item').filter({ hasText: 'A photo of the sea' })
    await alert.getByText('4 reactions').waitFor()
    await alert.getByTestId('raised-by').waitFor()
  })
})
