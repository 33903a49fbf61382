import type { Page } from 'playwright-core'
import { DestinationsClient, type Destination } from '../support/destinations'
import { PushBrowser, subscriptionId } from '../support/push-browser'
import { until } from '../support/until'
import { AppStage } from './app-stage'
import { widthOf } from './page-stage'

/** A browser that is told, from its subscription to its end. PushManager answers with what a push service would have given. */
describe('a browser that is told', () => {
  let app: AppStage

  beforeAll(async () => {
    app = await AppStage.open()
    await app.context.exposeFunction('subscribedAt', () => {
      const { endpoint, ...keys } = browser.subscriptionAt(`${app.receiver.url}/push/${++count}`)
      return { endpoint, keys }
    })
    await app.context.addInitScript(PUSH_SERVICE)
  })

  afterEach(() => app.tidy())
  afterAll(() => app.close())

  const thisBrowser = (page: Page) => page.getByTestId('this-browser')

  const browser = new PushBrowser()
  let count = 0

  it('by a destination of its own, from the first click to the last', async () => {
    const { page, misdeeds } = await app.visit()
    await thisBrowser(page).getByRole('button', { name: 'Tell me in this browser' }).click()
    await page.getByTestId('push-told').getByRole('link', { name: 'Chrome on Linux' }).waitFor()
    await thisBrowser(page).getByRole('button', { name: 'Send a test' }).click()
    await page.getByTestId('test-outcome').getByText('“Chrome on Linux” took the message.').waitFor()
    expect(browser.read(await app.receiver.nth(1))).toMatchObject({ title: 'TG Sentinel', address: '#/deliveries' })
    await app.shot(page, 'told-1280')
    await page.getByTestId('push-told').getByRole('link').click()
    await page.getByLabel('What they show').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Save destination' }).click()
    await page.getByText('Saved. It counts from the next alert on.').waitFor()
    await app.shot(page, 'details-1280')
    await app.stage.control.postMessage({ chat: app.news, text: 'alpha in secret' })
    expect(browser.read(await app.receiver.nth(2))).toMatchObject({ title: 'New alert in Alpha', body: '' })
    const [own] = await app.destinations()
    expect(own).toMatchObject({ target: { kind: 'web_push', discreet: true }, secrets_set: ['subscription'] })
    expect(misdeeds).toEqual([])
  })

  it('by a new subscription where the browser changed it, or its key no longer fits', async () => {
    const [before] = await app.destinations()
    const { page } = await app.visit()
    await page.getByTestId('push-told').waitFor()
    const renewed = browser.subscriptionAt(`${app.receiver.url}/push/by-the-worker`)
    const { endpoint, ...keys } = renewed
    const change = changeOf(`${app.receiver.url}/push/${count}`, endpoint, keys)
    // Nobody looks at Deliveries meanwhile: the page would mend it, too.
    await page.getByRole('navigation').getByRole('link', { name: 'Alerts' }).click()
    await app.worker().then((worker) => worker.evaluate(change))
    await until('the worker’s', async () => (await app.destinations())[0]?.subscription_id === subscriptionId(endpoint))
    // The page has another one, by its own key; the number that it remembers says which destination is meant.
    await page.getByRole('navigation').getByRole('link', { name: 'Deliveries' }).click()
    const own = () => subscriptionId(`${app.receiver.url}/push/${count}`)
    await until('the page’s', async () => (await app.destinations())[0]?.subscription_id === own())
    const former = count
    await page.evaluate("localStorage.setItem('push-key', 'BAAA')")
    await page.reload()
    await until('a new one', async () => count > former && (await app.destinations())[0]?.subscription_id === own())
    // The browser lost it, without a word.
    const lost = count
    await page.evaluate("localStorage.removeItem('push-subscription')")
    await page.reload()
    await until(
      'one in its place',
      async () => count > lost && (await app.destinations())[0]?.subscription_id === own(),
    )
    expect(await app.destinations()).toMatchObject([{ id: before?.id, target: { discreet: true }, enabled: true }])
  })

  it('by no means once it was switched off, whatever the worker renews', async () => {
    const client = new DestinationsClient(() => app.stage.telegram.sentinel.api)
    const { page } = await app.visit()
    await page.getByTestId('push-told').waitFor()
    await page.getByRole('navigation').getByRole('link', { name: 'Alerts' }).click()
    const [own] = (await app.destinations()) as [Destination]
    const { name, target, hears } = own
    await client.replace(own.id, { name, target, hears, enabled: false })
    const { endpoint, ...keys } = browser.subscriptionAt(`${app.receiver.url}/push/while-off`)
    const change = changeOf(`${app.receiver.url}/push/${count}`, endpoint, keys)
    await app.worker().then((worker) => worker.evaluate(change))
    const isRenewed = async () => (await client.get(own.id)).subscription_id === subscriptionId(endpoint)
    await until('the worker’s', isRenewed)
    expect(await client.get(own.id)).toMatchObject({ enabled: false, state: 'disabled', target })
    await page.getByRole('navigation').getByRole('link', { name: 'Deliveries' }).click()
    await thisBrowser(page).getByRole('button', { name: 'Tell me in this browser' }).click()
    await page.getByTestId('push-told').waitFor()
    expect(await client.get(own.id)).toMatchObject({ enabled: true, target })
  })

  it('no more once it is signed out, and again as it was', async () => {
    const [before] = await app.destinations()
    const { page } = await app.visit()
    await page.getByTestId('push-told').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByTestId('login-form').waitFor()
    expect(await app.destinations()).toMatchObject([{ id: before?.id, enabled: false }])
    expect(await page.evaluate("localStorage.getItem('push-subscription')")).toBeNull()
    const { page: again } = await app.visit()
    await thisBrowser(again).getByRole('button', { name: 'Tell me in this browser' }).click()
    await again.getByTestId('push-told').waitFor()
    expect(await app.destinations()).toMatchObject([{ id: before?.id, enabled: true, target: { discreet: true } }])
  })

  it('by a subscription anew where the push service says that it is gone', async () => {
    app.receiver.answer = { status: 410 }
    await app.stage.control.postMessage({ chat: app.news, text: 'alpha to nobody' })
    await until('the end', async () => (await app.destinations())[0]?.state === 'gone')
    const { page } = await app.visit()
    await thisBrowser(page).getByText('no longer subscribed (410)').waitFor()
    await app.shot(page, 'gone')
    app.receiver.answer = { status: 201 }
    await thisBrowser(page).getByRole('button', { name: 'Tell me in this browser' }).click()
    await page.getByTestId('push-told').waitFor()
    await until('what waited', async () => (await app.destinations())[0]?.state === 'working')
  })

  it.each([1280, 360])('within %i px', async (width) => {
    const { page } = await app.visit()
    await page.setViewportSize({ width, height: 900 })
    await page.getByTestId('push-told').waitFor()
    expect(await widthOf(page)).toBe(width)
    await app.shot(page, `list-${width}`)
  })

  it('no more where that is asked for: subscription and destination go', async () => {
    const { page, misdeeds } = await app.visit()
    await thisBrowser(page).getByRole('button', { name: 'Tell this browser no more…' }).click()
    await thisBrowser(page).getByRole('button', { name: 'Yes, tell this browser no more' }).click()
    await thisBrowser(page).getByRole('button', { name: 'Tell me in this browser' }).waitFor()
    expect(await app.destinations()).toEqual([])
    expect(await page.evaluate("localStorage.getItem('push-subscription')")).toBeNull()
    expect(misdeeds).toEqual([])
  })
})

/** What the browser says to the worker when it has given up a subscription. */
function changeOf(before: string, after: string, keys: object): string {
  return `(() => {
    const old = { endpoint: '${before}', options: { applicationServerKey: null } }
    const next = { endpoint: '${after}', toJSON: () => ({ keys: ${JSON.stringify(keys)} }) }
    dispatchEvent(Object.assign(new ExtendableEvent('pushsubscriptionchange'), { oldSubscription: old, newSubscription: next }))
  })()`
}

/** Stands for the part of PushManager that asks a push service; its memory is the tab's storage. */
const PUSH_SERVICE = `(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0)).buffer
  const kept = () => {
    const text = localStorage.getItem('push-subscription')
    if (text === null) return null
    const { endpoint, keys } = JSON.parse(text)
    return {
      endpoint,
      options: { applicationServerKey: bytes(localStorage.getItem('push-key')) },
      toJSON: () => ({ endpoint, keys }),
      unsubscribe: async () => (localStorage.removeItem('push-subscription'), true),
    }
  }
  PushManager.prototype.getSubscription = async () => kept()
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    localStorage.setItem('push-key', applicationServerKey)
    localStorage.setItem('push-subscription', JSON.stringify(await subscribedAt()))
    return kept()
  }
})()`
