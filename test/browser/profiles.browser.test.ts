import { until } from '../support/until'
import { show } from './browser'
import { PageStage, widthOf } from './page-stage'

const PHONE = '+12025550144'
const WIDTHS = [1280, 360]
const ORIGINAL = `
profiles:
  - name: From before
    security_keywords: [exploit, breach]
    min_score: 2
    tags: [there was a breach]
`

/** Profiles in the page: written, tried, changed, taken back, taken from the gallery and from a file. */
describe('the profiles view', () => {
  let stage: PageStage
  let news = 0

  beforeAll(async () => {
    stage = await PageStage.open({ EMBEDDING_MODEL: '/nowhere/a-model' })
    const { control } = stage
    await control.createAccount({ firstName: 'Alex', username: 'alexmorgan', phone: PHONE })
    news = (await control.createChannel({ title: 'News' })).chat
    await stage.telegram.signIn(PHONE)
    await until('the ledger', async () => (await stage.telegram.sentinel.api.coverage()).chats.length >= 1)
    for (const text of ['Two vulnerabilities were found', 'All is well', 'This is invulnerable'])
      await control.postMessage({ chat: news, text })
    await until('messages', async () => (await stage.telegram.sentinel.api.stats()).total_messages >= 3)
  })

  afterAll(() => stage.close())

  it('creates a profile, points at what is wrong in a query, and tries it before it is saved', async () => {
    const { page, misdeeds } = await stage.visit('Profiles')
    await page.getByRole('link', { name: 'New profile' }).click()
    await page.getByLabel('Name').fill('Holes')
    await page.getByText('Likeness is judged by words: the model cannot be used. There is no model').waitFor()
    if (process.env['SCREENSHOTS'])
      await page.screenshot({ path: `${process.env['SCREENSHOTS']}/profile-new.png`, fullPage: true })
    await page.locator('summary', { hasText: 'Security' }).click()
    await page.getByLabel('Security words').fill('vulnerability')
    await page.getByRole('button', { name: 'Add a query' }).click()
    await page.getByLabel('Query 1', { exact: true }).fill('(leak OR breach')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByTestId('query-wrong').locator('mark').waitFor()
    await page.getByLabel('Query 1', { exact: true }).fill('(leak OR breach) NOT test')
    await page.getByRole('button', { name: 'Preview' }).click()
    const preview = page.getByTestId('profile-preview')
    await preview.getByText('1 of the newest 3 messages would have raised an alert.').waitFor()
    await preview.getByText('vulnerabilities', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Create profile' }).click()
    await page.getByTestId('profile-list').getByRole('link', { name: 'Holes', exact: true }).waitFor()
    await stage.control.postMessage({ chat: news, text: 'A leak was heard of' })
    await page.getByRole('navigation').getByRole('link', { name: 'Alerts' }).click()
    await page.getByTestId('alert-item').getByText('A leak was heard of').waitFor()
    // The refusal of the wrong query is the one thing that a browser complains of.
    expect(misdeeds.filter((misdeed) => !misdeed.includes('400'))).toEqual([])
  })

  it('changes a profile, shows what became of it, and takes it back', async () => {
    const { page, misdeeds } = await stage.visit('Profiles')
    await page.getByTestId('profile-list').getByRole('link', { name: 'Holes', exact: true }).click()
    await page.getByLabel('Security words').fill('vulnerability\nexploit')
    await page.getByRole('button', { name: 'Save profile' }).click()
    await page.getByText('Saved. It counts from the next message on.').waitFor()
    await page.locator('summary', { hasText: 'Revisions' }).click()
    const revisions = page.getByTestId('revisions')
    await revisions.locator('ins', { hasText: 'exploit' }).waitFor()
    await revisions.getByRole('button', { name: 'Restore…' }).last().click()
    await revisions.getByRole('button', { name: 'Restore 1' }).click()
    await revisions.getByText('3. restored').waitFor()
    expect(await page.getByLabel('Security words').inputValue()).toBe('vulnerability')
    expect(misdeeds).toEqual([])
  })

  it('saves under the revision that its form began with, and shows what a hidden tab missed', async () => {
    const { api } = stage.telegram.sentinel
    const { id } = await api.createProfile({ name: 'Twice open', keywords: {} })
    const { page } = await stage.visit('Profiles')
    await page.getByTestId('profile-list').getByRole('link', { name: 'Twice open', exact: true }).click()
    await page.locator('summary', { hasText: 'Feed' }).click()
    await page.getByRole('button', { name: 'Make a feed' }).waitFor()
    await page.locator('summary', { hasText: 'What it learned' }).click()
    await page.getByText('It judges by its rules alone.').waitFor()
    await show(page, 'hidden')
    await api.replaceProfile(id, { name: 'Renamed', keywords: {}, learning: { enabled: true } })
    await api.request('PUT', `/api/profiles/${id}/feed`)
    await show(page, 'visible')
    await page.getByRole('heading', { name: 'Renamed' }).waitFor()
    await page.getByTestId('profile-feed').getByLabel('RSS', { exact: true }).waitFor()
    await page.getByText('It judges by its rules alone.').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Save profile' }).click()
    await page.getByText('This profile was changed meanwhile').waitFor()
    await page.getByRole('button', { name: 'Show it as it is now' }).click()
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Renamed')
    await page.getByRole('button', { name: 'Save profile' }).click()
    await page.getByText('Saved. It counts from the next message on.').waitFor()
    await api.deleteProfile(id)
  })

  it('switches a profile off and on in the list', async () => {
    const { page } = await stage.visit('Profiles')
    const button = page.getByRole('button', { name: 'Holes: raise alerts' })
    await button.click()
    await page.getByText('Off', { exact: true }).waitFor()
    await page.reload()
    expect(await button.getAttribute('aria-pressed')).toBe('false')
    await button.click()
    await until('on', async () => (await button.getAttribute('aria-pressed')) === 'true')
  })

  it.each(WIDTHS)('takes a profile from the gallery at %i px', async (width) => {
    const { page, misdeeds } = await stage.visit('Profiles', { viewport: { width, height: 900 } })
    await page.getByRole('link', { name: 'Gallery' }).click()
    const row = page.locator('[data-testid^="gallery-"]', { has: page.getByRole('button') }).first()
    await row.waitFor()
    const id = (await row.getAttribute('data-testid')) ?? ''
    await row.getByRole('button', { name: /^Take over/ }).click()
    await page.getByTestId(id).getByRole('link', { name: 'Open yours' }).click()
    await page.getByTestId('profile-form').waitFor()
    expect(await widthOf(page)).toBeLessThanOrEqual(width)
    expect(misdeeds).toEqual([])
  })

  it('imports what the original wrote, switched off, and says what of it was not understood', async () => {
    const { page, misdeeds } = await stage.visit('Profiles')
    await page.getByRole('link', { name: 'Import and export' }).click()
    await page.getByLabel('Or its text').fill(ORIGINAL)
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    const report = page.getByTestId('import-report')
    await report.getByText(/tags/).waitFor()
    await report.getByRole('link', { name: 'From before' }).click()
    expect(await page.getByRole('checkbox', { name: 'Raise alerts' }).isChecked()).toBe(false)
    expect(await page.getByLabel('Security words').inputValue()).toBe('exploit\nbreach')
    expect(misdeeds).toEqual([])
  })

  it('finds by example, and takes what is said of an alert', async () => {
    const { page, misdeeds } = await stage.visit('Profiles')
    await page.getByRole('link', { name: 'New profile' }).click()
    await page.getByLabel('Name').fill('Flats')
    await page.getByLabel('Messages like these').fill('Two-room flat to rent near the metro\n\nA room for rent, no fee')
    await page.getByLabel('Judge by what').check()
    await page.getByRole('button', { name: 'Create profile' }).click()
    await page.getByText('What it learned').click()
    await page.getByTestId('learning').getByText('Model 1').waitFor()
    await stage.control.postMessage({ chat: news, text: 'Two rooms of a flat are to rent near the metro, 900 a month' })
    await page.getByRole('navigation').getByRole('link', { name: 'Alerts' }).click()
    const alert = page.getByTestId('alert-item').filter({ hasText: '900 a month' })
    await alert.getByText('% likely').waitFor()
    await alert.getByRole('button', { name: 'For me', exact: true }).click()
    await alert.locator('button[aria-pressed="true"]', { hasText: 'For me' }).waitFor()
    await page.getByRole('navigation').getByRole('link', { name: 'Profiles' }).click()
    await page.getByTestId('profile-list').getByRole('link', { name: 'Flats', exact: true }).click()
    await page.getByText('What it learned').click()
    await page.getByTestId('learning').getByText('Messages judged: 1, of which 1 for you.').waitFor()
    await page.getByTestId('learning').getByRole('button', { name: 'Use model 1' }).click()
    await page.getByTestId('learning').getByText('chosen by you').waitFor()
    await page.getByLabel('Alerts a day').fill('500')
    await page.getByRole('button', { name: 'Save profile' }).click()
    await page.getByTestId('learning').getByText('Less than a day of messages is stored').waitFor()
    expect(misdeeds).toEqual([])
  })

  it('shows a message that two profiles match once, with what each found, and teaches each by itself', async () => {
    const { page, misdeeds } = await stage.visit('Alerts')
    for (const [name, words] of [
      ['Boats', ['regatta']],
      ['Lakes', ['lakeside', 'regatta']],
    ] as const)
      await stage.telegram.sentinel.api.createProfile({ name, keywords: { general: { words: [...words] } } })
    await stage.control.postMessage({ chat: news, text: 'The lakeside regatta begins at noon' })
    const alert = page.getByTestId('alert-item').filter({ hasText: 'lakeside regatta' })
    await alert.waitFor()
    expect(await alert.count()).toBe(1)
    const found = alert.getByTestId('alert-profile')
    expect(await found.allInnerTexts()).toEqual([
      expect.stringMatching(/lakeside[^]*regatta[^]*Lakes 2/),
      expect.stringMatching(/regatta[^]*Boats 1/),
    ])
    const ofBoats = found.filter({ hasText: 'Boats' })
    await ofBoats.getByRole('button', { name: 'Not for me' }).click()
    await ofBoats.locator('button[aria-pressed="true"]', { hasText: 'Not for me' }).waitFor()
    expect(await alert.locator('button[aria-pressed="true"]').count()).toBe(1)
    expect(await alert.getByRole('link', { name: 'Open in Telegram' }).getAttribute('href')).toMatch(
      /^https:\/\/t\.me\//,
    )
    expect(misdeeds).toEqual([])
  })

  it.each(WIDTHS)('makes a feed, copies its addresses, replaces them and switches it off at %i px', async (width) => {
    const { page, misdeeds } = await stage.visit('Profiles', {
      viewport: { width, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await page.getByTestId('profile-list').getByRole('link', { name: 'Starter', exact: true }).click()
    await page.locator('summary', { hasText: 'Feed' }).click()
    const feed = page.getByTestId('profile-feed')
    await feed.getByRole('button', { name: 'Make a feed' }).click()
    const addresses: string[] = []
    for (const name of ['RSS', 'Atom', 'JSON Feed']) {
      await feed.getByRole('button', { name: `Copy the ${name} address` }).click()
      const shown = await feed.getByLabel(name, { exact: true }).inputValue()
      const copied = () => page.evaluate<string>('navigator.clipboard.readText()')
      await until(`the ${name} address`, async () => (await copied()) === shown)
      addresses.push(shown)
    }
    expect(addresses).toEqual(['rss', 'atom', 'json'].map((format) => addressLike(stage.ui.baseUrl, format)))
    const statuses = () => Promise.all(addresses.map(async (address) => (await fetch(address)).status))
    expect(await statuses()).toEqual([200, 200, 200])
    expect(await widthOf(page)).toBeLessThanOrEqual(width)
    await feed.getByRole('button', { name: 'Replace the addresses…' }).click()
    await feed.getByRole('button', { name: 'Yes, replace the addresses' }).click()
    const rss = feed.getByLabel('RSS', { exact: true })
    await until('another address', async () => (await rss.inputValue()) !== addresses[0])
    expect(await statuses()).toEqual([404, 404, 404])
    expect((await fetch(await rss.inputValue())).status).toBe(200)
    await feed.getByRole('button', { name: 'Switch the feed off…' }).click()
    await feed.getByRole('button', { name: 'Yes, switch the feed off' }).click()
    await feed.getByRole('button', { name: 'Make a feed' }).waitFor()
    expect(misdeeds).toEqual([])
  })

  it('marks an address of a feed where the browser lets no page copy', async () => {
    const { page, misdeeds } = await stage.visit('Profiles')
    await page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    await page.getByTestId('profile-list').getByRole('link', { name: 'Starter', exact: true }).click()
    await page.locator('summary', { hasText: 'Feed' }).click()
    const feed = page.getByTestId('profile-feed')
    await feed.getByRole('button', { name: 'Make a feed' }).click()
    await feed.getByRole('button', { name: 'Copy the RSS address' }).click()
    await feed.getByText('Marked: copy it with your keyboard.').waitFor()
    const address = await feed.getByLabel('RSS', { exact: true }).inputValue()
    expect(await page.evaluate('getSelection().toString()')).toBe(address)
    expect(misdeeds).toEqual([])
  })

  it('keeps a dictionary', async () => {
    const { page, misdeeds } = await stage.visit('Profiles')
    await page.getByRole('link', { name: 'Dictionary' }).click()
    await page.getByLabel('Words that count as one').fill('person, people\nalone')
    await page.getByRole('button', { name: 'Save dictionary' }).click()
    await page.getByText('Saved. It counts from the next message on.').waitFor()
    expect(await page.getByLabel('Words that count as one').inputValue()).toBe('person, people')
    expect(misdeeds).toEqual([])
  })
})

function addressLike(base: string, format: string): unknown {
  return expect.stringMatching(new RegExp(`^${base}api/feeds/[\\w-]{43}/${format}$`))
}
