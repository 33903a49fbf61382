import { until } from '../support/until'
import { PageStage, widthOf } from './page-stage'

const PHONE = '+12025550143'
const WIDTHS = [1280, 360]

/** The ledger in the page: what is captured, what is missing, and the reading of a history. */
describe('the coverage view', () => {
  let stage: PageStage
  let news = 0
  let closed = 0

  beforeAll(async () => {
    stage = await PageStage.open()
    const { control } = stage
    await control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    news = (await control.createChannel({ title: 'News' })).chat
    closed = (await control.createSupergroup({ title: 'Closed soon' })).chat
    const { id } = await control.createUser({ firstName: 'Mara' })
    for (let index = 1; index <= 250; index++)
      await control.postMessage({ chat: news, text: `Item ${index}`, push: 'none' })
    await control.postMessage({ chat: closed, from: id, text: 'hello', push: 'none' })
    await stage.telegram.signIn(PHONE)
    await until('the ledger', async () => (await stage.telegram.sentinel.api.coverage()).chats.length >= 2)
    await control.postMessage({ chat: news, text: 'Item 251' })
  })

  afterAll(() => stage.close())

  it.each(WIDTHS)('says that nothing is missing, and how far each chat is captured, at %i px', async (width) => {
    const { page, misdeeds } = await stage.visit('Coverage', { viewport: { width, height: 900 } })
    await page.getByText('Nothing is known to be missing.').waitFor()
    const item = page.locator(`[data-testid="coverage-item"][data-chat-id="${news}"]`)
    await item.getByText(/captured #\d+ · confirmed by (push|poll|catching up)/).waitFor()
    expect(await widthOf(page)).toBeLessThanOrEqual(width)
    expect(misdeeds).toEqual([])
  })

  it('reads the history of a chat on demand, and says when it is whole', async () => {
    const { page, misdeeds } = await stage.visit('Coverage')
    await page.getByRole('link', { name: 'News' }).click()
    const details = page.getByTestId('coverage-details')
    await details.getByText('No gaps.').waitFor()
    await details.getByRole('combobox').selectOption('all')
    await details.getByRole('button', { name: 'Read' }).click()
    await details.getByText(/Read\. 250 messages read, 250 of them new\./).waitFor()
    await details.getByText('The whole history is captured.').waitFor()
    await details.getByText('captured #1 to #').waitFor()
    expect(misdeeds).toEqual([])
  })

  it('shows a chat that is closed to us without a reload, among the trouble', async () => {
    const { page } = await stage.visit('Coverage')
    await page.getByLabel('Trouble only').check()
    const items = page.getByTestId('coverage-item')
    await page.getByText('Nothing is known to be missing.').first().waitFor()
    await stage.control.setMember({ chat: closed, member: false })
    await until('the chat', async () => (await items.count()) === 1)
    await page.getByText('1 gap', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Closed soon' }).click()
    await page.getByTestId('gap').getByText('cannot be filled').waitFor()
    await page.getByText(/closed to you \(CHANNEL_PRIVATE\)/).waitFor()
  })
})
