import type { Page } from 'playwright-core'
import { until } from '../support/until'
import { PageStage, widthOf } from './page-stage'

const PHONE = '+12025550143'
const WIDTHS = [1280, 360]

/** Captured messages in the page: found by words and filters, among what was said around them. */
describe('the search view', () => {
  let stage: PageStage
  let news = 0
  let team = 0
  let mara = 0

  beforeAll(async () => {
    stage = await PageStage.open()
    const { control } = stage
    await control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    news = (await control.createChannel({ title: 'News', username: 'newswire' })).chat
    team = (await control.createSupergroup({ title: 'Team 🛠 Ωmega' })).chat
    mara = (await control.createUser({ firstName: 'Mara', lastName: 'Lind', username: 'mara' })).id
    for (const chat of [news, team]) await control.postMessage({ chat, text: 'long before' })
    await stage.telegram.signIn(PHONE)
    await until('the list of chats', async () => (await get<{ total: number }>('/api/telegram/chats')).total >= 2)
    for (const chat of [news, team]) await control.postMessage({ chat, text: 'welcome' })
    for (let n = 1; n <= 45; n++) await control.postMessage({ chat: news, text: `Release 1.${n} is out 🎉` })
    for (const text of ['before it', 'a zero-day, 緊急 и уязвимость', 'after it'])
      await control.postMessage({ chat: team, from: mara, text })
    const photo = { chat: news, media: { kind: 'photo' as const }, groupedId: 77 }
    for (const text of ['an album', '', '']) await control.postMessage({ ...photo, text })
    await until('all to be found', async () => (await get<{ hits: object[] }>('/api/search?q=album')).hits.length === 1)
  })

  afterAll(() => stage.close())

  async function get<T>(path: string): Promise<T> {
    return (await stage.telegram.sentinel.api.request<{ data: T }>('GET', path)).body.data
  }

  const hits = (page: Page) => page.getByTestId('search-hit')
  const searchFor = (page: Page, q: string) => page.getByRole('searchbox', { name: 'Search in all messages' }).fill(q)

  it.each(WIDTHS)(
    'finds words, marks them, links to the message and shows what was said around it, at %i px',
    async (width) => {
      const { page, misdeeds } = await stage.visit('Search', { viewport: { width, height: 900 } })
      await page.getByTestId('search-help').waitFor()
      await searchFor(page, '"zero day" 緊急')
      await until('the hit', async () => (await hits(page).count()) === 1)
      expect(await hits(page).locator('mark').allInnerTexts()).toEqual(['zero-day', '緊急'])
      const hit = hits(page).first()
      expect(await hit.innerText()).toMatch(/Team 🛠 Ωmega[^]*Mara Lind/)
      const link = hit.getByRole('link', { name: 'Open in Telegram' })
      expect(await link.getAttribute('href')).toBe(`https://t.me/c/${-team - 1e12}/5`)
      await hit.getByRole('button', { name: 'Show context' }).focus()
      await page.keyboard.press('Enter')
      const context = page.getByTestId('search-context').getByRole('listitem')
      await until('the context', async () => (await context.count()) === 4)
      expect((await context.allInnerTexts()).join()).toMatch(/welcome[^]*before it[^]*zero-day[^]*after it/)
      expect(await page.locator('.is-found').count()).toBe(1)
      expect(await widthOf(page)).toBeLessThanOrEqual(width)
      expect(misdeeds).toEqual([])
    },
  )

  it('teaches a profile with a message that raised no alert, and takes it back', async () => {
    const { id } = await stage.telegram.sentinel.api.createProfile({ name: 'Holes', learning: { enabled: true } })
    const labels = async () =>
      (await get<{ labels: { text: string; relevant: boolean }[] }>(`/api/profiles/${id}/labels`)).labels
    const { page, misdeeds } = await stage.visit('Search')
    await searchFor(page, '"zero day"')
    await until('the hit', async () => (await hits(page).count()) === 1)
    await page.getByText('Teach a profile with it').click()
    const judging = page.getByTestId('judging')
    await judging.getByLabel('Teach').selectOption({ label: 'Holes' })
    const wanted = judging.getByRole('button', { name: 'For it', exact: true })
    await wanted.click()
    await judging.getByRole('button', { name: 'For it', exact: true, pressed: true }).waitFor()
    expect(await labels()).toMatchObject([{ text: 'a zero-day, 緊急 и уязвимость', relevant: true }])
    await judging.getByRole('button', { name: 'Not for it' }).click()
    await judging.getByRole('button', { name: 'Not for it', pressed: true }).click()
    await until('nothing to be said of it', async () => (await labels()).length === 0)
    expect(misdeeds).toEqual([])
  })

  it('goes on by pages, and says when nothing was found', async () => {
    const { page, misdeeds } = await stage.visit('Search')
    await searchFor(page, 'release')
    await until('a page', async () => (await hits(page).count()) === 30)
    await page.getByRole('button', { name: 'Show more' }).click()
    await until('the rest', async () => (await hits(page).count()) === 45)
    expect(await hits(page).first().innerText()).toContain('Release 1.45')
    await searchFor(page, 'nothing of the kind')
    await page.getByText('Nothing was found.').waitFor()
    expect(misdeeds).toEqual([])
  })

  it('narrows by chat, person, media and day, alone and together, and clears it all', async () => {
    const { page } = await stage.visit('Search')
    await page.getByLabel('In chat').fill('ωmega')
    await until('the offer', async () => (await page.locator('datalist option').count()) === 1)
    await page.getByLabel('In chat').fill('Team 🛠 Ωmega · Supergroup')
    await until('its messages', async () => (await hits(page).count()) === 4)
    await page.getByRole('combobox', { name: 'From' }).fill('@mara')
    await until('hers', async () => (await hits(page).count()) === 3)
    await page.getByLabel('Since').fill('2099-01-01')
    await page.getByText('Nothing was found.').waitFor()
    await page.getByRole('button', { name: 'Clear all' }).click()
    await page.getByTestId('search-help').waitFor()
    await page.getByRole('combobox', { name: 'Has' }).selectOption({ label: 'A photo' })
    await until('the album', async () => (await hits(page).count()) === 1)
    expect(await hits(page).first().innerText()).toContain('Album of 3')
  })

  it('goes on from a hit to its chat', async () => {
    const { page } = await stage.visit('Search')
    await searchFor(page, 'уязвимость')
    await until('the hit', async () => (await hits(page).count()) === 1)
    await hits(page).first().getByRole('button', { name: 'Only this chat' }).click()
    await searchFor(page, '')
    await until('its messages', async () => (await hits(page).count()) === 4)
  })

  it('says what is wrong with a question, and takes the next one', async () => {
    const { page } = await stage.visit('Search')
    await searchFor(page, 'aaa* bbb* ccc*')
    await page.getByText('Search for 2 words with * at the most.').waitFor()
    await searchFor(page, 'welcome')
    await until('the hits', async () => (await hits(page).count()) === 2)
  })
})
