import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { until } from '../support/until'
import { PageStage, widthOf } from './page-stage'

const PHONE = '+12025550148'

/** What is typed into the form of a profile and not saved is offered again, in this browser alone. */
describe('a draft of a profile', () => {
  let stage: PageStage
  let id: number

  beforeAll(async () => {
    if (process.env.SHOTS) mkdirSync(process.env.SHOTS, { recursive: true })
    stage = await PageStage.open()
    // Whoever is not signed in to Telegram is guided to that first.
    await stage.control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    await stage.telegram.signIn(PHONE)
    id = (await stage.telegram.sentinel.api.createProfile({ name: 'Alpha' })).id
  })

  afterAll(() => stage.close())

  const offer = (page: Page) => page.getByTestId('draft-offer')
  const name = (page: Page) => page.getByLabel('Name', { exact: true })

  async function open(detail: string, width = 1280) {
    const { page, misdeeds } = await stage.visit('Session', { viewport: { width, height: 800 } })
    await page.goto(`${stage.ui.baseUrl}#/profiles/${detail}`)
    await name(page).waitFor()
    return { page, misdeeds }
  }

  /** Types, and waits until the ui has it. */
  async function type(page: Page, text: string): Promise<void> {
    const kept = page.waitForResponse((reply) => /drafts/.test(reply.url()) && reply.request().method() === 'PUT')
    await name(page).fill(text)
    await kept
  }

  it.each([1280, 360])(
    'is offered after a reload, gone on with, and gone once it is saved, at %i px',
    async (width) => {
      const { page, misdeeds } = await open(String(id), width)
      expect(await offer(page).count()).toBe(0)
      await type(page, `Alpha at ${width}`)
      await page.reload()
      await offer(page).getByText('You have unsaved changes from').waitFor()
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/draft-${width}.png` })
      expect(await widthOf(page)).toBeLessThanOrEqual(width)
      await offer(page).getByRole('button', { name: 'Continue' }).click()
      await until('what was typed', async () => (await name(page).inputValue()) === `Alpha at ${width}`)
      await page.getByRole('button', { name: 'Save profile' }).click()
      await page.getByText('Saved.').waitFor()
      await page.reload()
      await until('what was saved', async () => (await name(page).inputValue()) === `Alpha at ${width}`)
      expect(await offer(page).count()).toBe(0)
      expect(misdeeds).toEqual([])
    },
  )

  it('of a new one is thrown away, and is no other browser’s', async () => {
    const { page } = await open('new')
    await type(page, 'Beta')
    const other = await open('new')
    expect(await offer(other.page).count()).toBe(0)
    await page.reload()
    await offer(page).getByRole('button', { name: 'Throw away' }).click()
    await offer(page).waitFor({ state: 'detached' })
    const asked = page.waitForResponse(/drafts/)
    await page.reload()
    await asked
    await name(page).waitFor()
    expect(await offer(page).count()).toBe(0)
    expect(await name(page).inputValue()).toBe('')
  })

  it('that was begun before a change from elsewhere does not overwrite that', async () => {
    const { page } = await open(String(id))
    await type(page, 'Mine')
    await stage.telegram.sentinel.api.replaceProfile(id, { name: 'Theirs' })
    await page.reload()
    await offer(page).getByRole('button', { name: 'Continue' }).click()
    await page.getByTestId('stale').waitFor()
    expect(await name(page).inputValue()).toBe('Mine')
    await page.getByRole('button', { name: 'Save profile' }).click()
    await page.getByTestId('profile-form').getByRole('alert').waitFor()
    await page.getByRole('button', { name: 'Show it as it is now' }).click()
    await until('the other one', async () => (await name(page).inputValue()) === 'Theirs')
  })
})
