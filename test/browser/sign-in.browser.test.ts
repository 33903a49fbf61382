import type { Browser, Page } from 'playwright-core'
import { until } from '../support/until'
import { launchBrowser } from './browser'
import { PageStage } from './page-stage'

const PHONE = '+12025550143'
const ALEX = { firstName: 'Alex', username: 'alexmorgan', phone: PHONE, homeDc: 4 }

/** The three ways to an account, through the page, the real sentinel and a simulated Telegram of two data centres. */
describe('signing in through the page', () => {
  let browser: Browser
  let stage: PageStage
  let page: Page
  let misdeeds: string[]

  beforeAll(async () => {
    browser = await launchBrowser()
  })

  beforeEach(async () => {
    stage = await PageStage.open({}, browser)
  })

  afterEach(async () => {
    await page.context().close()
    await stage.close()
  })

  afterAll(() => browser.close())

  async function open(): Promise<void> {
    const visit = await stage.visit('Session')
    page = visit.page
    misdeeds = visit.misdeeds
  }

  const codeOf = async () => (await stage.control.lastCode({ phone: PHONE })).code
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const step = (name: string) => page.waitForSelector(`[data-testid=sign-in-attempt][data-step=${name}]`)
  const errorText = () => page.locator('[data-testid=field-error]:visible').innerText()

  async function sendCode(number = PHONE): Promise<void> {
    await page.getByTestId('tab-phone').click()
    await page.getByLabel('Phone number').fill(number)
    await button('Send the code').click()
  }

  async function isSignedIn(name: string): Promise<void> {
    await page.waitForSelector('[data-testid=session-card] [data-testid=status-state][data-state=signed_in]')
    await page.getByTestId('session-card').getByText(name).first().waitFor()
  }

  it('takes a number, a wrong code, the right one, a wrong password and the right one', async () => {
    await stage.control.createAccount({ ...ALEX, password: 'correct horse', hint: 'animal' })
    await open()
    await sendCode('12')
    await page.locator('[data-testid=field-error]:visible').waitFor()
    expect(await errorText()).toContain('phone number')
    expect(await page.getByLabel('Phone number').inputValue()).toBe('12')
    await page.getByLabel('Phone number').fill('+1 (202) 555-0143')
    await button('Send the code').or(button('Start over')).click()
    await step('code_sent')
    expect(await page.getByTestId('sign-in-attempt').innerText()).toMatch(/other Telegram apps.*\+•+43.*5 digits/s)
    expect(await page.getByTestId('resend').innerText()).toMatch(/again by SMS\s*[12]:\d\d/)
    await page.getByLabel('Code', { exact: true }).fill('1')
    await page.keyboard.press('Enter')
    await page.locator('[data-testid=field-error]:visible').waitFor()
    expect(await errorText()).toContain('not the code')
    // What was wrong is marked: typing takes its place.
    await page.keyboard.type(await codeOf())
    await page.keyboard.press('Enter')
    await step('password_needed')
    expect(await page.getByText('Your hint: animal').isVisible()).toBe(true)
    await page.getByLabel('Telegram password').fill('wrong horse')
    await page.keyboard.press('Enter')
    await page.locator('[data-testid=field-error]:visible').waitFor()
    expect(await errorText()).toContain('The password is wrong')
    await button(/^Show/).click()
    expect(await page.getByLabel('Telegram password').getAttribute('type')).toBe('text')
    await page.getByLabel('Telegram password').fill('correct horse')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-testid=sign-in-done]')
    await isSignedIn('@alexmorgan')
    const card = await page.getByTestId('session-card').innerText()
    expect(card).toMatch(/DC 4/)
    expect(card).toContain(`127.0.0.1:${stage.telegram.server.ports[4]}`)
    expect(card).toContain('signed in by phone')
    expect(misdeeds.filter((deed) => !/status of 4\d\d/.test(deed))).toEqual([])
  })

  it('shows a QR code that a phone accepts, and asks for the password then', async () => {
    const account = await stage.control.createAccount({ ...ALEX, password: 'correct horse' })
    await open()
    await button('Show a QR code').click()
    const url = await page.getByTestId('qr-code').getAttribute('data-url')
    expect(url).toMatch(/^tg:\/\/login\?token=/)
    expect(await page.getByTestId('qr-expiry').innerText()).toMatch(/0:\d\d/)
    await stage.control.acceptLoginToken({ token: url ?? '', account: account.id })
    await step('password_needed')
    await page.getByLabel('Telegram password').fill('correct horse')
    await page.keyboard.press('Enter')
    await isSignedIn('@alexmorgan')
    expect(await page.getByTestId('session-card').innerText()).toContain('signed in by QR code')
    expect(misdeeds).toEqual([])
  })

  it('shows the next QR code by itself when one is over', async () => {
    await stage.control.createAccount(ALEX)
    await stage.control.setCodeOptions({ loginTokenSeconds: 5 })
    await open()
    await button('Show a QR code').click()
    const first = await page.getByTestId('qr-code').getAttribute('data-url')
    const next = await until('another code', async () => {
      const url = await page.getByTestId('qr-code').getAttribute('data-url')
      return url !== first && url
    })
    await stage.control.acceptLoginToken({ token: next })
    await isSignedIn('@alexmorgan')
  })

  it('goes on where it was begun elsewhere, cancels, changes the number and starts over', async () => {
    await stage.control.createAccount(ALEX)
    await open()
    await stage.telegram.step('', { phone: PHONE })
    await step('code_sent')
    await page.getByRole('link', { name: 'Security' }).click()
    await page.getByRole('link', { name: 'Session' }).click()
    await step('code_sent')
    await page.getByTestId('cancel-sign-in').click()
    await page.locator('[data-testid=sign-in-cancelled]:visible').waitFor()
    expect((await stage.telegram.view()).step).toBe('cancelled')
    await page.getByLabel('Phone number').fill(PHONE)
    await button('Start over').click()
    await step('code_sent')
    await button('Change number').click()
    await page.getByLabel('Phone number').waitFor()
    expect(await page.getByLabel('Phone number').inputValue()).toBe(PHONE)
    await button('Start over').click()
    await step('code_sent')
    await page.getByLabel('Code', { exact: true }).fill(await codeOf())
    await page.keyboard.press('Enter')
    await isSignedIn('@alexmorgan')
  })

  it('says that a restart of the sentinel cut it off', async () => {
    await stage.control.createAccount(ALEX)
    await open()
    await sendCode()
    await step('code_sent')
    await stage.telegram.sentinel.crash()
    await stage.telegram.start()
    await page.locator('[data-testid=sign-in-interrupted]:visible').waitFor({ timeout: 30_000 })
    expect(await button('Start over').count()).toBeGreaterThan(0)
  })

  it('counts a wait down that Telegram asks for', async () => {
    await stage.control.createAccount(ALEX)
    await stage.control.floodWait({ method: 'auth.sendCode', seconds: 90, times: 1 })
    await open()
    await sendCode()
    await page.locator('[data-testid=field-error]:visible').waitFor()
    const start = page.getByTestId('phone-form').getByRole('button')
    expect(await start.isDisabled()).toBe(true)
    expect(await start.innerText()).toMatch(/1:[123]\d/)
  })

  it('imports a session string, and signs out, which only ends the session', async () => {
    const account = await stage.control.createAccount(ALEX)
    await open()
    await page.getByTestId('tab-file').click()
    await page.getByLabel('Or a session string').fill('1nonsense')
    await button('Import the string').click()
    await page.getByTestId('string-error').waitFor()
    expect(await page.getByLabel('Or a session string').inputValue()).toBe('1nonsense')
    await page
      .getByLabel('Or a session string')
      .fill(telethonString(account.authKey, stage.telegram.server.ports[4] ?? 0))
    await button('Import the string').click()
    await page.getByTestId('string-done').waitFor()
    await isSignedIn('@alexmorgan')
    expect(await page.getByLabel('Or a session string').inputValue()).toBe('')
    await button('Sign out of Telegram').click()
    expect(await page.getByText('Ends this session at Telegram').isVisible()).toBe(true)
    await button('Yes, sign out of Telegram').click()
    await page.getByTestId('act-done').waitFor()
    await page.getByTestId('session-card').waitFor({ state: 'detached' })
    expect((await stage.telegram.sentinel.api.status()).state).toBe('signed_out')
  })

  it('forgets and erases only what was confirmed by its word', async () => {
    await stage.control.createAccount(ALEX)
    await stage.telegram.signIn(PHONE)
    await open()
    await isSignedIn('@alexmorgan')
    await button('Erase data').click()
    expect(await button('Yes, erase data').isDisabled()).toBe(true)
    await page.getByLabel('Type “erase” to confirm').fill('erase')
    await button('Yes, erase data').click()
    await page.getByText(/^Erased: /).waitFor()
    await button('Forget session').click()
    await page.getByLabel('Type “forget” to confirm').fill('forget')
    await button('Yes, forget session').click()
    await page.getByText('The session file is removed.').waitFor()
    await page.getByTestId('session-card').waitFor({ state: 'detached' })
    expect((await stage.telegram.sentinel.api.status()).state).toBe('signed_out')
  })
})

/** As Telethon writes it: `1`, then data centre, IPv4 address, port and key. */
function telethonString(authKey: string, port: number): string {
  const head = Buffer.from([4, 127, 0, 0, 1, port >> 8, port & 255])
  return `1${Buffer.concat([head, Buffer.from(authKey, 'hex')]).toString('base64url')}=`
}
