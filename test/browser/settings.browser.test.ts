import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import type { components } from '../../openapi/generated/sentinel'
import { PageStage, widthOf } from './page-stage'

type SettingsFile = components['schemas']['SettingsFile']

const FILE = `version: 1
time_zone: Europe/Berlin
profiles:
  - { name: From a file, min_score: 3 }
destinations:
  - { name: Phone, target: { kind: gotify, server: https://gotify.example.org } }
`

/** All that is configured as one file, in the page. */
describe('the settings card', () => {
  let stage: PageStage

  beforeAll(async () => {
    stage = await PageStage.open()
  })

  afterAll(() => stage.close())

  async function settings(): Promise<SettingsFile> {
    const { api } = stage.telegram.sentinel
    return (await api.request<{ data: SettingsFile }>('GET', '/api/settings/export')).body.data
  }

  const upload = (page: Page, text: string) =>
    page
      .getByLabel('Upload settings')
      .setInputFiles({ name: 'tgsentinel.yml', mimeType: 'application/yaml', buffer: Buffer.from(text) })

  it('shows what a file would change, changes nothing until it is applied, and says what remains to be done', async () => {
    const { page, misdeeds } = await stage.visit('Security')
    const before = await settings()
    await upload(page, FILE)
    const list = page.getByTestId('settings-changes')
    await list.getByText('Profile “From a file”').waitFor()
    expect(await list.innerText()).toMatch(
      /Time zone\s+Changes[^]*From a file”\s+New[^]*Phone”\s+New[^]*Enter it at the destination/,
    )
    expect(await settings()).toEqual(before)
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByText('Applied. All of it is in force.').waitFor()
    const { time_zone: zone, profiles, destinations } = await settings()
    expect([zone, profiles?.at(-1)?.name, destinations?.[0]?.enabled]).toEqual(['Europe/Berlin', 'From a file', false])
    await upload(page, FILE)
    await list.getByText('Nothing in this file is new: all of it is so already.').waitFor()
    await page.getByRole('button', { name: 'Leave it' }).click()
    await list.waitFor({ state: 'detached' })
    expect(misdeeds).toEqual([])
  })

  it('says what is wrong with a file, and where', async () => {
    const { page } = await stage.visit('Security')
    await upload(page, 'version: 1\nprofiles: [{ name: A, min_score: -1 }]\n')
    await page.getByText('profiles.0.min_score must be at least 0.').waitFor()
    expect(await page.getByRole('button', { name: 'Apply' }).count()).toBe(0)
  })

  it('downloads a file that can be uploaded again, and fits a phone', async () => {
    const { page, misdeeds } = await stage.visit('Security', { viewport: { width: 360, height: 900 } })
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download settings' }).click()
    const found = await download
    expect(found.suggestedFilename()).toBe('tgsentinel.yml')
    await upload(page, readFileSync(await found.path(), 'utf8'))
    await page.getByText('Nothing in this file is new: all of it is so already.').waitFor()
    expect(await widthOf(page)).toBeLessThanOrEqual(360)
    expect(misdeeds).toEqual([])
  })
})
