import { rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { list } from 'tar'
import type { components } from '../../openapi/generated/sentinel'
import { freePages } from '../support/free-pages'
import { until } from '../support/until'
import { PageStage, widthOf } from './page-stage'

const PHONE = '+12025550143'
const WIDTHS = [1280, 360]
const DAY_S = 86_400

/** What is kept, for how long, and what it takes of the disk, in the page. */
describe('the storage card', () => {
  let stage: PageStage

  beforeAll(async () => {
    stage = await PageStage.open()
    const { control } = stage
    await control.createAccount({ firstName: 'Alex', phone: PHONE })
    const { chat } = await control.createChannel({ title: 'News' })
    await control.postMessage({ chat, text: 'long before' })
    await stage.telegram.signIn(PHONE)
    await until('the list of chats', async () => (await get<{ total: number }>('/api/telegram/chats')).total > 0)
    const now = Math.floor(Date.now() / 1000)
    for (let age = 90; age > 0; age -= 10) await control.postMessage({ chat, text: 'words', date: now - age * DAY_S })
    await until('all to be counted', async () => (await channel()).messages >= 9)
  })

  afterAll(() => stage.close())

  async function get<T>(path: string): Promise<T> {
    return (await stage.telegram.sentinel.api.request<{ data: T }>('GET', path)).body.data
  }

  async function channel() {
    const { kinds } = await get<components['schemas']['Retention']>('/api/retention')
    return kinds.find(({ kind }) => kind === 'channel') as (typeof kinds)[number]
  }

  const card = (page: Page) => page.getByTestId('storage-card')

  it.each(WIDTHS)('says what is kept, and fits, at %i px', async (width) => {
    const { page, misdeeds } = await stage.visit('Security', { viewport: { width, height: 900 } })
    await page.getByTestId('retention-form').waitFor()
    expect(await card(page).innerText()).toMatch(
      /Messages kept\s+\d+[^]*Channel[^]*\d+ messages[^]*Nothing is to be swept\./,
    )
    expect(await page.getByRole('button', { name: 'Save rules' }).isDisabled()).toBe(true)
    expect(await widthOf(page)).toBeLessThanOrEqual(width)
    expect(misdeeds).toEqual([])
  })

  it('takes a rule, tells what it will cost, and sweeps by it at once', async () => {
    const { page, misdeeds } = await stage.visit('Security')
    await page.getByRole('spinbutton', { name: 'Channel: Days' }).fill('45')
    await page.getByRole('button', { name: 'Save rules' }).click()
    await page.getByText('Saved. The next sweep goes by it.').waitFor()
    await page.getByText(/At most 5 messages go with the next one/).waitFor()
    expect((await channel()).max_age_days).toBe(45)
    await page.getByRole('button', { name: 'Sweep now' }).click()
    await page.getByTestId('sweep-result').getByText('5 messages were deleted.').waitFor()
    await page.getByText('Nothing is to be swept.').waitFor()
    await page.getByRole('spinbutton', { name: 'Channel: Days' }).fill('')
    await page.getByRole('button', { name: 'Save rules' }).click()
    await until('the rule to be gone', async () => (await channel()).max_age_days === null)
    expect(misdeeds).toEqual([])
  })

  it('does not send what is no number', async () => {
    const { page } = await stage.visit('Security')
    const field = page.getByRole('spinbutton', { name: 'Bot: Per chat' })
    await field.fill('0')
    await page.getByRole('button', { name: 'Save rules' }).click()
    expect(await field.evaluate<boolean, { validity: { valid: boolean } }>(({ validity }) => validity.valid)).toBe(
      false,
    )
  })

  it('gives free space back, and shows how far that is', async () => {
    const path = stage.telegram.sentinel.databasePath
    freePages(path, 20_000)
    const before = statSync(path).size
    const { page, misdeeds } = await stage.visit('Security')
    await page.getByRole('button', { name: 'Vacuum now' }).click()
    await page.getByRole('progressbar', { name: 'Vacuum' }).waitFor()
    await page
      .getByTestId('vacuum-result')
      .getByText(/MB were given back to the disk/)
      .waitFor()
    expect(before - statSync(path).size).toBeGreaterThan(50_000_000)
    expect(misdeeds).toEqual([])
  })

  it('makes a backup with the session in it, lets it be downloaded and deleted, and tells why one failed', async () => {
    const { page, misdeeds } = await stage.visit('Security', { acceptDownloads: true })
    const backups = page.getByTestId('backups-card')
    await backups.getByText('There is no backup yet.').waitFor()
    await backups.getByRole('checkbox', { name: /Telegram session/ }).check()
    await backups.getByRole('textbox', { name: 'Passphrase' }).fill('correct horse battery')
    await backups.getByRole('button', { name: 'Back up now' }).click()
    await backups
      .getByTestId('backup-result')
      .getByText(/with-session.* is whole and on the disk/)
      .waitFor()
    const row = backups.getByRole('listitem')
    await row.getByText('with the session', { exact: true }).waitFor()
    const coming = page.waitForEvent('download')
    await row.getByRole('link', { name: /Download/ }).click()
    const file = await (await coming).path()
    expect(await contentsOf(file)).toEqual(['manifest.json', 'sentinel.db', 'tgsentinel.session.sealed'])
    expect(await widthOf(page)).toBeLessThanOrEqual(1280)
    await row.getByRole('button', { name: /^Delete/ }).click()
    await row.getByRole('button', { name: /^Yes, delete/ }).click()
    await backups.getByText('There is no backup yet.').waitFor()
    const folder = join(dirname(stage.telegram.sentinel.databasePath), 'backups')
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'no folder')
    await backups.getByRole('button', { name: 'Back up now' }).click()
    await backups.getByText(/The latest backup failed/).waitFor()
    await backups.getByText(/The folder of the backups cannot be read/).waitFor()
    expect(misdeeds).toEqual([])
  })
})

async function contentsOf(file: string): Promise<string[]> {
  const names: string[] = []
  await list({ file, onReadEntry: ({ path }) => names.push(path) })
  return names.sort()
}
