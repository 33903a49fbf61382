import type { Page } from 'playwright-core'
import type { components } from '../../openapi/generated/sentinel'
import { until } from '../support/until'
import { PageStage, widthOf } from './page-stage'

const PHONE = '+12025550143'
const WIDTHS = [1280, 360]
type Watch = components['schemas']['WatchReply']['data']

/** The chats of an account in the page: which there are, which are watched, and one of them in detail. */
describe('the chats view', () => {
  let stage: PageStage
  let releases = 0

  beforeAll(async () => {
    stage = await PageStage.open()
    const { control } = stage
    const account = await control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    const about = 'What is new in each release. One post a week.'
    releases = (await control.createChannel({ title: 'Releases', username: 'releases', about })).chat
    await control.setPhoto({ peer: releases })
    const { chat: team } = await control.createSupergroup({ title: 'Team 🛠 Ωmega', about: 'The team' })
    await control.addParticipants({ chat: team, count: 70 })
    await control.createFolder({ title: 'Work', include: [team] })
    for (let index = 1; index <= 60; index++) await control.createSupergroup({ title: `Room ${index}` })
    for (let index = 1; index <= 30; index++) await control.postMessage({ chat: releases, text: `Release 1.${index}` })
    await control.postMessage({ chat: team, from: account.id, text: 'Lunch?' })
    await stage.telegram.signIn(PHONE)
    await until('the list of chats', async () => (await chats()).total > 60)
  })

  afterAll(() => stage.close())

  const chats = async () => (await get<{ total: number }>('/api/telegram/chats')).data
  const watchRules = async () => (await get<Watch>('/api/telegram/watch')).data

  async function get<T>(path: string): Promise<{ data: T }> {
    return (await stage.telegram.sentinel.api.request<{ data: T }>('GET', path)).body
  }

  const items = (page: Page) => page.getByTestId('chat-item')
  const switchOf = (page: Page, title: string) => page.getByRole('switch', { name: `Watch ${title}`, exact: true })

  it.each(WIDTHS)('lists them by pages, with their photos, at %i px', async (width) => {
    const { page, misdeeds } = await stage.visit('Chats', { viewport: { width, height: 900 } })
    await items(page).first().waitFor()
    expect(await items(page).count()).toBe(50)
    await page.getByRole('button', { name: 'Show more' }).click()
    await until('the rest', async () => (await items(page).count()) === (await chats()).total)
    const photo = page.locator(`[data-chat-id="${releases}"] img`)
    await photo.scrollIntoViewIfNeeded()
    await until('the photo', () => photo.evaluate<boolean, { naturalWidth: number }>((image) => image.naturalWidth > 0))
    expect(await widthOf(page)).toBeLessThanOrEqual(width)
    expect(misdeeds).toEqual([])
  })

  it('is narrowed by words, kind and folder', async () => {
    const { page } = await stage.visit('Chats')
    await page.getByRole('searchbox').fill('RELEASES')
    await until('one', async () => (await items(page).count()) === 1)
    await page.getByRole('searchbox').fill('')
    await page.getByLabel('Kind').selectOption('channel')
    await until('one', async () => (await items(page).count()) === 1)
    await page.getByLabel('Kind').selectOption('')
    await page.getByRole('combobox', { name: 'Folder' }).selectOption({ label: 'Work (1)' })
    await until('the team', async () => (await items(page).allInnerTexts()).join().includes('Team 🛠 Ωmega'))
    await page.getByRole('searchbox').fill('nothing of the kind')
    await page.getByText('No chat fits these filters.').waitFor()
  })

  it('switches one chat off, picks folders, and what is switched holds', async () => {
    const { page } = await stage.visit('Chats')
    await page.getByRole('searchbox').fill('releases')
    await until('one', async () => (await items(page).count()) === 1)
    await switchOf(page, 'Releases').click()
    await until('the rule', async () => (await watchRules()).excluded.includes(String(releases)))
    await page.reload()
    await until('it to be off', async () => !(await switchOf(page, 'Releases').isChecked()))
    await page.getByLabel('Only the folders and chats that are picked').check()
    await page.getByText('Nothing is watched now.').waitFor()
    await page.getByTestId('watch-problem').waitFor()
    await page.getByRole('checkbox', { name: /^Work/ }).check()
    await until('the team to be on', () => switchOf(page, 'Team 🛠 Ωmega').isChecked())
    await page.getByRole('searchbox').fill('Room 60')
    expect(await switchOf(page, 'Room 60').isChecked()).toBe(false)
    await switchOf(page, 'Room 60').focus()
    await page.keyboard.press('Space')
    await until('the rules', async () => {
      const { mode, folders, chats: picked } = await watchRules()
      return mode === 'picked' && folders.length === 1 && picked.length === 1
    })
  })

  it.each(WIDTHS)('opens one by keyboard: about, participants, messages back to the first, at %i px', async (width) => {
    const { page, misdeeds } = await stage.visit('Chats', { viewport: { width, height: 900 } })
    await page.getByRole('searchbox').fill('releases')
    await until('one', async () => (await items(page).count()) === 1)
    await page.getByRole('link', { name: 'Releases' }).focus()
    await page.keyboard.press('Enter')
    await page.getByTestId('chat-about').getByText('What is new in each release.').waitFor()
    await page.getByText('Last messages').click()
    const messages = page.getByTestId('messages').getByRole('listitem')
    await until('messages', async () => (await messages.count()) === 20)
    expect(await messages.first().innerText()).toContain('Release 1.30')
    await page.getByRole('button', { name: 'Show older' }).click()
    await page.getByText('Release 1.1', { exact: true }).waitFor()
    expect(await widthOf(page)).toBeLessThanOrEqual(width)
    await page.goBack()
    await page.getByTestId('chat-details').waitFor({ state: 'detached' })
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Releases')
    expect(misdeeds).toEqual([])
  })

  it('shows who is in a chat, by pages and by name', async () => {
    const { page } = await stage.visit('Chats')
    await page.getByRole('searchbox').fill('Ωmega')
    await page.getByRole('link', { name: /Ωmega/ }).click()
    await page.getByText('Participants').click()
    const people = page.getByTestId('participants').getByRole('listitem')
    await until('a page', async () => (await people.count()) === 50)
    await page.getByTestId('chat-details').getByRole('button', { name: 'Show more' }).click()
    await until('the rest', async () => (await people.count()) > 70)
    await page.getByLabel('Search in participants').fill('Alex')
    await until('one', async () => (await people.count()) < 10)
    expect((await people.allInnerTexts()).join()).toContain('@alexmorgan')
  })

  it('reads the list anew, says when that failed, and keeps the old one', async () => {
    const { page } = await stage.visit('Chats')
    await items(page).first().waitFor()
    await stage.control.createChannel({ title: 'Brand new' })
    await page.getByTestId('refresh-chats').click()
    await page.getByRole('searchbox').fill('brand new')
    await until('the new one', async () => (await items(page).count()) === 1)
    await stage.control.failMethod({ method: 'messages.getDialogs', code: 400, type: 'NOT_TODAY', times: 1 })
    await page.getByTestId('refresh-chats').click()
    await page.getByTestId('refresh-error').getByText('NOT_TODAY').waitFor()
    expect(await items(page).count()).toBe(1)
  })
})
